"""Source `files`: NetCDF files or Zarr stores, with the names and units of their variables."""

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import (
    Field,
    NonNegativeInt,
    PositiveInt,
    model_validator,
)

from downbench.core.config.region.source import Driver, TargetSource
from downbench.core.config.section import Section
from downbench.core.config.sources.file_variable import FileVariable, paths
from downbench.core.config.sources.patches import Patches


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


class FirstCell(Section):
    """Cell in the south-west of the fine grid, whose size is `fine_shape`."""

    row: NonNegativeInt = Field(
        description="row, counted from 0 in the south of the file's grid [cells]"
    )
    column: NonNegativeInt = Field(
        description="column, counted from 0 in the west of the file's grid [cells]"
    )


class FilesTarget(TargetSource):
    """Target read from files: gridded series, or patches cut from frames."""

    source: Literal["files"] = Field(description="files that are named here")
    frequency: str = Field(description="what one time stamp stands for: 'day', '5min', …")
    accumulation_window: str = Field(description="the hours that a value belongs to, in words")
    fine_shape: tuple[PositiveInt, PositiveInt] = Field(
        description="rows and columns of the fine grid after the crop [cells]"
    )
    crop: Crop | None = Field(
        default=None, description="part of the files' grid; null = all of it"
    )
    first_cell: FirstCell | None = Field(
        default=None,
        description="instead of `crop`, the cell of the files' grid that `fine_shape` counts from",
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
    def _one_crop(self) -> Self:
        if self.crop and self.first_cell:
            raise ValueError("`crop` and `first_cell` both cut the grid: give one of them")
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
