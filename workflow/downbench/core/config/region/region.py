"""A region: a fine grid, a coarse one, its drivers, its years, and where the data come from."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, PositiveFloat, field_validator, model_validator

from downbench.core.config.model.model import DriverType, Source
from downbench.core.config.region.climate_runs import Climate, misfit
from downbench.core.config.region.correction_check import mistake
from downbench.core.config.region.files import Files
from downbench.core.config.region.quantile_mapping import QuantileMapping
from downbench.core.config.region.regional_models import Rcm
from downbench.core.config.region.regional_models import misfit as rcms_misfit
from downbench.core.config.region.source_check import lack
from downbench.core.config.region.splits import Splits
from downbench.core.config.region.stations import Stations
from downbench.core.config.region.stations import misfit as stations_misfit
from downbench.core.config.region.synthetic import SyntheticOptions
from downbench.core.config.section import Section
from downbench.core.variable import FILE
from downbench.core.variables import RAIN, TARGETS, near_surface_temperature

DriverName = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class Driver(Section):
    """A coarse input series of the region."""

    type: DriverType = Field(
        description="what it allows: perfect = block means of the target; reanalysis = the same "
        "days seen with error; free-running = other weather, so distributional scores only"
    )
    predictors: tuple[str, ...] = Field(
        min_length=1, description="its variables that models see, by their CMIP names"
    )
    corrected_from: str | None = Field(
        default=None, description="another driver, of which this is the bias-corrected series"
    )
    correction: str | None = Field(
        default=None, description="the entry of `corrections` that corrects it"
    )


class RainTransform(Section):
    """How rain is compressed for the networks; scores and constraints stay in mm day-1."""

    kind: Literal["log1p", "cbrt", "linear"] = Field(
        description="ln(1 + pr / scale), the cube root of pr / scale, or pr itself"
    )
    scale_mm_day: PositiveFloat = Field(description="scale of the compression [mm day-1]")


class Place(Section):
    """What the data of a region are made from: its grids, its drivers, and their source."""

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="the file's own name")
    source: Source = Field(description="module of sources/ that makes the data")
    targets: tuple[str, ...] = Field(
        min_length=1,
        description="variables that are downscaled, by their names in core/variables.py",
    )
    factor: int = Field(ge=2, description="fine cells along one side of a coarse cell [1]")
    resolution_km: PositiveFloat = Field(description="mean spacing of the fine grid [km]")
    year_start_month: int = Field(
        ge=1, le=12, description="month in which a year begins; 12 names a winter by its January"
    )
    drivers: dict[DriverName, Driver] = Field(min_length=1, description="coarse series by name")
    data_dir: str = Field(
        default="", description="folder of the real data, filled in from config/default.yaml"
    )
    synthetic: SyntheticOptions | None = Field(
        default=None, description="the weather generator, where source is 'synthetic'"
    )
    files: Files | None = Field(
        default=None, description="the files read, where source is 'files'"
    )

    @model_validator(mode="before")
    @classmethod
    def _no_temperature_key(cls, section: Any) -> Any:
        if isinstance(section, dict) and "temperature" in section:
            name = section["temperature"]
            targets = ", ".join([RAIN, *([name] if name else [])])
            raise ValueError(
                f"temperature is now targets: [{targets}]: write that in place of temperature"
            )
        return section

    @field_validator("targets")
    @classmethod
    def _targets_in_the_table(cls, targets: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(targets)) < len(targets):
            raise ValueError("a variable is listed twice: list each once")
        for name in targets:
            if name not in TARGETS:
                raise ValueError(
                    f"no target variable '{name}' in the table of variables: use some of "
                    f"{', '.join(TARGETS)}, or complete its row in {FILE}"
                )
        return targets

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        wanted, other = self.source, "files" if self.source == "synthetic" else "synthetic"
        if getattr(self, wanted) is None:
            raise ValueError(
                f"source is '{wanted}' but the section '{wanted}:' is missing: add it"
            )
        if getattr(self, other) is not None:
            raise ValueError(f"source is '{wanted}', so remove the section '{other}:'")
        return self

    @model_validator(mode="after")
    def _divisible(self) -> Self:
        shape = self._fine_shape()
        if shape and any(size % self.factor for size in shape):
            raise ValueError(
                f"factor {self.factor} does not divide the fine grid of {shape[0]} x {shape[1]} "
                "cells: choose a factor that does, or crop the grid to a multiple of it"
            )
        if shape and any(size % 2 for size in shape):
            raise ValueError(
                f"the fine grid of {shape[0]} x {shape[1]} cells has an odd side, and networks "
                "fold two cells into one: crop it to even numbers of rows and columns"
            )
        return self

    def _fine_shape(self) -> tuple[int, int] | None:
        """Rows and columns of the fine grid, where the configuration tells them."""
        if self.synthetic is not None:
            return self.synthetic.rows, self.synthetic.columns
        return getattr(self.files, "fine_shape", None)


class Region(Place):
    """One file of `config/regions/`."""

    title: str = Field(default="", description="heading in figures and report")
    trained_on: tuple[DriverName, ...] = Field(
        default=(), description="drivers that models are trained with, one after the other"
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
        description="runs of climate models, raw and mapped; null where there are none",
    )
    stations: Stations | None = Field(
        default=None, description="stations that ensembles are scored against; null = none"
    )
    rcms: dict[DriverName, Rcm] = Field(
        default={}, description="regional climate models by name, each a row to compare with"
    )

    @model_validator(mode="after")
    def _trained_on_own_drivers(self) -> Self:
        for name in self.trained_on:
            if name not in self.drivers:
                raise ValueError(
                    f"trained_on names '{name}', which is no driver here: choose among "
                    f"{', '.join(self.drivers)}"
                )
            if self.drivers[name].type == "gcm":
                raise ValueError(
                    f"trained_on names '{name}', which is free-running: its days are not those "
                    "of the target, so nothing can be paired: train with another driver"
                )
        return self

    @model_validator(mode="after")
    def _own_variables_among_predictors(self) -> Self:
        for name, driver in self.drivers.items():
            absent = sorted(set(self.targets).difference(driver.predictors))
            if absent:
                raise ValueError(
                    f"drivers.{name}.predictors lacks {', '.join(absent)}: models need the coarse "
                    "value of each variable that they refine: add it"
                )
        return self

    @model_validator(mode="after")
    def _drivers_can_be_made(self) -> Self:
        found = lack(self.drivers, self.files, self.synthetic, self.climate)
        if found:
            raise ValueError(found)
        return self

    @model_validator(mode="after")
    def _maps_fit_the_drivers(self) -> Self:
        found = mistake(self.drivers, self.corrections, self.trained_on, self.splits.by)
        if found:
            raise ValueError(found)
        return self

    @model_validator(mode="after")
    def _runs_are_drivers(self) -> Self:
        found = misfit(self.climate, self.drivers, self.trained_on)
        if found:
            raise ValueError(found)
        return self

    @model_validator(mode="after")
    def _compared_with_what_fits(self) -> Self:
        variables = set(self.targets)
        found = stations_misfit(self.stations, self.source, variables, self.splits.by)
        found = found or rcms_misfit(self.rcms, self.source, variables)
        if found:
            raise ValueError(found)
        return self

    @property
    def corrected_drivers(self) -> tuple[str, ...]:
        """Drivers that are made from another one by a quantile map."""
        return tuple(name for name, driver in self.drivers.items() if driver.corrected_from)

    @property
    def free_runs_from_files(self) -> tuple[str, ...]:
        """Raw free-running drivers that are read from files of their own."""
        from_files = self.files.drivers if self.files else {}
        return tuple(name for name in from_files if self.drivers[name].type == "gcm")

    def offers(self, driver: str) -> frozenset[str]:
        """What a figure may need beyond rain: a temperature, a moisture budget of the driver."""
        from_files = self.files.drivers.get(driver, {}) if self.files else {}
        found = {
            "temperature": near_surface_temperature(self.targets) is not None,
            "budget": self.source == "synthetic" or "evspsbl" in from_files,
            "stations": self.stations is not None,
            "climate": self.climate is not None,
        }
        return frozenset(name for name, there in found.items() if there)
