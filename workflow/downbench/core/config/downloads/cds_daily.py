"""Download `cds-daily`: daily statistics of ERA5, made by the Climate Data Store."""

from typing import Literal

from pydantic import Field

from downbench.core.config.downloads.cds import Era5Download


class CdsDailyDownload(Era5Download):
    """The default for pr and tasmax: 24 times fewer fields than hours."""

    provider: Literal["cds-daily"] = Field(
        description="daily statistics of ERA5 from the Climate Data Store"
    )


DOWNLOAD = CdsDailyDownload
