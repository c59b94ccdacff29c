"""Provider `cmip6`: daily values of climate models from public stores, without an account."""

from dataclasses import replace
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from downbench.core.config.cmip6_selection import (
    BUCKET,
    HISTORICAL,
    LAST_HISTORICAL,
    read_selection,
    stores_of,
)
from downbench.core.config.downloads.download import (
    BYTES_PER_VALUE,
    Download,
    Estimate,
    days_of_year,
    transferring,
)
from downbench.core.variables import VARIABLES


class Cmip6(Download):
    """One run of a climate model: one experiment and member."""

    cell_degrees: ClassVar[float] = 1.0
    latency_days: ClassVar[int | None] = None

    provider: Literal["cmip6"] = Field(description="the CMIP6 stores in the cloud")
    model: str = Field(description="model, as in config/cmip6.csv")
    experiment: str = Field(description="experiment, such as historical, ssp245, ssp585")
    member: str | None = Field(
        default=None, description="member, such as r1i1p1f1; null = the only one that is listed"
    )
    url: str = Field(
        default=BUCKET,
        description=f"what stands for {BUCKET} at the start of each store: a mirror",
    )
    stores: dict[str, str] = Field(
        default={}, description="stores by variable; {} = those of config/cmip6.csv"
    )

    @model_validator(mode="before")
    @classmethod
    def _frozen(cls, data: Any) -> Any:
        """Take the stores from the frozen selection, so that a job depends on its own rows."""
        run = [data.get(key) for key in ("model", "experiment")] if isinstance(data, dict) else []
        named = data.get("variables") if isinstance(data, dict) else None
        if _is_incomplete(run, named) or data.get("stores"):
            return data
        names = {name: archived_name(name) for name in named if name in VARIABLES}
        stores = stores_of(*run, data.get("member"), names, read_selection())
        return {**data, "stores": stores}

    @model_validator(mode="after")
    def _in_the_experiment(self) -> Self:
        years = sorted(self.years)
        is_historical = self.experiment == HISTORICAL
        if years[-1] > LAST_HISTORICAL if is_historical else years[0] <= LAST_HISTORICAL:
            raise ValueError(
                f"years {years[0]} to {years[-1]}: {HISTORICAL} ends in {LAST_HISTORICAL}, "
                "scenarios begin a year later: make two downloads"
            )
        missing = [name for name in self.variables if name not in self.stores]
        if missing:
            raise ValueError(f"stores lacks {', '.join(missing)}: add it there")
        return self

    def parts_of(self, variable: str) -> tuple[str, ...]:
        """Return one part for each decade: chunks of the stores hold several years."""
        return tuple(f"{variable}_{label}" for label in self._decades())

    def years_of(self, part: str) -> tuple[int, ...]:
        """Return the years of a part."""
        decades = self._decades()
        return decades.get(part.rpartition("_")[2], self.years)

    def of_part(self, part: str) -> Self:
        """Return the request of one part, with its own store only."""
        request = super().of_part(part)
        stores = {name: self.stores[name] for name in request.variables}
        return request.model_copy(update={"stores": stores})

    def has_gaps(self, variable: str) -> bool:
        """Return whether a variable lies on a pressure level, which mountains may reach."""
        return VARIABLES[variable].level_hpa is not None

    def read_gigabytes(self) -> float:
        """Return the size of the chunks that are read, before compression [GB], about."""
        cells = 180 * 360 / self.cell_degrees**2
        days = sum(map(days_of_year, self.years))
        return len(self.variables) * days * cells * BYTES_PER_VALUE / 1e9

    def estimate(self) -> Estimate:
        """Return what the download takes: a box costs as much time as the globe does."""
        return transferring(replace(super().estimate(), minutes=0.0), self.read_gigabytes())

    def store_of(self, variable: str) -> str:
        """Return the address of the store of a variable."""
        store = self.stores[variable]
        if store.startswith(f"{BUCKET}/"):
            return self.url.rstrip("/") + store.removeprefix(BUCKET)
        return store

    def _decades(self) -> dict[str, tuple[int, ...]]:
        """Return years in a row of each decade (1981 to 1990) by label, such as 1985-1990."""
        rows: list[list[int]] = []
        for year in sorted(self.years):
            if rows and rows[-1][-1] == year - 1 and year % 10 != 1:
                rows[-1].append(year)
            else:
                rows.append([year])
        return {"-".join(dict.fromkeys(map(str, (r[0], r[-1])))): tuple(r) for r in rows}


def archived_name(variable: str) -> str:
    """Return what CMIP6 calls a variable; one on a pressure level without the level."""
    level = VARIABLES[variable].level_hpa
    return variable if level is None else variable.removesuffix(f"{level:g}")


def _is_incomplete(run: list[Any], variables: Any) -> bool:
    """Return whether keys are absent or wrong, which other messages name."""
    is_run = bool(run) and all(isinstance(word, str) for word in run)
    return not is_run or not isinstance(variables, list | tuple)


DOWNLOAD = Cmip6
