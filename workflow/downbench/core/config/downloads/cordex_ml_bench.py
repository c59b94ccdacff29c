"""Provider `cordex-ml-bench`: the training data of CORDEX-ML-Bench, 16 x 16 to 128 x 128 cells."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from downbench.core.config.downloads.download import Download, Estimate

FIELDS = {"target": ("pr", "tasmax"), "predictors": ("ta850", "hus850", "zg500")}
ARCHIVE_GB = 5.0
"""Size of the archive of a domain [GB]."""


class CordexMlBenchDownload(Download):
    """One domain's predictors or target; the archive of the domain is fetched for each."""

    offered = FIELDS["target"] + FIELDS["predictors"]
    cell_degrees: ClassVar[float] = 0.11
    latency_days: ClassVar[int | None] = None

    provider: Literal["cordex-ml-bench"] = Field(description="CORDEX-ML-Bench from Zenodo")
    url: str = Field(
        default="https://zenodo.org/api/records/17957264", description="address of the record"
    )
    domain: Literal["ALPS", "NZ", "SA"] = Field(description="domain")
    experiment: Literal["ESD_pseudo_reality", "Emulator_hist_future"] = Field(
        description="training set: 1961-1980, or also 2080-2099"
    )
    fields: Literal["target", "predictors"] = Field(
        description="fine fields (pr, tasmax) or coarse ones (ta850, hus850, zg500)"
    )

    @model_validator(mode="after")
    def _of_one_grid(self) -> Self:
        absent = [name for name in self.variables if name not in FIELDS[self.fields]]
        if absent:
            raise ValueError(
                f"fields = {self.fields} has no {', '.join(absent)}: use some of "
                f"{', '.join(FIELDS[self.fields])}, or make a second download"
            )
        return self

    def parts_of(self, variable: str) -> tuple[str, ...]:
        """Return the only part: the archive is fetched once for all variables and years."""
        return (self.fields,)

    def estimate(self) -> Estimate:
        """Return what the download takes: the archive of the domain, at 5 MB/s."""
        daily = super().estimate()
        minutes = ARCHIVE_GB * 1e9 / 5e6 / 60
        size = daily.gigabytes + ARCHIVE_GB
        return Estimate(2, daily.fields, size, minutes, ARCHIVE_GB)


DOWNLOAD = CordexMlBenchDownload
