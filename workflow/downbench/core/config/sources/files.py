"""Source `files`: NetCDF files or Zarr stores, with the names and units of their variables."""

import glob
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, Self

from pydantic import (
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    model_validator,
)

from downbench.core.config.region.source import Driver, TargetSource
from downbench.core.config.section import Section, Seed


class FileVariable(Section):
    """One variable in one file."""

    path: str | tuple[str, ...] = Field(
        description="NetCDF file or Zarr store, relative to data_dir or absolute; a list, or a "
        "pattern such as era5_*.nc, for files that follow each other in time"
    )
    variable: str = Field(description="the variable's name in that file")
    group: str | None = Field(
        default=None, description="group of an HDF5 file that holds the variable; null = its root"
    )
    level_hpa: PositiveFloat | None = Field(
        default=None,
        description="pressure level of a variable on several [hPa]; null = that of its name",
    )
    units: str | None = Field(
        default=None,
        description="its unit, such as 'mm day-1', 'kg m-2 s-1', 'm', 'degC'; null takes the "
        "file's units attribute",
    )


class DriverVariable(FileVariable):
    """One variable of a coarse driver, and how it is regridded to the region's coarse grid."""

    method: Literal["conservative", "linear"] = Field(
        description="conservative = area-weighted means, for rain and fluxes; linear = between "
        "cell centres, for smooth fields"
    )


class Crop(Section):
    """Edges of the fine grid: cells with their centre inside are kept.

    On a projected or rotated grid, rows and columns with such a cell are kept.
    """

    south: float = Field(ge=-90, le=90, description="southern edge [degrees north]")
    north: float = Field(ge=-90, le=90, description="northern edge [degrees north]")
    west: float = Field(
        ge=-180, le=360, description="western edge [degrees east]; above `east` across 180 degrees"
    )
    east: float = Field(ge=-180, le=360, description="eastern edge [degrees east]")


class CellCrop(Section):
    """First cell of the fine grid; its size is `fine_shape`."""

    first_row: NonNegativeInt = Field(
        description="row, counted from 0 in the south of the file's grid [cells]"
    )
    first_column: NonNegativeInt = Field(
        description="column, counted from 0 in the west of the file's grid [cells]"
    )


class PatchFile(FileVariable):
    """One file of frames to cut patches from."""

    path: str = Field(description="NetCDF file or Zarr store, relative to data_dir or absolute")
    label: str = Field(
        description="start of the event names: an event is '<label>-<first date>', with '-1', "
        "'-2' … added where several begin on one date"
    )
    event_variable: str | None = Field(
        default=None,
        description="variable(time) that numbers events; null = the file is one event, or is "
        "separated by one of the next two keys",
    )
    event_gap_hours: PositiveFloat | None = Field(
        default=None, description="a longer gap between two frames begins a new event [h]"
    )
    event_hours: PositiveFloat | None = Field(
        default=None,
        description="an event ends after this time, counted from the first frame, and anew after "
        "a gap as long [h]",
    )
    event_pause_hours: NonNegativeFloat = Field(
        default=0.5,
        description="frames left out at the end of each `event_hours`, as neighbouring frames of "
        "two events are nearly the same picture [h]",
    )
    most_patches: PositiveInt = Field(
        description="patches kept of one event, sampled at random [count]"
    )

    @property
    def separates_events(self) -> bool:
        """Whether events follow from the times of the frames."""
        return self.event_gap_hours is not None or self.event_hours is not None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        keys = ("event_variable", "event_gap_hours", "event_hours")
        given = [key for key in keys if getattr(self, key) is not None]
        if len(given) > 1:
            raise ValueError(f"{' and '.join(given)} both separate events: give one of them")
        if self.event_hours is not None and self.event_pause_hours >= self.event_hours:
            raise ValueError(
                f"event_pause_hours = {self.event_pause_hours:g} leaves no frame of event_hours = "
                f"{self.event_hours:g}: lower it"
            )
        return self


class Patches(Section):
    """Square patches cut from large frames, side by side and without overlap."""

    wet_mm_day: PositiveFloat = Field(description="rain rate from which a cell is wet [mm day-1]")
    least_wet_share: float = Field(
        ge=0, le=1, description="a patch has at least this share wet [1]"
    )
    least_valid_share: float = Field(
        gt=0, le=1, description="a patch has at least this share of valid cells [1]"
    )
    seed: Seed = Field(description="seed of the choice of patches [1]")
    files: tuple[PatchFile, ...] = Field(min_length=1, description="files of frames")


