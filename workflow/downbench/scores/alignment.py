"""Alignment of an ensemble with its reference, refusing pairs that must not be scored."""

import json
import sys

import numpy as np
import xarray as xr

from downbench.core.calendar.splits import assert_disjoint, labels
from downbench.core.config.region.splits import spelled_out
from downbench.core.constants import GCM
from downbench.core.errors import UserError
from downbench.core.spatial.same_grid import require_same_grid
from downbench.core.variables import VARIABLES
from downbench.scores.time_alignment import on_common_times


def aligned(
    ensemble: xr.Dataset, reference: xr.Dataset, least: int = 1
) -> tuple[xr.Dataset, xr.Dataset]:
    """Return both datasets on their common times, in increasing order.

    Parameters
    ----------
    ensemble : (time, member, y, x)
    reference : (time, y, x)
        Coordinates lat(y, x), lon(y, x) [degrees]; variable cell_area(y, x) [m2].
    least
        Fewest common times.

    Raises
    ------
    UserError
        For a free-running driver, different grids, too few common times, no common variable, or
        years (events) that the model was fitted on. A missing attribute `driver_type` gives a
        warning on stderr.
    """
    _refuse_free_running(ensemble)
    refuse_other_grid(ensemble, reference)
    if not common_variables(ensemble, reference):
        raise UserError(
            f"{label(ensemble)} and reference have no variable in common: the "
            f"reference holds {', '.join(map(str, reference.data_vars))}"
        )
    ensemble, reference = on_common_times(ensemble, reference, least, label(ensemble))
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
    years = fit_years(ensemble, by_event="event" in reference.coords)
    assert_disjoint(years, year_labels(reference), label(ensemble))


def fit_years(ensemble: xr.Dataset, by_event: bool) -> list[int | str]:
    """Return years or events of the attribute: a JSON list, an array, or text as '1981-1996'.

    Raises
    ------
    UserError
        When it names no years.
    """
    fitted = ensemble.attrs.get("fit_years", "[]")
    try:
        items = fitted
        if isinstance(fitted, str):
            items = json.loads(fitted) if fitted.lstrip()[:1] == "[" else fitted.split(",")
        items = [_number(item) for item in np.atleast_1d(items).tolist()]
        return items if by_event else list(spelled_out(items))
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise UserError(
            f"{label(ensemble)}: attribute fit_years = {fitted!r} names no years ({error}): write "
            "e.g. [1981, 1982] or '1981-1996'"
        ) from None


def _number(item: float | str) -> int | str:
    """Return a year as an integer, however it was stored."""
    text = item.strip() if isinstance(item, str) else str(int(item))
    return int(text) if text.isdigit() else text


def _refuse_free_running(ensemble: xr.Dataset) -> None:
    if "driver_type" not in ensemble.attrs:
        print(
            f"warning: {label(ensemble)} has no attribute driver_type: its days are "
            "assumed to be those of the reference; set driver_type = gcm if its driver is a "
            "free-running GCM",
            file=sys.stderr,
        )
    if ensemble.attrs.get("driver_type") == GCM:
        raise UserError(
            f"{label(ensemble)}: its driver '{ensemble.attrs.get('driver')}' is "
            "a free-running GCM: its days are not the days of the reference, so scores that pair "
            "days are not defined; use a perfect or reanalysis driver"
        )


def refuse_other_grid(ensemble: xr.Dataset, reference: xr.Dataset) -> None:
    """Raise an error if the cells of the two are at different locations."""
    what = f"{label(ensemble)} and reference"
    require_same_grid(ensemble, reference, what, "bring both to one grid before scoring")


def label(ensemble: xr.Dataset) -> str:
    """Return the words for an ensemble in messages: its model and, if it was read, its path."""
    source = ensemble.encoding.get("source")
    model = f"ensemble of model '{ensemble.attrs.get('model', 'unknown')}'"

    return model if source is None else f"{source}: {model}"
