"""The files of an ensemble that another program has written, and one variable of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core.breaches import Breaches
from downbench.core.config.model.external_ensemble import EnsembleVariable, ExternalEnsemble
from downbench.core.config.sources.file_variable import EnsembleFileVariable
from downbench.core.errors import UserError
from downbench.sources.files import opening, variable_names
from downbench.sources.files.containers import DAMAGE, open_container, reading
from downbench.sources.files.placing import placed
from downbench.sources.files.reading import checked, require_time

DIMS = ("time", "member", "y", "x")
TARGET = "the region's target"
LISTED = 3


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
        fix = f"name it in config/models.yaml, `variables: {{{name}: {{variable: NAME}}}}`"
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
    fields = [_field(path, entry, name, files) for path in files.paths]
    joined = checked(fields, files.paths, name, entry, files.daily, lazy=True)
    return on_days(joined, files.days, label_of(", ".join(files.paths), entry)).transpose(*DIMS)


def _field(
    path: str, entry: EnsembleFileVariable, name: str, files: EnsembleFiles
) -> xr.DataArray:
    label, dataset = label_of(path, entry), opened(path)
    require_present(dataset, entry, label)
    with reading(label, DAMAGE):
        field = opening.variable_of(dataset, entry, name, label)
    require_time(field, label)
    return placed(field, label, files.target, files.days, TARGET)


def has_days(files: EnsembleFiles) -> bool:
    """Return whether any of the days is in a file, or near; no value is read."""
    elsewhere, ignored, name = replace(files, target=None), Breaches(), files.names[0]
    first = ignored.attempt("", "", opened, files.paths[0])
    entry = None if first is None else ignored.attempt("", "", files.entry, name, first)
    if entry is None:
        return False
    fields = (
        ignored.attempt("", "", _field, path, entry, name, elsewhere) for path in files.paths
    )
    return any(field is not None for field in fields)


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
