"""Days on which an ensemble, and the gridded target, are compared with stations."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.calendar.splits import assert_disjoint, year_labels
from downbench.core.constants import GCM
from downbench.core.errors import UserError
from downbench.scores.alignment import aligned

ENSEMBLE, TARGET = "ensemble", "target"


@dataclass(frozen=True)
class StationPeriod:
    """A grid and the stations that it is compared with.

    forecast : `ensemble` or `target`
    grid : variables on (time, y, x), of an ensemble with members
    stations : variables on (time, station)
        On the days of the grid, or for a free-running GCM on the season-years and months of its
        run.
    start_month : month in which a season-year begins
    """

    forecast: str
    grid: xr.Dataset
    stations: xr.Dataset
    start_month: int


def station_periods(
    ensemble: xr.Dataset, stations: xr.Dataset, target: xr.Dataset
) -> Iterator[StationPeriod]:
    """Yield the ensemble, then the gridded target, each with the stations.

    Paired drivers are compared on the days of the ensemble, and the target with them. A
    free-running GCM is compared with the days of the stations in its years and months, the target
    on all days that it shares with them: it shows the skill of a perfect grid, whose error is
    that of representing a point by a cell.

    Raises
    ------
    UserError
        When there are no common days, or the model was fitted on the days to be scored.
    """
    start = int(target.attrs.get("year_start_month", 1))
    name = f"ensemble of model '{ensemble.attrs.get('model')}'"
    if ensemble.attrs.get("driver_type") == GCM:
        yield StationPeriod(ENSEMBLE, *_same_years(ensemble, stations, start, name), start)
        days = np.intersect1d(target["time"].values, stations["time"].values)
        if days.size:
            yield StationPeriod(TARGET, target.sel(time=days), stations.sel(time=days), start)
        return
    ensemble, target = aligned(ensemble, target)
    days = np.intersect1d(ensemble["time"].values, stations["time"].values)
    if days.size == 0:
        raise UserError(
            f"{name} and the stations have no day in common: the days of the stations end at "
            f"{stations['time'].values[-1]!s:.10}; score years that the stations cover"
        )
    observed = stations.sel(time=days)
    yield StationPeriod(ENSEMBLE, ensemble.sel(time=days), observed, start)
    yield StationPeriod(TARGET, target.sel(time=days), observed, start)


def _same_years(
    ensemble: xr.Dataset, stations: xr.Dataset, start: int, name: str
) -> tuple[xr.Dataset, xr.Dataset]:
    """Return the run in the months of the stations, and the stations in its years and months.

    The run may be sampled for some of its years only; its climate is that of all years covered.
    """
    sampled = year_labels(ensemble["time"], start)
    fitted = json.loads(ensemble.attrs.get("driver_fit_years", "[]"))
    assert_disjoint(fitted, sampled, f"the quantile map of '{ensemble.attrs.get('driver')}'")
    covered = json.loads(ensemble.attrs.get("run_years", "[]")) or np.unique(sampled)
    years = year_labels(stations["time"], start)
    months, station_months = (data["time"].dt.month.values for data in (ensemble, stations))
    of_run = np.isin(months, station_months)
    of_stations = np.isin(station_months, months) & np.isin(years, covered)
    if not (of_run.any() and of_stations.any()):
        raise UserError(
            f"{name}: its run covers the years {min(covered)}–{max(covered)}, the stations "
            f"{years.min()}–{years.max()}: score a run of the stations' years and months"
        )
    return (
        ensemble.isel(time=np.flatnonzero(of_run)),
        stations.isel(time=np.flatnonzero(of_stations)),
    )
