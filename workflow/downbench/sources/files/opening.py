"""The files that a path of the configuration stands for, and a variable in each of them."""

from collections.abc import Sequence
from pathlib import Path

import xarray as xr

from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.config.sources.file_variable import FileVariable, matching, paths_of
from downbench.core.contract import STATIC
from downbench.core.errors import UserError
from downbench.core.variables import variable
from downbench.sources.files import axes, levels, members, origins, projection, times
from downbench.sources.files.containers import groups, open_container

PRELIMINARY = "expver"


def files(region: RegionInputs, path: str | Sequence[str]) -> list[str]:
    """Return the paths of all files that `path` names: one, several, or a pattern such as *.nc.

    Raises
    ------
    UserError
        When a file is absent (with its origin, if the YAML states it), or no file matches.
    """
    paths = []
    for part in paths_of(path):
        names = matching(part, region.data_dir)
        for name in names or [part]:
            file = Path(region.data_dir) / name
            if not file.exists():
                origin = region.origins.get(part, "its provider; the YAML names no origin")
                what = "matches no file" if "*" in part or "?" in part else "is absent"
                raise UserError(
                    f"{region.name}: {file} {what}: get it from {origin}, or set data_dir to "
                    "the folder that holds it"
                )
            paths.append(name)
    return paths


def open_file(region: RegionInputs, path: str, group: str | None = None) -> xr.Dataset:
    """Open one file of the region lazily; times are the numbers in the file.

    Raises
    ------
    UserError
        When the file is absent, is no NetCDF file, Zarr store or ZIP archive of one, or `path`
        names several.
    """
    name, *more = files(region, path)
    if more:
        raise UserError(f"{region.name}: {path} names {1 + len(more)} files: name one of them")
    return open_container(Path(region.data_dir) / name, group, f"{region.name}: {name}")


def open_variable(region: RegionInputs, path: str, entry: FileVariable, name: str) -> xr.DataArray:
    """Return a variable of one file lazily, on time (as dates) and the axes of a grid or points.

    Parameters
    ----------
    path
        One file.
    entry
        The variable's name, group and level in it.
    name
        Its name in this project, which may stand for a pressure level.

    Returns
    -------
    xr.DataArray
        As in `axes.located`, with dates, and without further axes; with an axis `member` if the
        entry says so. Static fields have no time.

    Raises
    ------
    UserError
        Naming file, variable and fix.
    """
    label = f"{region.name}: {path}: variable '{entry.variable}'"
    dataset = open_file(region, path, entry.group)
    _require_numbers(region, path, dataset, entry, label)
    return variable_of(dataset, entry, name, label)


def variable_of(dataset: xr.Dataset, entry: FileVariable, name: str, label: str) -> xr.DataArray:
    """Return a variable of an open file or of any dataset, as `open_variable` does."""
    field = on_axes(dataset, entry, name, label)
    return times.decoded(field, dataset, label) if "time" in field.dims else field


def on_axes(dataset: xr.Dataset, entry: FileVariable, name: str, label: str) -> xr.DataArray:
    """Return a variable as `variable_of` does, with the times of the file as they are."""
    field = axes.located(dataset, entry.variable).assign_attrs(origins.of(dataset))
    if not {"lat", "lon"} <= set(field.coords):
        field = projection.unprojected(field, dataset, label)
    field = levels.at_level(field, _level(entry, variable(name, label).level_hpa, label), label)
    field = members.named(field) if entry.has_members else field
    flat = _without_further_axes(field, label, {members.MEMBER} if entry.has_members else set())
    return _static(flat, label) if name in STATIC else flat


def _require_numbers(
    region: RegionInputs, path: str, dataset: xr.Dataset, entry: FileVariable, label: str
) -> None:
    if entry.variable not in dataset.variables:
        raise UserError(
            f"{label} is absent: no variable '{entry.variable}' in the file: "
            f"{_where(region, path, dataset, entry)}"
        )
    require_numbers(dataset, entry, label)


def require_numbers(dataset: xr.Dataset, entry: FileVariable, label: str) -> None:
    """Refuse a variable of text or of dates."""
    if dataset[entry.variable].dtype.kind not in "fiub":
        raise UserError(
            f"{label} holds {dataset[entry.variable].dtype}, no numbers: set `variable:` to one "
            f"of {', '.join(map(str, dataset.data_vars))}"
        )


def _static(field: xr.DataArray, label: str) -> xr.DataArray:
    if field.sizes.get("time", 1) > 1:
        raise UserError(
            f"{label}: {field.sizes['time']} times of a static field: keep one of them"
        )
    return field.isel(time=0, drop=True) if "time" in field.dims else field


def _where(region: RegionInputs, path: str, dataset: xr.Dataset, entry: FileVariable) -> str:
    within = groups(Path(region.data_dir) / path, f"{region.name}: {path}")
    holders = [name for name, variables in within.items() if entry.variable in variables]
    if holders:
        return f"it is in the group {' and '.join(holders)}: set `group:` to {holders[0]}"
    if len(dataset.data_vars):
        return f"set `variable:` to one of {', '.join(map(str, dataset.data_vars))}"
    listing = "; ".join(f"{name} ({', '.join(names)})" for name, names in within.items())
    return (
        f"the file has nothing at its root: set `group:` to one of {listing}"
        if listing
        else "the file has no variables at all: download it again"
    )


def _level(entry: FileVariable, level_hpa: float | None, label: str) -> float | None:
    if None not in (entry.level_hpa, level_hpa) and entry.level_hpa != level_hpa:
        raise UserError(
            f"{label}: level_hpa is {entry.level_hpa:g}, but the variable is that of "
            f"{level_hpa:g} hPa: remove `level_hpa:`, or give the variable its right name"
        )
    return level_hpa if entry.level_hpa is None else entry.level_hpa


def _without_further_axes(field: xr.DataArray, label: str, also: set[str]) -> xr.DataArray:
    """Drop axes of length one; refuse others but time, those of lat and lon, and `also`."""
    kept = ({"time"} | also).union(
        *(field[name].dims for name in ("lat", "lon") if name in field.coords)
    )
    further = [str(dim) for dim in field.dims if dim not in kept]
    flat = field.squeeze([dim for dim in further if field.sizes[dim] == 1], drop=True)
    longer = {dim: flat.sizes[dim] for dim in further if dim in flat.dims}
    if PRELIMINARY in longer:
        raise UserError(
            f"{label} has an axis expver: final and preliminary ERA5, each missing where the "
            "other has values. Join them first: `ds.sel(expver=1).combine_first("
            "ds.sel(expver=5))` in xarray"
        )
    missing = [name for name in ("lat", "lon") if name not in flat.coords]
    if missing:
        raise UserError(
            f"{label}: dims are {field.dims}, without {' and '.join(missing)}: add these "
            "coordinates to the file, on one axis each or on both axes of the grid"
        )
    if longer:
        listing = ", ".join(f"{dim} of {size}" for dim, size in longer.items())
        rename = ", or call it `member`" if also else ""
        raise UserError(
            f"{label} has a further axis ({listing}): write one of it to a file of its own{rename}"
        )
    return flat
