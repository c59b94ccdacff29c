"""Alignment of an ensemble with its reference, refusing pairs that must not be scored."""

import json
import sys

import numpy as np
import xarray as xr

from downbench.core.calendar.splits import assert_disjoint, labels
from downbench.core.constants import GCM
from downbench.core.errors import UserError
from downbench.core.spatial.same_grid import require_same_grid
from downbench.core.variables import VARIABLES


def aligned(ensemble: xr.Dataset, reference: xr.Dataset) -> tuple[xr.Dataset, xr.Dataset]:
    """Return both datasets on their common times, in increasing order.

    Parameters
    ----------
    ensemble : (time, member, y, x)
    reference : (time, y, x)
        Coordinates lat(y, x), lon(y, x) [degrees]; variable cell_area(y, x) [m2].

    Raises
    ------
    UserError
        For a free-running driver, different grids, no common time or variable, or years (events)
        that the model was fitted on. A missing attribute `driver_type` gives a warning on stderr.
    """
    _refuse_free_running(ensemble)
    refuse_other_grid(ensemble, reference)
    if not common_variables(ensemble, reference):
        raise UserError(
            f"ensemble of {_name(ensemble)} and reference have no variable in common: the "
            f"reference holds {', '.join(map(str, reference.data_vars))}"
        )
    ensemble, reference = _common_times(ensemble, reference)
    refuse_fit_years(ensemble, reference)

    return ensemble, reference


def common_variables(ensemble: xr.Dataset, reference: xr.Dataset) -> list[str]:
    """Return the variables that both have along time, in the order of the table of variables."""
    return [
        name
        for name in VARIABLES
        if "member" in getattr(ensemble.get(name), "dims", ())
        and "time" in getattr(reference.get(name), "dims", ())
    ]


def year_labels(reference: xr.Dataset) -> np.ndarray:
    """Return the season-year or event of each time, as text (time,)."""
    by = "event" if "event" in reference.coords else "year"
    start = int(reference.attrs.get("year_start_month", 1))
    return labels(reference, by, start).astype(str)


def refuse_fit_years(ensemble: xr.Dataset, reference: xr.Dataset) -> None:
    """Raise an error if the model was fitted on the evaluated years or events (trap T9)."""
    fitted = ensemble.attrs.get("fit_years", "[]")
    try:
        years = json.loads(fitted) if isinstance(fitted, str) else list(np.atleast_1d(fitted))
    except ValueError as error:
        raise UserError(
            f"ensemble of {_name(ensemble)}: attribute fit_years = {fitted!r} is no JSON list "
            f"({error}): write e.g. [1981, 1982]"
        ) from None
    assert_disjoint(years, year_labels(reference), f"ensemble of {_name(ensemble)}")


def _refuse_free_running(ensemble: xr.Dataset) -> None:
    if "driver_type" not in ensemble.attrs:
        print(
            f"warning: ensemble of {_name(ensemble)} has no attribute driver_type: its days are "
            "assumed to be those of the reference; set driver_type = gcm if its driver is a "
            "free-running GCM",
            file=sys.stderr,
        )
    if ensemble.attrs.get("driver_type") == GCM:
        raise UserError(
            f"ensemble of {_name(ensemble)}: its driver '{ensemble.attrs.get('driver')}' is "
            "a free-running GCM: its days are not the days of the reference, so scores that pair "
            "days are not defined; use a perfect or reanalysis driver"
        )


def refuse_other_grid(ensemble: xr.Dataset, reference: xr.Dataset) -> None:
    """Raise an error if the cells of the two are at different locations."""
    what = f"ensemble of {_name(ensemble)} and reference"
    require_same_grid(ensemble, reference, what, "bring both to one grid before scoring")


def _common_times(ensemble: xr.Dataset, reference: xr.Dataset) -> tuple[xr.Dataset, xr.Dataset]:
    try:
        _, in_ensemble, in_reference = np.intersect1d(
            ensemble["time"].values, reference["time"].values, return_indices=True
        )
    except TypeError:
        raise UserError(
            f"ensemble of {_name(ensemble)} and reference use different calendars: convert one"
        ) from None
    if in_ensemble.size == 0:
        raise UserError(f"ensemble of {_name(ensemble)} and reference have no time in common")

    return ensemble.isel(time=_compact(in_ensemble)), reference.isel(time=_compact(in_reference))


def _compact(index: np.ndarray) -> np.ndarray | slice:
    """Return a slice if the indices have no gap: it reads faster."""
    if index.size == index[-1] - index[0] + 1 and (np.diff(index) == 1).all():
        return slice(int(index[0]), int(index[-1]) + 1)

    return index


def _name(ensemble: xr.Dataset) -> str:
    return f"model '{ensemble.attrs.get('model', 'unknown')}'"
