"""Source `synthetic`: the embedded weather generator, and drivers of it with known biases."""

from collections.abc import Iterator
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from downbench.core.config.region.generator import (
    FineNoise,
    Moisture,
    RainDistribution,
    ReanalysisErrors,
    Simulation,
    TemperatureDistribution,
    Terrain,
    Weather,
)
from downbench.core.config.region.generator_regimes import Regimes
from downbench.core.config.region.source import Driver, TargetSource
from downbench.core.config.section import Seed

WEATHER_VARIABLES = ("pr", "tasmax", "uas", "vas")
DAYS_PER_YEAR = 365.25
CASCADES = (2, 4, 8)


class SyntheticTarget(TargetSource):
    """The weather generator: terrain, coarse weather, and fine fields given the coarse day."""

    known_distribution: ClassVar[bool] = True
    invented: ClassVar[bool] = True

    source: Literal["synthetic"] = Field(description="the embedded weather generator")
    seed: Seed = Field(description="seed of terrain, weather and fine noise")
    rows: int = Field(ge=8, description="fine cells from south to north [1]")
    columns: int = Field(ge=8, description="fine cells from west to east [1]")
    first_year: int = Field(description="first calendar year of the target")
    last_year: int = Field(description="last calendar year of the target")
    terrain: Terrain = Field(description="orography and coast")
    weather: Weather = Field(description="coarse process")
    noise: FineNoise = Field(description="random fields of the conditional distribution")
    rain_distribution: RainDistribution = Field(description="fine rain given the coarse day")
    temperature_distribution: TemperatureDistribution = Field(
        description="fine temperature given the coarse day"
    )
    regimes: Literal["none"] | Regimes = Field(
        default="none",
        description="regimes and memory of the fine day; `none`: pixelwise Gaussian noise",
    )
    moisture: Moisture = Field(description="coarse moisture budget")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.last_year < self.first_year:
            raise ValueError(
                f"last_year {self.last_year} lies before first_year {self.first_year}: swap them"
            )
        if self.noise.size < max(self.rows, self.columns) or self.noise.size % 2:
            raise ValueError(f"noise.size {self.noise.size} must be even and hold the fine grid")
        return self

    @property
    def known_cell_density(self) -> bool:
        """Whether temperature of a cell is a known mixture, as it is with regimes."""
        return self.regimes != "none"

    def shape(self) -> tuple[int, int]:
        """Return rows and columns of the fine grid."""
        return self.rows, self.columns

    def problem_of_factor(self, factor: int) -> str | None:
        """Return why the cascade of rain cannot refine by `factor`, if it cannot."""
        if self.regimes == "none" or (factor in CASCADES and self.noise.size % factor == 0):
            return None
        return (
            f"factor {factor} with target.regimes: the cascade halves cells at most three times, "
            f"on a periodic square of noise.size = {self.noise.size} cells: choose a factor of "
            f"{', '.join(map(str, CASCADES))} that divides it, or regimes: none"
        )

    def provides(self) -> frozenset[str]:
        """Return the variables of the generator."""
        return frozenset(WEATHER_VARIABLES)

    def time_steps(self) -> float:
        """Return the number of days, on average over leap years."""
        return DAYS_PER_YEAR * (self.last_year - self.first_year + 1)

    def years(self) -> tuple[int, int]:
        """Return the first and the last year."""
        return self.first_year, self.last_year

    def moisture_budget(self) -> bool:
        """Return True: the budget closes by construction."""
        return True


class SyntheticDriver(Driver):
    """Weather of the target's generator with known errors or biases."""

    source: Literal["synthetic"] = Field(description="the generator of the target")
    errors: ReanalysisErrors | None = Field(
        default=None, description="type reanalysis: its errors on the days of the target"
    )
    simulation: Simulation | None = Field(
        default=None, description="type gcm: the run's years and its biases"
    )

    @property
    def knows_unbiased_run(self) -> bool:
        """Whether the same weather can be generated without the biases."""
        return self.simulation is not None

    def provides(self, target: TargetSource) -> frozenset[str]:
        """Return the variables of the generator."""
        return frozenset(WEATHER_VARIABLES)

    def years(self) -> tuple[int, int] | None:
        """Return the first and the last year of a simulation."""
        run = self.simulation
        return (run.first_year, run.last_year) if run else None

    def problems(self, name: str, target: TargetSource) -> Iterator[str]:
        """Yield what is wrong with the series: another target, or no section for its type."""
        if not isinstance(target, SyntheticTarget):
            yield (
                f"drivers.{name}.source = 'synthetic', but target.source = '{target.source}': "
                "there is no generator to run: name another source"
            )
        key = {"reanalysis": "errors", "gcm": "simulation"}.get(self.type)
        if key is None:
            yield f"drivers.{name} is the block mean of the target: remove `source`"
        for section in ("errors", "simulation"):
            if key and (getattr(self, section) is None) == (section == key):
                yield f"drivers.{name} has type {self.type}: give the section `{key}`, only that"


TARGET, DRIVER = SyntheticTarget, SyntheticDriver
