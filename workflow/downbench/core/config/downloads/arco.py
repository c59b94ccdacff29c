"""Provider `arco`: hourly ERA5 from the public analysis-ready Zarr store, without an account.

One chunk holds one hour of the globe, so a box costs as much as the globe does.
"""

import math
from typing import ClassVar, Literal, Self

from pydantic import Field, PositiveFloat, model_validator

from downbench.core.config.downloads.cds import VARIABLES as ERA5
from downbench.core.config.downloads.download import (
    STATIC,
    Download,
    Estimate,
    days_of_year,
    transferring,
)
from downbench.core.variables import VARIABLES

STORE = "gs://gcp-public-data-arco-era5/ar/full_37-1h-0p25deg-chunk-1.zarr-v3"
HOURS = 24
BYTES_PER_HOUR = 721 * 1440 * 4
"""Values of one chunk of one level, before compression."""

LEVELS = 37


class Arco(Download):
    """Daily values of hourly ERA5."""

    offered: ClassVar[tuple[str, ...]] = tuple(name for name in ERA5 if name not in STATIC)
    handling = ("accept_gigabytes",)

    provider: Literal["arco"] = Field(description="the analysis-ready ERA5 store in the cloud")
    url: str = Field(default=STORE, description="address of the store, or of a mirror of it")
    accept_gigabytes: PositiveFloat = Field(
        default=10.0,
        description="most that may be read, before compression: a year of a surface variable is "
        "36 GB, of a variable on levels 37 times as much, for any box [GB]",
    )

    @model_validator(mode="after")
    def _accepted(self) -> Self:
        size = self.read_gigabytes()
        if size > self.accept_gigabytes:
            raise ValueError(
                f"{self.hours()} chunks of the globe are read, {size:.0f} GB before compression: "
                "take the provider cds-daily, fewer years or variables, or agree with "
                f"`accept_gigabytes: {math.ceil(size)}`"
            )
        return self

    def has_gaps(self, variable: str) -> bool:
        """Return False: ERA5 has all values."""
        return False

    def hours(self) -> int:
        """Return the number of chunks that are read."""
        return HOURS * sum(map(days_of_year, self.years)) * len(self.variables)

    def read_gigabytes(self) -> float:
        """Return the size of the chunks that are read, before compression [GB]."""
        levels = sum(1 if VARIABLES[n].level_hpa is None else LEVELS for n in self.variables)
        return levels * HOURS * sum(map(days_of_year, self.years)) * BYTES_PER_HOUR / 1e9

    def estimate(self) -> Estimate:
        """Return what the download takes: one request for each hour of each variable."""
        size = super().estimate().gigabytes
        return transferring(Estimate(self.hours(), self.hours(), size), self.read_gigabytes())


DOWNLOAD = Arco
