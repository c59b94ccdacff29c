"""Joins the parts of a series that lie in several files along time."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.spatial.rectilinear import SAME_PLACE
from downbench.sources.files import members, origins
from downbench.sources.files.times import START
from downbench.sources.files.units import same_units


def require_one_series(parts: Sequence[xr.DataArray], names: Sequence[str], label: str) -> None:
    """Refuse parts that do not follow each other in time on one grid.

    Parameters
    ----------
    parts
        The same variable of each file, lazy, on time and the same other dims.
    names
        The files.
    label
        Region and variable, for messages.

    Raises
    ------
    UserError
        When a file has another grid, unit or calendar than the first, no time axis, or a time
        that another one has.
    """
    if len(parts) == 1:
        return
    for part, name in zip(parts, names, strict=True):
        difference = _difference(part, parts[0])
        if difference:
            raise UserError(
                f"{label}: {name} and {names[0]} cannot be joined along time, {difference}: bring "
                "them to one form, or leave one out of `path:`"
            )
    _require_once(parts, names, label)


def sharing(part: xr.DataArray, first: xr.DataArray) -> xr.DataArray:
    """Return a part that holds the coordinates of its grid together with the first, if equal.

    Those of a curvilinear grid are as large as a day, and a series may have a file for each month.
    """
    same = {
        name: first[name].variable
        for name, coordinate in part.coords.items()
        if not {"time", name} & set(coordinate.dims)
        and name in first.coords
        and coordinate.variable.identical(first[name].variable)
    }
    return part.assign_coords(same)


def joined(parts: Sequence[xr.DataArray]) -> xr.DataArray:
    """Return the parts one after the other, on the coordinates of the first.

    What they say of their origin is that of all parts.
    """
    first = parts[0]
    if len(parts) == 1:
        return first
    coordinates = {n: c for n, c in first.coords.items() if "time" not in c.dims}
    series = xr.concat([part.assign_coords(coordinates) for part in parts], "time")
    return series.assign_attrs(origins.joined(parts))


def _require_once(parts: Sequence[xr.DataArray], names: Sequence[str], label: str) -> None:
    times = np.concatenate([part["time"].values for part in parts])
    file = np.repeat(np.arange(len(parts)), [part.sizes["time"] for part in parts])
    order = np.argsort(times, kind="stable")
    repeated = np.flatnonzero(times[order][1:] == times[order][:-1])
    if repeated.size:
        pair = order[repeated[0] : repeated[0] + 2]
        raise UserError(
            f"{label}: {repeated.size} times occur twice, first {str(times[pair[0]])[:19]} in "
            f"{' and '.join(names[i] for i in file[pair])}: keep one of each"
        )


def _difference(part: xr.DataArray, first: xr.DataArray) -> str:
    if "time" not in part.dims:
        return "there is no axis of time"
    differing_members = members.difference(part, first)
    if differing_members:
        return differing_members
    sizes = {d: n for d, n in part.sizes.items() if d != "time"}
    expected = {d: n for d, n in first.sizes.items() if d != "time"}
    if sizes != expected:
        return f"their grids have {_text(sizes)} and {_text(expected)} cells"
    for name in (n for n, c in first.coords.items() if "time" not in c.dims):
        off = _largest_difference(part, first, str(name))
        if off:
            return f"their {name} differs by up to {off:.3g}"
    if (START in part.coords) != (START in first.coords):
        return "only one of them has time bounds"
    units, reference = (field.attrs.get("units") for field in (part, first))
    if not same_units(units, reference):
        return f"their units are '{units}' and '{reference}'"
    calendars = part["time"].dt.calendar, first["time"].dt.calendar
    return "" if len(set(calendars)) == 1 else f"their calendars are {' and '.join(calendars)}"


def _largest_difference(part: xr.DataArray, first: xr.DataArray, name: str) -> float:
    """Return by how much a coordinate differs, 0 within the tolerance."""
    if name not in part.coords or part[name].dtype.kind not in "fiu":
        return 0.0
    values, expected = part[name].values, first[name].values
    steps = [np.abs(np.diff(expected, axis=axis)) for axis in range(expected.ndim)]
    usual_steps = [float(np.nanmedian(step)) for step in steps if step.size]
    allowed = SAME_PLACE * max(usual_steps, default=1.0)
    off = float(np.nanmax(np.abs(values - expected), initial=0.0))
    return off if off > allowed else 0.0


def _text(sizes: dict) -> str:
    return " x ".join(map(str, sizes.values()))
