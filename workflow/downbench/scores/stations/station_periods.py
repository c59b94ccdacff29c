"""Which days of an ensemble, of the truth and of stations are compared with which."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.calendar.splits import assert_disjoint, year_labels
from downbench.core.constants import GCM
from downbench.core.errors import UserError
from downbench.scores.alignment import aligned

ENSEMBLE, TRUTH = "ensemble", "truth"


@dataclass(frozen=True)
class Case:
    """A grid and the stations that it is held against.

    forecast : `ensemble` or `truth`
    grid : variables on (time, y, x), of an ensemble with members
    stations : variables on (time, station)
        On the grid's days, or for a free run on the season-years and months that it covers.
    start_month : month in which a season-year begins
    """

    forecast: str
    grid: xr.Dataset
    stations: xr.Dataset
    start_month: int


def cases(ensemble: xr.Dataset, stations: xr.Dataset, target: xr.Dataset) -> Iterator[Case]:
    """The ensemble, then the gridded truth, each beside the stations.

    Paired drivers are compared on the ensemble's own days, the truth with them. A free run is
    compared with the stations' days of its years and months, the truth on all days that it shares
    with them: it tells what a perfect grid would reach, the error of taking a cell for a point.

    Raises
    ------
    UserError
        When nothing is in common, or the model was fitted on the days to be scored.
    """
    start = int(target.attrs.get("year_start_month", 1))
    name = f"ensemble of model '{ensemble.attrs.get('model')}'"
    if ensemble.attrs.get("driver_type") == GCM:
        yield Case(ENSEMBLE, *_same_years(ensemble, stations, start, name), start)
        days = np.intersect1d(target["time"].values, stations["time"].values)
        if days.size:
            yield Case(TRUTH, target.sel(time=days), stations.sel(time=days), start)
        return
    ensemble, target = aligned(ensemble, target)
    days = np.intersect1d(ensemble["time"].values, stations["time"].values)
    if days.size == 0:
        raise UserError(
            f"{name} and the stations have no day in common: the stations' days end at "
            f"{stations['time'].values[-1]!s:.10}"
        )
    there = stations.sel(time=days)
    yield Case(ENSEMBLE, ensemble.sel(time=days), there, start)
    yield Case(TRUTH, target.sel(time=days), there, start)


def _same_years(
    ensemble: xr.Dataset, stations: xr.Dataset, start: int, name: str
) -> tuple[xr.Dataset, xr.Dataset]:
    """The free run's days in the stations' months, and their days of its years and months.

    The run may have been drawn for some of its years only; all that it covers are its climate.
    """
    drawn = year_labels(ensemble["time"], start)
    fitted = json.loads(ensemble.attrs.get("driver_fit_years", "[]"))
    assert_disjoint(fitted, drawn, f"the quantile map of '{ensemble.attrs.get('driver')}'")
    covered = json.loads(ensemble.attrs.get("run_years", "[]")) or np.unique(drawn)
    years = year_labels(stations["time"], start)
    months = [one["time"].dt.month.values for one in (ensemble, stations)]
    mine = np.isin(months[0], months[1])
    theirs = np.isin(months[1], months[0]) & np.isin(years, covered)
    if not (mine.any() and theirs.any()):
        raise UserError(
            f"{name}: its run covers the years {min(covered)}–{max(covered)}, the stations "
            f"{years.min()}–{years.max()}: score a run of the stations' years and months"
        )
    return tuple(
        one.isel(time=np.flatnonzero(kept)) for one, kept in ((ensemble, mine), (stations, theirs))
    )
