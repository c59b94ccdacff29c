"""The section `stations:` of a region: measurements at points, to score ensembles against."""

from typing import Literal, Self

from pydantic import (
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    model_validator,
)

from downbench.core.config.section import Section

Measured = Literal["pr", "tas", "tasmax"]


class StationVariable(Section):
    """One measured variable in the file of stations."""

    variable: str = Field(description="the variable's name in that file, on (station, time)")
    units: str | None = Field(
        default=None, description="its unit; null takes the file's units attribute"
    )


class StationFile(Section):
    """A NetCDF file of daily values at stations, with one dimension besides time."""

    path: str = Field(description="the file, relative to data_dir or absolute")
    variables: dict[Measured, StationVariable] = Field(
        min_length=1, description="measured variables by their names in this project"
    )
    names: str = Field(description="variable that holds the stations' names")
    altitude: str = Field(description="variable that holds their altitude [m]")
    fed_product: tuple[str, ...] | Literal["all"] = Field(
        description="names of the stations that the gridded truth was made from, or 'all': what "
        "they agree with is not independent"
    )


class DrawnStations(Section):
    """Stations of a made-up region: its truth, moved to another altitude at a known rate."""

    count: PositiveInt = Field(description="stations, drawn among the land cells [count]")
    seed: NonNegativeInt = Field(description="seed of the draw [1]")
    altitude_sd_m: NonNegativeFloat = Field(
        description="standard deviation of the altitude about that of the cell [m]"
    )
    lapse_k_per_km: float = Field(
        description="change of temperature from cell to station with altitude [K km-1]"
    )


class Stations(Section):
    """Stations of a region: exactly one of `file` and `drawn`."""

    file: StationFile | None = Field(default=None, description="measurements in a file")
    drawn: DrawnStations | None = Field(
        default=None, description="stations of the truth itself, where the source is 'synthetic'"
    )
    outside: Literal["refuse", "leave-out"] = Field(
        default="refuse",
        description="what to do with stations that no cell of the truth stands for: stop and name "
        "them, or go on without them",
    )
    farthest_km: PositiveFloat = Field(
        description="a cell stands for a station up to this distance from its centre [km]"
    )
    density_length_km: PositiveFloat = Field(
        description="stations about this close share their weight in means [km]"
    )
    note: str = Field(
        default="", description="what the stations stand for and what they cannot tell, in words"
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.file is None) == (self.drawn is None):
            raise ValueError("give either `file` (measurements) or `drawn` (points of the truth)")
        return self


def misfit(stations: Stations | None, source: str, variables: set[str], split_by: str) -> str:
    """What does not fit the region, with its fix; empty where all does."""
    if stations is None:
        return ""
    if split_by != "year":
        return "stations need years, but splits.by is 'event': remove the section"
    wanted = "drawn" if source == "synthetic" else "file"
    if getattr(stations, wanted) is None:
        return f"source is '{source}', so give stations.{wanted} alone"
    foreign = sorted(set(stations.file.variables) - variables) if stations.file else []
    if foreign:
        return (
            f"stations.file.variables names {', '.join(foreign)}, which is not downscaled here: "
            "remove it"
        )
    return ""
