"""An ensemble and a reference from any two files or datasets, on the same cells."""

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from downbench.core import contract
from downbench.core.completion import completed
from downbench.core.config.sources.file_variable import EnsembleFileVariable, FileVariable
from downbench.core.consistency import report
from downbench.core.consistency.series_pair import coarse_run
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.core.spatial.cell_corners import cell_areas
from downbench.core.variables import TARGETS, VARIABLES
from downbench.sources.files import common_times, variable_names
from downbench.sources.files.containers import open_container
from downbench.sources.files.opening import variable_of
from downbench.sources.files.placing import placed
from downbench.sources.files.reading import series_of

IN_MEMORY = (xr.Dataset, xr.DataArray)
Source = str | Path | xr.Dataset | xr.DataArray
"""A NetCDF file, a Zarr store, or data in memory or of dask."""

UNKNOWN = {
    "driver": "unknown",
    "split": "unknown",
    "fit_years": "[]",
    "seed_policy": "unknown: made elsewhere",
}
"""Attributes of an ensemble whose file states none."""
RENAME = "rename the variable to one of these names"


def read_pair(
    ensemble: Source, reference: Source, expected: Mapping[str, Any] | None = None
) -> tuple[xr.Dataset, xr.Dataset]:
    """Return (time, member, y, x) and (time, y, x) in the units of the data contract.

    Zarr stores of the data contract are read as they are, lazily. Of anything else, target
    variables are recognised by usual names, and axes, units and days as for the files of regions;
    they are read at once. The coarser domain may be the larger one: the ensemble is taken at the
    cells of a store, any other reference at the cells and days of the ensemble.

    Parameters
    ----------
    ensemble, reference
        With at least one variable in common.
    expected
        What stores have to say of themselves (`core.expected_data`).

    Raises
    ------
    UserError
        Naming file, variable and fix.
    """
    ensemble, reference = map(_located, (ensemble, reference))
    if _is_store(reference, "target"):
        target = stores.read(Path(reference), "target", expected)
        samples = _ensemble(ensemble, target, target["time"].values, expected)
        if not _is_store(ensemble, "ensemble"):
            _warn_of_weather(samples, target)
        return samples, target
    samples = _ensemble(ensemble, None, _days(reference), expected)
    target = _reference(reference, samples)
    _warn_of_weather(samples, target)
    return samples, target


def _located(source: Source) -> Source:
    """Return data as they are, and a path with the home folder in place of `~`."""
    return source if isinstance(source, IN_MEMORY) else Path(source).expanduser()


def _is_store(source: Source, kind: str) -> bool:
    """Whether a path is a Zarr store whose variables have the dims of the data contract."""
    if isinstance(source, IN_MEMORY):
        return False
    path = Path(source)
    if not path.exists():
        return path.suffix in ("", ".zarr")  # reported by the reader of stores
    if not path.is_dir():
        return False
    try:
        opened = open_container(path, None, str(path))
    except UserError:
        return True
    present = [opened[name] for name in TARGETS if name in opened]
    return not present or any(field.dims == contract.DIMS[kind] for field in present)


def _ensemble(
    source: Source,
    target: xr.Dataset | None,
    days: np.ndarray | None,
    expected: Mapping[str, Any] | None,
) -> xr.Dataset:
    if _is_store(source, "ensemble"):
        return stores.read(Path(source), "ensemble", expected)
    dataset, label = _opened(source, "the ensemble")
    place = partial(placed, grid=target, days=days)
    samples = _fields(dataset, EnsembleFileVariable, place, label)
    samples = samples.assign_coords(member=np.arange(samples.sizes["member"]))
    attributes = {"model": Path(label).stem, **UNKNOWN, **dataset.attrs}
    if "fit_years" not in dataset.attrs:
        print(
            f"warning: {label} has no attribute fit_years: its model is assumed to have learned "
            "from none of the scored years",
            file=sys.stderr,
        )
    return _checked(samples.assign_attrs(attributes), "ensemble", label)


