"""Keys that all downloads from the Climate Data Store share."""

from typing import ClassVar

from pydantic import Field, PositiveFloat

from downbench.core.config.downloads.download import Download


class CopernicusDownload(Download):
    """A dataset of the Climate Data Store."""

    resources: ClassVar[dict[str, int]] = {"cds_requests": 1}
    handling: ClassVar[tuple[str, ...]] = ("patience_hours",)
    minutes_per_request: ClassVar[float] = 30.0
    is_cut_by_store: ClassVar[bool] = False
    """Whether requests name the box: a file without it is not what was asked for."""
    url: str | None = Field(
        default=None,
        description="address of the API; null = CDSAPI_URL, else that of ~/.cdsapirc, else the "
        "public one",
    )
    patience_hours: PositiveFloat = Field(
        default=24.0, description="wait for one job; the next call goes on with the same job [h]"
    )
