"""An ensemble that another program has written: read on the target's cells, days and units."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import xarray as xr

from downbench.core.config.model.external_ensemble import EnsembleVariable, ExternalEnsemble
from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.config.sources.file_variable import EnsembleFileVariable
from downbench.core.errors import UserError
from downbench.core.spatial.grids import valid_cells
from downbench.sources.files import common_times, curvilinear, variable_names
from downbench.sources.files.days_nearby import days_nearby
from downbench.sources.files.opening import open_file
from downbench.sources.files.reading import label_of, read_series

DIMS = ("time", "member", "y", "x")
LISTED = 3


def read(
    region: RegionInputs,
    files: Sequence[str],
    options: ExternalEnsemble,
    target: xr.Dataset,
    days: np.ndarray,
) -> xr.Dataset:
    """Return the variables of the region's targets, (time, member, y, x) float32.

    Parameters
    ----------
    region
        The region of the ensemble.
    files
        NetCDF files or Zarr stores that follow each other in time.
    options
        Names and units of variables that the files do not state.
    target : (time, y, x)
        Its cells are those of the result; where it never has a value, the result has none.
    days : (time,)
        Times to read; a margin of a day is looked at, too.

    Returns
    -------
    xr.Dataset
        In the units of the data contract, with `lat` and `lon` of the target. Members count from
        0. The attributes are those of the first file.

    Raises
    ------
    UserError
        Naming file, variable and fix when a variable, an axis or a day is absent, a unit is
        unknown, or the cells are not those of the target.
    """
    here = region.model_copy(update={"data_dir": ""})
    opened = open_file(here, files[0])
    _require_same_years(here, files, opened)
    on_target = partial(_on_target, target=target, days=days)
    series = {}
    for name in region.targets:
        entry = _entry(name, files, options, opened)
        field = read_series(here, name, entry, region.target.daily, on_target)
        field = _on_days(field, days, label_of(here, entry)).transpose(*DIMS)
        series[name] = field.where(xr.DataArray(valid_cells(target[name]), dims=("y", "x")))
    merged = common_times.merged(series, f"{files[0]}: variables")
    return merged.assign_coords(
        member=np.arange(merged.sizes["member"]), lat=target["lat"], lon=target["lon"]
    ).assign_attrs(opened.attrs)


def _require_same_years(region: RegionInputs, files: Sequence[str], first: xr.Dataset) -> None:
    """Refuse files of which one states other years of the training than the first."""
    years = str(first.attrs.get("fit_years", "none"))
    for file in files[1:]:
        others = str(open_file(region, file).attrs.get("fit_years", "none"))
        if others != years:
            raise UserError(
                f"{file}: attribute fit_years is {others}, that of {files[0]} is {years}: write "
                "the same years into each file"
            )


def _entry(
    name: str, files: Sequence[str], options: ExternalEnsemble, opened: xr.Dataset
) -> EnsembleFileVariable:
    stated = options.variables.get(name, EnsembleVariable())
    fix = f"name it in config/models.yaml, `variables: {{{name}: {{variable: NAME}}}}`"
    in_file = stated.variable or variable_names.in_file(name, opened.data_vars, files[0], fix)
    return EnsembleFileVariable(path=tuple(files), variable=in_file, units=stated.units)


def _on_target(
    field: xr.DataArray, label: str, target: xr.Dataset, days: np.ndarray
) -> xr.DataArray:
    """Return the days around those that are needed, on the target's cells, lazily."""
    oriented = curvilinear.oriented(curvilinear.on_two_axes(field, label), label)
    near = days_nearby(oriented, days, label)
    return curvilinear.at_cells_of(near, target, label, "the region's target")


def _on_days(field: xr.DataArray, days: np.ndarray, label: str) -> xr.DataArray:
    absent = days[~np.isin(days, field["time"].values)]
    if absent.size:
        listing = ", ".join(str(day)[:10] for day in absent[:LISTED])
        raise UserError(
            f"{label}: {absent.size} of the {days.size} scored days are absent, first {listing}: "
            "all models of a comparison are scored on the same days: give it every day of the "
            "split"
        )
    return field.sel(time=days)
