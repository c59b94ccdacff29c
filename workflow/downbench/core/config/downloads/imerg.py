"""Provider `imerg`: daily satellite rain of the globe, one file per day."""

from typing import ClassVar, Literal

from pydantic import Field

from downbench.core.config.downloads.download import Download, Estimate, transferring

FILE_GB = 0.03
"""Size of a file of the globe, about [GB]."""


class ImergDownload(Download):
    """IMERG, daily; the box is cut here."""

    offered = ("pr",)
    cell_degrees: ClassVar[float] = 0.1

    provider: Literal["imerg"] = Field(description="IMERG from the Goddard Earth Sciences centre")
    url: str = Field(
        default="https://data.gesdisc.earthdata.nasa.gov/data/GPM_L3",
        description="address of the folder with the collections",
    )
    version: Literal["07B", "06"] = Field(default="07B", description="version of IMERG")
    run: Literal["final", "late", "early"] = Field(
        default="final", description="run; only the final one is adjusted to gauges"
    )

    def estimate(self) -> Estimate:
        """Return what the download takes: one file of the globe, about 30 MB, for each day."""
        daily = super().estimate()
        alone = Estimate(daily.fields, daily.fields, daily.gigabytes, daily.fields * 0.05)
        return transferring(alone, daily.fields * FILE_GB)


DOWNLOAD = ImergDownload
