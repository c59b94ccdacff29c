"""A region: a fine grid, a coarse one, its drivers, its years, and where the data come from."""

from typing import Literal, Self

from pydantic import Field, PositiveFloat, model_validator

from downbench.core.config.downloads.download import DownloadName
from downbench.core.config.downloads.registry import AnyDownload
from downbench.core.config.region.climate_runs import Climate, problem_of_climate_runs
from downbench.core.config.region.correction_check import problem_of_corrections
from downbench.core.config.region.quantile_mapping import QuantileMapping
from downbench.core.config.region.region_inputs import DriverName, RegionInputs
from downbench.core.config.region.regional_models import Rcm, problem_of_regional_models
from downbench.core.config.region.series_names import problem_of_names
from downbench.core.config.region.source_check import first_problem
from downbench.core.config.region.splits import Splits
from downbench.core.config.region.stations import Stations, problem_of_stations
from downbench.core.config.section import Section
from downbench.core.constants import GCM
from downbench.core.variables import RAIN, near_surface_temperature


class RainTransform(Section):
    """How rain is compressed for the networks; scores and constraints stay in mm day-1."""

    kind: Literal["log1p", "cbrt", "linear"] = Field(
        description="ln(1 + pr / scale), the cube root of pr / scale, or pr itself"
    )
    scale_mm_day: PositiveFloat = Field(description="scale of the compression [mm day-1]")


class Region(RegionInputs):
    """One file of `config/regions/`."""

    title: str = Field(default="", description="heading in figures and report")
    trained_on: tuple[DriverName, ...] = Field(
        default=(), description="drivers that models are trained with, one after the other"
    )
    downloads: dict[DownloadName, AnyDownload] = Field(
        default={}, description="what is fetched from public archives, by name"
    )
    rain_transform: RainTransform = Field(
        default=RainTransform(kind="cbrt", scale_mm_day=1.0),
        description="compression of rain in the space that networks work in",
    )
    splits: Splits = Field(description="years or events for training, validation and test")
    corrections: dict[DriverName, QuantileMapping] = Field(
        default={}, description="quantile maps by name, used by drivers with `corrected_from`"
    )
    climate: Climate | None = Field(
        default=None,
        description="runs of climate models, raw and bias-corrected; null where there are none",
    )
    stations: Stations | None = Field(
        default=None, description="stations that ensembles are scored against; null = none"
    )
    rcms: dict[DriverName, Rcm] = Field(
        default={}, description="regional climate models by name, each a row to compare with"
    )

    @model_validator(mode="after")
    def _training_drivers_exist(self) -> Self:
        if len(set(self.trained_on)) < len(self.trained_on):
            raise ValueError("trained_on lists a driver twice: list each once")
        for name in self.trained_on:
            if name not in self.drivers:
                raise ValueError(
                    f"trained_on names '{name}', which is no driver here: choose among "
                    f"{', '.join(self.drivers)}"
                )
            if self.drivers[name].type == GCM:
                raise ValueError(
                    f"trained_on names '{name}', which is free-running: its days are not those "
                    "of the target, so nothing can be paired: train with another driver"
                )
        return self

    @model_validator(mode="after")
    def _predictors_include_the_targets(self) -> Self:
        for name, driver in self.drivers.items():
            absent = sorted(set(self.targets).difference(driver.predictors))
            if absent:
                raise ValueError(
                    f"drivers.{name}.predictors lacks {', '.join(absent)}: models need the coarse "
                    "value of each variable that they refine: add it"
                )
        return self

    @model_validator(mode="after")
    def _sources_fit(self) -> Self:
        problem = first_problem(self.drivers, self.target, self.climate)
        if problem:
            raise ValueError(problem)
        return self

    @model_validator(mode="after")
    def _corrections_fit_the_drivers(self) -> Self:
        problem = problem_of_corrections(
            self.drivers, self.corrections, self.trained_on, self.splits.by
        )
        if problem:
            raise ValueError(problem)
        return self

    @model_validator(mode="after")
    def _runs_are_drivers(self) -> Self:
        problem = problem_of_climate_runs(self.climate, self.drivers, self.trained_on)
        if problem:
            raise ValueError(problem)
        return self

    @model_validator(mode="after")
    def _references_fit(self) -> Self:
        variables = set(self.targets)
        problem = problem_of_names(self.drivers, self.rcm_runs)
        problem = problem or problem_of_stations(
            self.stations, self.target, variables, self.splits.by
        )
        problem = problem or problem_of_regional_models(self.rcms, self.target, variables)
        if problem:
            raise ValueError(problem)
        return self

    @property
    def corrected_drivers(self) -> tuple[str, ...]:
        """Drivers that are made from another one by a quantile map."""
        return tuple(name for name, driver in self.drivers.items() if driver.corrected_from)

    @property
    def raw_drivers(self) -> tuple[str, ...]:
        """Drivers that are no bias correction of another one."""
        return tuple(name for name, driver in self.drivers.items() if not driver.corrected_from)

    @property
    def free_running_drivers(self) -> tuple[str, ...]:
        """Raw runs of climate models: no other series and no training depends on them."""
        return tuple(name for name in self.raw_drivers if self.drivers[name].type == GCM)

    @property
    def rcm_runs(self) -> tuple[tuple[str, str], ...]:
        """Regional models and the periods that they have."""
        return tuple(
            (name, period)
            for name, rcm in self.rcms.items()
            for period in ("historical", "future")
            if getattr(rcm, period)
        )

    @property
    def pseudo_reality_runs(self) -> tuple[str, ...]:
        """Climate runs of which the sources know the truth, past and future."""
        runs = self.climate.runs if self.climate else {}
        return tuple(
            name
            for name, run in runs.items()
            if all(self.drivers[driver].knows_unbiased_run for driver in run.drivers)
        )

    def offers(self, driver: str) -> frozenset[str]:
        """Return what figures may need: target variables, and data such as a moisture budget."""
        offered = {
            "rain": RAIN in self.targets,
            "temperature": near_surface_temperature(self.targets) is not None,
            "budget": self.drivers[driver].moisture_budget(self.target),
            "stations": self.stations is not None,
            "climate": self.climate is not None,
        }
        return frozenset(name for name, is_offered in offered.items() if is_offered)
