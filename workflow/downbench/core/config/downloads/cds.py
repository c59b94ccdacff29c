"""Download `cds`: hourly ERA5 on single and pressure levels, made daily here."""

from dataclasses import replace
from datetime import date
from typing import Literal, Self

from pydantic import Field

from downbench.core.config.downloads.copernicus import CopernicusDownload
from downbench.core.config.downloads.download import STATIC, Estimate, transferring

VARIABLES = (
    "pr", "tas", "tasmax", "tasmin", "uas", "vas", "psl", "prw", "hus850", "ta850", "zg500",
    "orog", "land",
)  # fmt: skip


class Era5Download(CopernicusDownload):
    """ERA5, whose last two to three months are preliminary."""

    offered = VARIABLES
    handling = ("patience_hours",)
    is_cut_by_store = True

    preliminary: Literal["refuse", "mark"] = Field(
        default="refuse",
        description="preliminary days (expver 0005): refuse = an error; mark = kept, with the "
        "attribute preliminary_from",
    )

    def of_part(self, part: str) -> Self:
        """Return the request of one part: a year that was marked is fetched again when final."""
        request = super().of_part(part)
        is_final = max(request.years) < date.today().year - 1
        return request.model_copy(update={"preliminary": "refuse"}) if is_final else request

    def has_gaps(self, variable: str) -> bool:
        """Return False: ERA5 has all values."""
        return False


class CdsDownload(Era5Download):
    """All hours of ERA5: 24 times the fields of `cds-daily`."""

    provider: Literal["cds"] = Field(description="hourly ERA5 from the Climate Data Store")

    def estimate(self) -> Estimate:
        """Return what the download takes: half a year in a request, one more hour for sums."""
        daily, static = super().estimate(), len(set(self.variables) & set(STATIC))
        series = daily.requests - static
        requests = 2 * series + len(self.years) * ("pr" in self.variables) + static
        hourly = replace(
            daily,
            requests=requests,
            fields=24 * (daily.fields - static) + static,
            minutes=requests * self.minutes_per_request,
        )
        return transferring(hourly, 24 * daily.gigabytes)


DOWNLOAD = CdsDownload