def paths_of(path: str | Iterable[str]) -> list[str]:
    """Return the paths and patterns that one entry names."""
    return [path] if isinstance(path, str) else list(path)


def paths(variables: Iterable[FileVariable]) -> list[str]:
    """Return each path or pattern once, in the order of the configuration."""
    named = (path for variable in variables for path in paths_of(variable.path))
    return list(dict.fromkeys(named))


def matching(path: str, folder: str) -> list[str]:
    """Return the files that a path or pattern stands for, relative to `folder`, in order.

    A path without a file is a pattern (with * or ?); nothing may match it.
    """
    if (Path(folder) / path).exists():
        return [path]
    found = glob.glob(path, root_dir=folder or None)
    return sorted(found)


class FilesTarget(TargetSource):
    """Target read from files: gridded series, or patches cut from frames."""

    source: Literal["files"] = Field(description="files that are named here")
    frequency: str = Field(description="what one time stamp stands for: 'day', '5min', …")
    accumulation_window: str = Field(description="the hours that a value belongs to, in words")
    fine_shape: tuple[PositiveInt, PositiveInt] = Field(
        description="rows and columns of the fine grid after the crop [cells]"
    )
    crop: Crop | CellCrop | None = Field(
        default=None,
        description="part of the files' grid, by its edges or by its first cell; null = all of it",
    )
    least_valid_share: float = Field(
        default=1.0,
        ge=0,
        le=1,
        description="a cell missing on more than 1 - this share of the times is masked always [1]",
    )
    variables: dict[str, FileVariable] = Field(
        default={}, description="target variables by their names in this project"
    )
    static: dict[Literal["orog", "land"], FileVariable] = Field(
        default={}, description="static fields; one that is not listed is not given to models"
    )
    patches: Patches | None = Field(
        default=None, description="patches instead of `variables`, for frames of rain"
    )

    @model_validator(mode="after")
    def _series_or_patches(self) -> Self:
        if bool(self.variables) == (self.patches is not None):
            raise ValueError("give either `variables` (gridded series) or `patches` (frames)")
        return self

    @model_validator(mode="after")
    def _square_patches(self) -> Self:
        rows, columns = self.fine_shape
        if self.patches and rows != columns:
            raise ValueError(
                f"fine_shape = [{rows}, {columns}], but networks learn from patches turned by "
                "quarters: make patches square"
            )
        return self

    @property
    def daily(self) -> bool:
        """Whether a value stands for a day."""
        return self.frequency == "day"

    def shape(self) -> tuple[int, int]:
        """Return rows and columns of the fine grid."""
        return self.fine_shape

    def files(self) -> list[str]:
        """Return the files of the target, of its static fields and of its patches."""
        frames = self.patches.files if self.patches else ()
        return paths([*self.variables.values(), *self.static.values(), *frames])

    def provides(self) -> frozenset[str]:
        """Return the variables that are named; of patches, rain."""
        return frozenset(self.variables or ("pr",))

    def time_steps(self) -> float | None:
        """Return the largest number of patches; the length of series stands in their files."""
        return sum(frames.most_patches for frames in self.patches.files) if self.patches else None


class FilesDriver(Driver):
    """Coarse series read from files and regridded to the blocks of the target."""

    source: Literal["files"] = Field(description="files that are named here")
    variables: dict[str, DriverVariable] = Field(
        min_length=1, description="variables by their names in this project"
    )
    least_covered_share: float = Field(
        default=1.0,
        gt=0,
        le=1,
        description="a coarse cell needs this share of its area covered by valid cells [1]",
    )
    regridder: Literal["overlap", "xesmf"] = Field(
        default="overlap",
        description="weights on projected and rotated grids: overlap = of this project; xesmf = "
        "of ESMF, which conda installs (envs/data.yaml)",
    )

    def files(self) -> list[str]:
        """Return the files of all variables."""
        return paths(self.variables.values())

    def provides(self, target: TargetSource) -> frozenset[str]:
        """Return the variables that are named."""
        return frozenset(self.variables)

    def moisture_budget(self, target: TargetSource) -> bool:
        """Return whether evaporation is among the variables."""
        return "evspsbl" in self.variables

    def problems(self, name: str, target: TargetSource) -> Iterator[str]:
        """Yield what is wrong with the series: patches have no other driver than their means."""
        if isinstance(target, FilesTarget) and target.patches:
            yield f"drivers.{name}: patches have only the perfect driver: remove it"


TARGET, DRIVER = FilesTarget, FilesDriver
