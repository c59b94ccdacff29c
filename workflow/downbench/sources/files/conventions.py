"""How the names, axes and units of an ensemble's files are understood."""

from collections.abc import Iterator

import numpy as np
import xarray as xr

from downbench.core.breaches import Breaches
from downbench.core.variables import VARIABLES
from downbench.sources.files import members
from downbench.sources.files.containers import reading
from downbench.sources.files.ensemble_files import EnsembleFiles, opened

EAST = 180.0


def notes(files: EnsembleFiles) -> Iterator[str]:
    """Yield what differs from the data contract in the first file, and is read all the same."""
    ignored = Breaches()
    with ignored.of("", ""), reading(files.paths[0]):
        yield from _of_file(files, ignored)


def _of_file(files: EnsembleFiles, ignored: Breaches) -> Iterator[str]:
    dataset = ignored.attempt("", "", opened, files.paths[0])
    if dataset is None:
        return
    for name in files.names:
        entry = ignored.attempt("", name, files.entry, name, dataset)
        if entry is not None:
            yield from _of_variable(name, dataset[entry.variable])
    yield from _of_axes(dataset)


def _of_variable(name: str, field: xr.DataArray) -> Iterator[str]:
    if field.name != name:
        yield f"'{field.name}' is read as {name}"
    units, contract = str(field.attrs.get("units", "")), VARIABLES[name].units
    if units not in ("", contract):
        yield f"{name}: '{units}' is read as {contract}"
    if not any(members.is_axis(field, str(dim)) for dim in field.dims):
        yield f"{name}: no axis of members in {field.dims}: it counts as one member"


def _of_axes(dataset: xr.Dataset) -> Iterator[str]:
    for name in map(str, dataset.coords):
        values = dataset[name].values
        if values.dtype.kind not in "fiu" or values.ndim != 1 or values.size < 2:
            continue
        if name.lower().startswith("lat") and (np.diff(values) < 0).all():
            yield f"{name} runs from north to south: rows are turned"
        if name.lower().startswith("lon") and values.max() > EAST:
            yield f"{name} runs to {values.max():g}: longitudes are read as -180…180"
