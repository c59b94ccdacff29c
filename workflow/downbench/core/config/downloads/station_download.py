"""What downloads of stations share: one part with all stations of the box."""

from typing import ClassVar

from pydantic import Field, PositiveInt

from downbench.core.config.downloads.download import Download, Estimate

FILE_GB = 0.001
"""Size of the text of a station, about [GB]."""
STATIONS = "stations"
"""Name of the only part."""


class StationDownload(Download):
    """Daily values at stations, for `stations.file.download`."""

    offered: ClassVar[tuple[str, ...]] = ("pr", "tas", "tasmax", "tasmin")
    handling: ClassVar[tuple[str, ...]] = ("most_stations",)

    least_valid_share: float = Field(
        default=0.8,
        ge=0,
        le=1,
        description="stations with values on fewer of the days, in any variable, are left out [1]",
    )
    most_stations: PositiveInt = Field(
        default=300, description="more stations in the box are refused [count]"
    )
    without: tuple[str, ...] = Field(
        default=(), description="identifiers of stations that are left out"
    )

    def parts_of(self, variable: str) -> tuple[str, ...]:
        """Return the only part."""
        return (STATIONS,)

    def estimate(self) -> Estimate:
        """Return the upper limit of what the download takes."""
        requests = self.most_stations + 2
        values = super().estimate().fields * self.most_stations
        return Estimate(requests, requests, 4 * values / 1e9, requests * 0.05, requests * FILE_GB)
