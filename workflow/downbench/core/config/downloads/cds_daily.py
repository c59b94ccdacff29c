"""Download `cds-daily`: daily statistics of ERA5, made by the Climate Data Store."""

from typing import Literal

from pydantic import Field

from downbench.core.config.downloads.cds import Era5Download

UTC = "utc+00:00"


class CdsDailyDownload(Era5Download):
    """The default for pr and tasmax: 24 times fewer fields than hours."""

    provider: Literal["cds-daily"] = Field(
        description="daily statistics of ERA5 from the Climate Data Store"
    )
    time_zone: str = Field(
        default=UTC,
        pattern=r"^utc[+-]\d\d:00$",
        description="zone whose days are meant: with utc-12:00 a day begins at 12 UTC, as that of "
        "PRISM called by its start",
    )

    @property
    def window(self) -> str | None:
        """Hours of a daily value in another zone than UTC."""
        return None if self.time_zone == UTC else f"00-24 of {self.time_zone}"


DOWNLOAD = CdsDailyDownload
