"""Provider `ghcnd`: daily values at stations of the Global Historical Climatology Network."""

from typing import Literal

from pydantic import Field

from downbench.core.config.downloads.station_download import StationDownload


class GhcndDownload(StationDownload):
    """GHCN-Daily, one file per station."""

    provider: Literal["ghcnd"] = Field(description="GHCN-Daily of NOAA, one file per station")
    url: str = Field(
        default="https://www.ncei.noaa.gov/pub/data/ghcn/daily",
        description="address of the folder with ghcnd-stations.txt",
    )


DOWNLOAD = GhcndDownload