def _reference(source: Source, samples: xr.Dataset) -> xr.Dataset:
    dataset, label = _opened(source, "the reference")
    days = samples["time"].values
    place = partial(placed, grid=samples, days=days)
    fields = _fields(dataset, FileVariable, place, label)
    static = {n: _static(dataset, n, samples, label) for n in contract.STATIC if n in dataset}
    fields = fields.assign(static)
    if "cell_area" not in fields:
        area = (("y", "x"), cell_areas(samples), {"units": VARIABLES["cell_area"].units})
        fields = fields.assign(cell_area=area)
    if "orog" not in fields:
        unknown = np.full(samples["lat"].shape, np.nan, np.float32)
        fields = fields.assign(orog=(("y", "x"), unknown, {"units": VARIABLES["orog"].units}))
    return _checked(fields.assign_attrs(dataset.attrs), "target", label)


def _opened(source: Source, what: str) -> tuple[xr.Dataset, str]:
    """Return a dataset whose times are numbers or numpy dates, and its name for messages."""
    if isinstance(source, xr.DataArray):
        source = source.to_dataset(name=source.name or "unnamed")
    if not isinstance(source, xr.Dataset):
        if not Path(source).exists():
            raise UserError(f"{source}: no such file: name one that exists")
        return open_container(Path(source), None, str(source)), str(source)
    coder = xr.coders.CFDatetimeCoder()
    dates = {n: c for n, c in source.variables.items() if c.dtype.kind == "O"}
    return source.assign_coords({n: coder.encode(c, n) for n, c in dates.items()}), what


def _fields(
    dataset: xr.Dataset,
    entry: type[FileVariable],
    place: Callable[[xr.DataArray, str], xr.DataArray],
    label: str,
) -> xr.Dataset:
    daily = str(dataset.attrs.get("frequency", contract.DAILY)) == contract.DAILY
    series = {
        name: series_of(dataset, name, entry(path="", variable=variable), daily, place, label)
        for name, variable in _names(dataset, label).items()
    }
    grid = ("member", "y", "x") if entry.has_members else ("y", "x")
    merged = common_times.merged(series, f"{label}: variables").transpose("time", *grid)
    return merged.drop_attrs(deep=False)


def _names(dataset: xr.Dataset, label: str) -> dict[str, str]:
    """Return the target variables of a dataset, by the project's names for them."""
    names = {name: variable_names.usual(name, dataset.data_vars) for name in TARGETS}
    names = {name: found[0] for name, found in names.items() if len(found) == 1}
    if not names:
        present = ", ".join(map(str, dataset.data_vars))
        raise UserError(f"{label} holds none of {', '.join(TARGETS)} but {present}: {RENAME}")
    return names


def _days(source: Source) -> np.ndarray | None:
    """Return the times of a reference without its values; None where it has none."""
    dataset, label = _opened(source, "the reference")
    name, variable = next(iter(_names(dataset, label).items()))
    label = f"{label}: variable '{variable}'"
    field = variable_of(dataset, FileVariable(path="", variable=variable), name, label)
    return field["time"].values if "time" in field.dims else None


def _warn_of_weather(samples: xr.Dataset, target: xr.Dataset) -> None:
    """Print what shows that size, days or orientation of the first member are not the target's."""
    common = target.isel(time=np.isin(target["time"].values, samples["time"].values))
    if not common.sizes["time"]:
        return  # reported where both are aligned
    try:
        report.check(coarse_run(samples, common, 1), common, 1, "the ensemble", shares_days=True)
    except UserError as error:
        print(f"warning: {error}\nscores follow of the data as they are", file=sys.stderr)


def _static(dataset: xr.Dataset, name: str, grid: xr.Dataset, label: str) -> xr.DataArray:
    entry, place = FileVariable(path="", variable=name), partial(placed, grid=grid)
    return series_of(dataset.reset_coords(name) if name in dataset.coords else dataset,
                     name, entry, True, place, label).drop_vars(("lat", "lon"))  # fmt: skip


def _checked(dataset: xr.Dataset, kind: str, label: str) -> xr.Dataset:
    dataset = completed(dataset, kind)
    contract.check(dataset, kind, label=label)
    return dataset
