"""What the data of a region are made from: grids, target, drivers, and their sources."""

from typing import Annotated, Self

from pydantic import Field, PositiveFloat, field_validator, model_validator

from downbench.core.config.region.source_kinds import AnyDriver, AnyTarget
from downbench.core.config.section import Section
from downbench.core.errors import UserError
from downbench.core.variable import FILE
from downbench.core.variables import TARGETS

DriverName = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class RegionInputs(Section):
    """The part of a region's file that its data depend on."""

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="the file's own name")
    targets: tuple[str, ...] = Field(
        min_length=1,
        description="variables that are downscaled, by their names in core/variables.py",
    )
    factor: int = Field(ge=2, description="fine cells along one side of a coarse cell [1]")
    resolution_km: PositiveFloat = Field(description="mean spacing of the fine grid [km]")
    year_start_month: int = Field(
        ge=1, le=12, description="month in which a year begins; 12 names a winter by its January"
    )
    target: AnyTarget = Field(description="where the target comes from")
    drivers: dict[DriverName, AnyDriver] = Field(
        min_length=1, description="coarse series by name, each with its own source"
    )
    data_dir: str = Field(
        default="", description="folder of the real data, filled in from config/default.yaml"
    )
    origins: dict[str, str] = Field(
        default={},
        description="for each path, where the file comes from; reported when it is absent",
    )

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
    def _divisible(self) -> Self:
        shape = self.target.shape()
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
        problem = self.target.problem_of_factor(self.factor)
        if problem:
            raise ValueError(problem)
        return self

    @model_validator(mode="after")
    def _target_provided(self) -> Self:
        provided = self.target.provides()
        absent = sorted(set(self.targets) - (provided or set()))
        if provided is not None and absent:
            raise ValueError(
                f"target does not provide {', '.join(absent)} (it has "
                f"{', '.join(sorted(provided))}): add the variable there, or take it off targets"
            )
        return self

    def driver(self, name: str) -> AnyDriver:
        """Return a driver by its name.

        Raises
        ------
        UserError
            When the region has no such driver.
        """
        if name not in self.drivers:
            raise UserError(
                f"config/regions/{self.name}.yaml: drivers.{name} is absent: choose one of "
                f"{', '.join(self.drivers)}, or add it"
            )
        return self.drivers[name]

    def module_of_driver(self, driver: str) -> str:
        """Return the module of sources/ that makes a driver."""
        return self.driver(driver).module(self.target)
