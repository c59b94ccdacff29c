"""The files of an ensemble that another program has written, and one variable of them."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core.config.model.external_ensemble import EnsembleVariable, ExternalEnsemble
from downbench.core.config.sources.file_variable import EnsembleFileVariable
from downbench.core.errors import UserError
from downbench.sources.files import opening, variable_names
from downbench.sources.files.axes import is_time
from downbench.sources.files.containers import DAMAGE, open_container, reading
from downbench.sources.files.days import SubDailyError
from downbench.sources.files.days_nearby import AbsentDaysError
from downbench.sources.files.placing import placed
from downbench.sources.files.reading import checked, require_time
from downbench.sources.files.reading import on_days as stamped

DIMS = ("time", "member", "y", "x")
TARGET = "the region's target"
LISTED = 3
MOST_VALUES = 2**27
"""Of all members and cells at one time: half a GB."""


@dataclass(frozen=True)
class EnsembleFiles:
    """Files of one ensemble, and the cells and days at which they are read.

    paths : NetCDF files or Zarr stores that follow each other in time
    names : variables, as this project calls them
    options : names and units of variables that the files do not state
    target : (time, y, x), whose cells are read; None for those of the files
    days : (time,) times to read; None for all
    daily : does a value stand for a day?
    """

    paths: Sequence[str]
    names: Sequence[str]
    options: ExternalEnsemble = field(default_factory=ExternalEnsemble)
    target: xr.Dataset | None = None
    days: np.ndarray | None = None
    daily: bool = True

    def entry(self, name: str, first: xr.Dataset) -> EnsembleFileVariable:
        """Return what the files call a variable, by the first of them.

        Raises
        ------
        UserError
            When it has no usual name, or more than one.
        """
        stated = self.options.variables.get(name, EnsembleVariable())
        entry = f"`variables: {{{name}: {{variable: NAME}}}}`"
        fix = f"name it {name} in the file, or in its entry of config/models.yaml: {entry}"
        of_file = stated.variable
        if of_file is None:
            of_file = variable_names.in_file(name, first.data_vars, self.paths[0], fix)
        elif of_file not in first.variables:
            raise UserError(f"{self.paths[0]}: no variable '{of_file}' in the file: {fix}")
        paths = tuple(self.paths)
        return EnsembleFileVariable(path=paths, variable=of_file, units=stated.units)


def opened(path: str) -> xr.Dataset:
    """Open a file lazily; times are the numbers in it.

    Raises
    ------
    UserError
        When it is absent, damaged, or no NetCDF file or Zarr store.
    """
    if not Path(path).exists():
        raise UserError(f"{path}: no such file: name one that exists")
    return open_container(Path(path), None, path)


def label_of(path: str, entry: EnsembleFileVariable) -> str:
    """Return file and variable, as messages begin with."""
    return f"{path}: variable '{entry.variable}'"


def series(files: EnsembleFiles, name: str) -> xr.DataArray:
    """Return one variable, (time, member, y, x) float32; a large one is lazy, along time.

    Raises
    ------
    UserError
        For the first thing that is not as it has to be.
    """
    entry = files.entry(name, opened(files.paths[0]))
    fields = with_days({path: partial(_field, path, entry, name, files) for path in files.paths})
    paths, parts = list(fields), list(fields.values())
    joined = checked(parts, paths, name, entry, files.daily, lazy=True)
    return on_days(joined, files.days, label_of(", ".join(files.paths), entry)).transpose(*DIMS)


def _field(
    path: str, entry: EnsembleFileVariable, name: str, files: EnsembleFiles
) -> xr.DataArray:
    label, dataset = label_of(path, entry), opened(path)
    require_present(dataset, entry, label)
    require_bounded(dataset, entry, label)
    with reading(label, DAMAGE):
        field = opening.variable_of(dataset, entry, name, label)
    require_time(field, label)
    return placed(field, label, files.target, files.days, TARGET)


def with_days(parts: Mapping[str, Callable[[], xr.DataArray]]) -> dict[str, xr.DataArray]:
    """Return the fields of those files that hold some of the days, by path.

    Raises
    ------
    AbsentDaysError
        When none of them does.
    """
    fields, absent = {}, None
    for path, part in parts.items():
        try:
            fields[path] = part()
        except AbsentDaysError as error:
            absent = absent or error
    if not fields:
        raise absent
    return fields


def has_days(files: EnsembleFiles) -> bool:
    """Return whether a file holds a day, or cannot be understood; no value is read."""
    answers = []
    for name in files.names:
        try:
            answers.append(any(np.isin(t, files.days).any() for t in _times(files, name)))
        except AbsentDaysError:
            answers.append(False)
        except UserError:
            continue
    return any(answers) or not answers


def is_sub_daily(files: EnsembleFiles) -> bool:
    """Return whether values stand for less than a day; no value is read."""
    try:
        list(_times(files, files.names[0]))
    except SubDailyError:
        return True
    except UserError:
        return False
    return False


def _times(files: EnsembleFiles, name: str) -> Iterator[np.ndarray]:
    """Yield the times of a variable, those near the days, of each file that has some."""
    elsewhere = replace(files, target=None)
    entry = files.entry(name, opened(files.paths[0]))
    parts = {path: partial(_field, path, entry, name, elsewhere) for path in files.paths}
    for path, part in with_days(parts).items():
        cell = part.isel({dim: 0 for dim in part.dims if dim != "time"})
        yield stamped(cell, name, files.daily, path)["time"].values


def require_bounded(dataset: xr.Dataset, entry: EnsembleFileVariable, label: str) -> None:
    """Refuse a variable with more values per time than memory has room for, by its header."""
    field = dataset[entry.variable]
    sizes = {str(dim): size for dim, size in field.sizes.items() if not is_time(dataset, dim)}
    if math.prod(sizes.values()) > MOST_VALUES:
        listing = " × ".join(f"{size} {dim}" for dim, size in sizes.items())
        raise UserError(
            f"{label}: {listing} are more than {MOST_VALUES} values at one time: write the cells "
            "of the region alone"
        )


def require_present(dataset: xr.Dataset, entry: EnsembleFileVariable, label: str) -> None:
    """Refuse a file without the variable, or with another type than numbers."""
    if entry.variable not in dataset.variables:
        raise UserError(f"{label} is absent: write it into each of the files")
    opening.require_numbers(dataset, entry, label)


def on_days(field: xr.DataArray, days: np.ndarray | None, label: str) -> xr.DataArray:
    """Return a series on some days.

    Raises
    ------
    UserError
        When one of them is absent.
    """
    if days is None:
        return field
    absent = days[~np.isin(days, field["time"].values)]
    if absent.size:
        listing = ", ".join(str(day)[:10] for day in absent[:LISTED])
        raise UserError(
            f"{label}: {absent.size} of the {days.size} scored days are absent, first {listing}: "
            "all models of a comparison are scored on the same days: give it every day of the "
            "split"
        )
    return field.sel(time=days)
