"""The section `files:` of a region: which NetCDF or Zarr files hold what, in which unit."""

from typing import Literal, Self

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt, model_validator

from downbench.core.config.section import Section


class FileVariable(Section):
    """One variable in one file."""

    path: str = Field(description="NetCDF file or Zarr store, relative to data_dir or absolute")
    variable: str = Field(description="the variable's name in that file")
    units: str | None = Field(
        default=None,
        description="its unit, such as 'mm day-1', 'kg m-2 s-1', 'm', 'degC'; null takes the "
        "file's units attribute",
    )


class DriverVariable(FileVariable):
    """One variable of a coarse driver, and how it comes to the region's coarse grid."""

    method: Literal["conservative", "linear"] = Field(
        description="conservative = area-weighted means, for rain and fluxes; linear = between "
        "cell centres, for smooth fields"
    )


class Crop(Section):
    """Edges of the fine grid: cells whose centres lie inside are kept."""

    south: float = Field(ge=-90, le=90, description="southern edge [degrees north]")
    north: float = Field(ge=-90, le=90, description="northern edge [degrees north]")
    west: float = Field(ge=-180, le=180, description="western edge [degrees east]")
    east: float = Field(ge=-180, le=180, description="eastern edge [degrees east]")


class PatchFile(FileVariable):
    """One file of frames to cut patches from."""

    label: str = Field(description="start of the event names: an event is '<label>-<first date>'")
    event_variable: str | None = Field(
        default=None,
        description="variable(time) that numbers events; null = the file is one event",
    )
    most_patches: PositiveInt = Field(
        description="patches kept of one event, drawn at random [count]"
    )


class Patches(Section):
    """Square patches cut from large frames, side by side and without overlap."""

    wet_mm_day: PositiveFloat = Field(description="rain rate from which a cell is wet [mm day-1]")
    least_wet_share: float = Field(
        ge=0, le=1, description="a patch has at least this share wet [1]"
    )
    least_valid_share: float = Field(
        gt=0, le=1, description="a patch has at least this share of valid cells [1]"
    )
    seed: NonNegativeInt = Field(description="seed of the draw of patches [1]")
    files: tuple[PatchFile, ...] = Field(min_length=1, description="files of frames")


class Files(Section):
    """Data of a region that are read from files."""

    frequency: str = Field(description="what one time stamp stands for: 'day', '5min', …")
    accumulation_window: str = Field(description="the hours that a value belongs to, in words")
    fine_shape: tuple[PositiveInt, PositiveInt] = Field(
        description="rows and columns of the fine grid after the crop [cells]"
    )
    crop: Crop | None = Field(
        default=None, description="part of the files' grid; null = all of it"
    )
    least_valid_share: float = Field(
        default=1.0,
        ge=0,
        le=1,
        description="a cell missing on more than 1 - this share of the times is masked always [1]",
    )
    least_covered_share: float = Field(
        default=1.0,
        gt=0,
        le=1,
        description="a coarse cell needs this share of its area covered by valid driver cells [1]",
    )
    target: dict[str, FileVariable] = Field(
        default={}, description="target variables by their names in this project"
    )
    static: dict[Literal["orog", "land"], FileVariable] = Field(
        default={}, description="static fields; one that is not listed is not given to models"
    )
    drivers: dict[str, dict[str, DriverVariable]] = Field(
        default={}, description="variables of every driver but the perfect one, by driver"
    )
    patches: Patches | None = Field(
        default=None, description="patches instead of `target`, for frames of rain"
    )
    origins: dict[str, str] = Field(
        default={}, description="for each path, where the file comes from; told when it is absent"
    )

    @model_validator(mode="after")
    def _target_or_patches(self) -> Self:
        if bool(self.target) == (self.patches is not None):
            raise ValueError("give either `target` (gridded series) or `patches` (frames)")
        if self.patches and self.drivers:
            raise ValueError("patches have the perfect driver alone: remove `drivers`")
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
