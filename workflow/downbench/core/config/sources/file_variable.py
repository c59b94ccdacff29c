"""One variable in files: their paths, and the files that a path or pattern stands for."""

import glob
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar, Self

from pydantic import Field, PositiveFloat, model_validator

from downbench.core.config.section import Section


class FileVariable(Section):
    """One variable in one file."""

    has_members: ClassVar[bool] = False
    """Whether an axis of members is kept."""

    path: str | tuple[str, ...] | None = Field(
        default=None,
        description="NetCDF file or Zarr store, relative to data_dir or absolute; a list, or a "
        "pattern such as era5_*.nc, for files that follow each other in time",
    )
    download: str | None = Field(
        default=None,
        description="instead of `path`, `variable` and `units`: entry of `downloads` that has the "
        "variable",
    )
    variable: str = Field(default="", description="the variable's name in that file")
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

    @model_validator(mode="after")
    def _located(self) -> Self:
        if self.download is None and (self.path is None or not self.variable):
            raise ValueError(
                "give `path` (a file) and `variable` (its name there), or `download` (an entry of "
                "`downloads`)"
            )
        return self


class EnsembleFileVariable(FileVariable):
    """One variable of an ensemble."""

    has_members: ClassVar[bool] = True


def paths_of(path: str | Iterable[str] | None) -> list[str]:
    """Return the paths and patterns that one entry names; none before a download has them."""
    if path is None:
        return []
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
    return sorted(glob.glob(path, root_dir=folder or None))
