"""Provider `eca`: daily values at European stations, ECA&D, one archive per variable."""

from typing import Literal

from pydantic import Field

from downbench.core.config.downloads.station_download import StationDownload


class EcaDownload(StationDownload):
    """ECA&D, blended series, non-commercial."""

    provider: Literal["eca"] = Field(description="ECA&D, blended series of stations")
    url: str = Field(
        default="https://knmi-ecad-assets-prd.s3.amazonaws.com/download",
        description="address of the folder with ECA_blend_rr.zip",
    )


DOWNLOAD = EcaDownload
