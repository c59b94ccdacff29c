"""The section `stations:` of a region: measurements at points, to score ensembles with."""

from typing import Literal, Self

from pydantic import (
    Field,
    NonNegativeFloat,
    PositiveFloat,
    PositiveInt,
    model_validator,
)

from downbench.core.config.region.source import TargetSource
from downbench.core.config.section import Section, Seed

StationVariableName = Literal["pr", "tas", "tasmax"]


class StationVariable(Section):
    """One measured variable in the file of stations."""

    variable: str = Field(description="the variable's name in that file, on (station, time)")
    units: str | None = Field(
        default=None, description="its unit; null takes the file's units attribute"
    )


class StationFile(Section):
    """A NetCDF file of daily values at stations, with one dimension besides time."""

    path: str | tuple[str, ...] | None = Field(
        default=None,
        description="the file, relative to data_dir or absolute; a list, or a pattern such as "
        "stations_*.nc, for files of the same stations that follow each other in time",
    )
    download: str | None = Field(
        default=None, description="instead of `path`: entry of `downloads` that has the stations"
    )
    variables: dict[StationVariableName, StationVariable] = Field(
        min_length=1, description="measured variables by their names in this project"
    )
    names: str = Field(description="variable that holds the stations' names")
    altitude: str = Field(description="variable that holds their altitude [m]")
    fed_product: tuple[str, ...] | Literal["all"] = Field(
        description="names of the stations that entered the gridded reference, or 'all': "
        "agreement with them is not independent"
    )

    @model_validator(mode="after")
    def _located(self) -> Self:
        if self.path is None and self.download is None:
            raise ValueError("give `path` (a file) or `download` (an entry of `downloads`)")
        return self


class SyntheticStations(Section):
    """Stations of an invented region: target cells at another altitude, with known lapse rate."""

    count: PositiveInt = Field(description="stations, sampled among the land cells [count]")
    seed: Seed = Field(description="seed of the sampling [1]")
    altitude_sd_m: NonNegativeFloat = Field(
        description="standard deviation of the altitude about that of the cell [m]"
    )
    lapse_k_per_km: float = Field(
        description="change of temperature from cell to station with altitude [K km-1]"
    )


class Stations(Section):
    """Stations of a region: exactly one of `file` and `synthetic`."""

    file: StationFile | None = Field(default=None, description="measurements in a file")
    synthetic: SyntheticStations | None = Field(
        default=None, description="stations of the target itself, for an invented region"
    )
    outside: Literal["refuse", "leave-out"] = Field(
        default="refuse",
        description="what to do with stations that no valid cell represents: stop and name "
        "them, or go on without them",
    )
    farthest_km: PositiveFloat = Field(
        description="a cell represents a station up to this distance from its centre [km]"
    )
    density_length_km: PositiveFloat = Field(
        description="stations about this close share their weight in means [km]"
    )
    note: str = Field(
        default="", description="what the stations represent and what they cannot show, in words"
    )

    @model_validator(mode="after")
    def _file_or_synthetic(self) -> Self:
        if (self.file is None) == (self.synthetic is None):
            raise ValueError("give either `file` (measurements) or `synthetic` (target cells)")
        return self


def problem_of_stations(
    stations: Stations | None, target: TargetSource, variables: set[str], split_by: str
) -> str:
    """Return what does not fit the region, with its fix; empty if all does."""
    if stations is None:
        return ""
    if split_by != "year":
        return "stations need years, but splits.by is 'event': remove the section"
    kind = "synthetic" if target.invented else "file"
    if getattr(stations, kind) is None:
        return f"target.source is '{target.source}', so give stations.{kind} alone"
    foreign = sorted(set(stations.file.variables) - variables) if stations.file else []
    if foreign:
        return (
            f"stations.file.variables names {', '.join(foreign)}, which is not downscaled here: "
            "remove it"
        )
    return ""
