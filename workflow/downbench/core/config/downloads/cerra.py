"""Download `cerra`: the regional reanalysis of Europe on its 5.5 km Lambert grid."""

from dataclasses import replace
from typing import ClassVar, Literal

from pydantic import Field

from downbench.core.config.downloads.copernicus import CopernicusDownload
from downbench.core.config.downloads.download import (
    BYTES_PER_VALUE,
    STATIC,
    Estimate,
    days_of_year,
    transferring,
)

FIELDS_PER_DAY, FIELDS_OF_PR = 8, 4
CELLS = 1069 * 1069


class CerraDownload(CopernicusDownload):
    """CERRA: the store sends all of Europe, the box is cut here."""

    offered = ("pr", "tas", "tasmax", "tasmin", "psl", "sfcWind", "hurs", "orog", "land")
    cell_degrees: ClassVar[float] = 0.05

    provider: Literal["cerra"] = Field(description="CERRA from the Climate Data Store")

    def estimate(self) -> Estimate:
        """Return what the download takes; on disk also one part before it is cut."""
        cut = super().estimate()
        series = [name for name in self.variables if name not in STATIC]
        days = sum(map(days_of_year, self.years))
        per_day = sum(FIELDS_OF_PR if name == "pr" else FIELDS_PER_DAY for name in series)
        uncut = 366 * FIELDS_PER_DAY * CELLS * BYTES_PER_VALUE / 1e9 if series else 0.0
        on_disk = replace(
            cut,
            fields=days * per_day,
            gigabytes=cut.gigabytes + uncut,
            minutes=cut.requests * self.minutes_per_request,
        )
        return transferring(on_disk, days * per_day * CELLS * BYTES_PER_VALUE / 1e9)


DOWNLOAD = CerraDownload
