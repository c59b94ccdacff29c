"""Download `eobs`: gridded observations of Europe, from the Climate Data Store."""

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

CELLS = {"0.1deg": 705 * 465, "0.25deg": 464 * 201}
STARTS = (1950, 1965, 1980, 1995, 2011)
"""First years of the files that the store offers."""


class EobsDownload(CopernicusDownload):
    """E-OBS, in files of about 15 years that hold all of Europe; the box is cut here."""

    offered = ("pr", "tas", "tasmax", "tasmin", "orog")
    cell_degrees: ClassVar[float] = 0.1

    provider: Literal["eobs"] = Field(description="E-OBS from the Climate Data Store")
    version: str = Field(
        default="31.0e", pattern=r"^\d+\.\d+e$", description="version of E-OBS, such as 31.0e"
    )
    last_year: int = Field(
        default=2024, ge=2011, description="last year of the newest file of that version"
    )
    grid: Literal["0.1deg", "0.25deg"] = Field(default="0.1deg", description="the grid")

    def periods(self) -> dict[str, tuple[int, ...]]:
        """Return the years that are asked for by the file that holds them, `1980-1994`."""
        spans = self._spans()
        years = {f"{a}-{b}": tuple(y for y in self.years if a <= y <= b) for a, b in spans}
        return {period: held for period, held in years.items() if held}

    def _spans(self) -> list[tuple[int, int]]:
        """Return first and last year of each file."""
        ends = (*(start - 1 for start in STARTS[1:]), self.last_year)
        return list(zip(STARTS, ends, strict=True))

    def parts_of(self, variable: str) -> tuple[str, ...]:
        """Return one part for each file of the store."""
        if variable in STATIC:
            return (variable,)
        return tuple(f"{variable}_{period}" for period in self.periods())

    def years_of(self, part: str) -> tuple[int, ...]:
        """Return the years of a part that are asked for."""
        return self.periods().get(part.rpartition("_")[2], self.years)

    def estimate(self) -> Estimate:
        """Return what the download takes: files of all of Europe and of all their years."""
        cut, series = super().estimate(), [n for n in self.variables if n not in STATIC]
        spans = [(a, b) for a, b in self._spans() if f"{a}-{b}" in self.periods()]
        days = sum(days_of_year(year) for a, b in spans for year in range(a, b + 1))
        size = len(series) * days * CELLS[self.grid] * BYTES_PER_VALUE / 1e9
        alone = replace(cut, minutes=cut.requests * self.minutes_per_request)
        return transferring(alone, max(size, cut.gigabytes))


DOWNLOAD = EobsDownload
