"""Provider `prism`: daily grids of the United States, one archive per day, without an account."""

from typing import ClassVar, Literal

from pydantic import Field, NonNegativeFloat

from downbench.core.config.downloads.download import Download, Estimate, transferring

DEGREES = {"4km": 1 / 24, "800m": 1 / 120}
FILE_GB = 0.0015
"""Size of an archive at 4 km, about [GB]."""

WINDOWS = {
    "end": "24 hours to 12 UTC of the day",
    "start": "24 hours from 12 UTC of the day",
}
"""Hours of a value by `stamp`."""


class PrismDownload(Download):
    """PRISM of the conterminous United States."""

    offered = ("pr", "tasmax", "tasmin", "tas")
    cell_degrees: ClassVar[float] = DEGREES["4km"]
    handling = ("pause_s",)

    provider: Literal["prism"] = Field(description="the web service of the PRISM Climate Group")
    url: str = Field(
        default="https://services.nacse.org/prism/data/get",
        description="address of the web service",
    )
    resolution: Literal["4km", "800m"] = Field(default="4km", description="spacing of the grid")
    stamp: Literal["end", "start"] = Field(
        default="end",
        description="day of a value, whose 24 hours end at 12 UTC: that of their end, as PRISM "
        "counts, or of their start, which is the day of a maximum temperature in UTC",
    )
    pause_s: NonNegativeFloat = Field(
        default=2.0, description="pause between two files, to spare the service [s]"
    )

    @property
    def window(self) -> str:
        """Hours of a daily value."""
        return WINDOWS[self.stamp]

    def estimate(self) -> Estimate:
        """Return what the download takes: one request for each day of each variable."""
        daily = super().estimate()
        cells = (self.cell_degrees / DEGREES[self.resolution]) ** 2
        minutes = daily.fields * (self.pause_s + 1.0) / 60
        alone = Estimate(daily.fields, daily.fields, daily.gigabytes * cells, minutes)
        return transferring(alone, daily.fields * FILE_GB * cells)


DOWNLOAD = PrismDownload
