"""Stations against the target: same days, same size, and values at all."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.calendar import lag
from downbench.core.calendar.dates import calendar_of, day_numbers
from downbench.core.consistency import missing_zeros, size
from downbench.core.consistency.series_pair import STANDARD_LAPSE_K_PER_M
from downbench.core.errors import UserError
from downbench.core.spatial.grids import valid_cells
from downbench.core.variables import TARGETS, VARIABLES
from downbench.scores.stations.extraction import Extraction, extract
from downbench.scores.stations.interpolation import nearest

FEWEST_DAYS = 60


@dataclass(frozen=True)
class StationPair:
    """Measurements of a variable and the target's values in the nearest cells.

    variable : its name
    measured, target : (time, station) on the common days
    days : (time,) int, numbers of the days
    names : (station,)
    """

    variable: str
    measured: np.ndarray
    target: np.ndarray
    days: np.ndarray
    names: np.ndarray

    @property
    def valid(self) -> np.ndarray:
        """Where both have a value, (time, station)."""
        return np.isfinite(self.measured) & np.isfinite(self.target)


def with_values(stations: xr.Dataset, target: xr.Dataset, region: str) -> xr.Dataset:
    """Return the stations with a measurement on some day of the target; report the others.

    Raises
    ------
    UserError
        When calendars differ, no day is in common, or no station has a value on such a day.
    """
    calendars = [calendar_of(dataset["time"]) for dataset in (stations, target)]
    if calendars[0] != calendars[1]:
        raise UserError(
            f"{region}: stations have the calendar '{calendars[0]}', the target '{calendars[1]}': "
            "no day can be paired: bring the target's files to the calendar of the stations"
        )
    common = stations.indexes["time"].isin(target.indexes["time"])
    variables = [name for name in TARGETS if name in stations.data_vars]
    has_value = {n: np.isfinite(stations[n].values[common]).any(axis=0) for n in variables}
    for name, present in has_value.items():
        _print_empty(stations, present, f"{region}: no value of {name}")
    kept = np.logical_or.reduce(list(has_value.values()))
    if not kept.any():
        raise UserError(
            f"{region}: no station has a value on a day of the target "
            f"({str(target['time'].values[0])[:10]} to {str(target['time'].values[-1])[:10]}; "
            f"stations: {str(stations['time'].values[0])[:10]} to "
            f"{str(stations['time'].values[-1])[:10]}): get measurements of the same days"
        )
    _print_empty(stations, kept, f"{region}: left out, no value at all")
    return stations.isel(station=np.flatnonzero(kept))


def check(stations: xr.Dataset, target: xr.Dataset, region: str) -> list[str]:
    """Hold measurements against the target in the nearest cells.

    Parameters
    ----------
    stations : (time, station)
        With lat, lon [degrees], altitude [m] and name (station,).
    target : (time, y, x)
        With `orog` [m].
    region
        Name of the region, for messages.

    Returns
    -------
    list of str
        What was compared, and stations whose days fit better when shifted.

    Raises
    ------
    UserError
        With every variable or station of another size, and variables of another day.
    """
    lines, problems = [], []
    for pair in _pairs(stations, target):
        enough = pair.valid.sum(axis=0) >= FEWEST_DAYS
        lines.append(f"{region}: {pair.variable}: {int(enough.sum())} of {enough.size} stations "
                     f"have {FEWEST_DAYS} days to be compared on")  # fmt: skip
        problems += [*_size_problems(pair, enough), *_missing_zeros(pair)]
        means = (_means(values, pair.valid) for values in (pair.measured, pair.target))
        by_lag = lag.lagged(pair.days, *means)
        lines.append(f"{region}: {pair.variable}: correlation of means {lag.listing(by_lag)}")
        if lag.better_lag(by_lag, lag.gain_of_chance(pair.variable, len(pair.days))):
            problems.append(
                f"{pair.variable} of the stations fits the target best when shifted by a day "
                f"(correlation of means {lag.listing(by_lag)}): shift their time stamps to the "
                "day of the target's value"
            )
        lines += [f"{region}: {line}" for line in _shifted_stations(pair)]
    if problems:
        listing = "\n".join(f"  - {problem}" for problem in problems)
        raise UserError(f"{region}: stations do not fit the target:\n{listing}")
    return lines


def _pairs(stations: xr.Dataset, target: xr.Dataset) -> Iterator[StationPair]:
    """Yield each variable that both have, temperature reduced to the altitude of the cell."""
    points = (stations["lat"].values, stations["lon"].values)
    grid = target["lat"].values, target["lon"].values
    common = target.isel(time=target.indexes["time"].isin(stations.indexes["time"]))
    for name in (n for n in TARGETS if n in stations.data_vars and n in target.data_vars):
        cells, _ = nearest(*grid, valid_cells(target[name]), points)
        rise = stations["altitude"].values - cells.of(target["orog"].values[None])[0]
        at_cells = Extraction("nearest", cells, None, rise)
        (values,) = extract(common[name], [at_cells])
        measured = stations[name].sel(time=common["time"].values).values
        if VARIABLES[name].is_near_surface_temperature:
            measured = measured + STANDARD_LAPSE_K_PER_M * np.nan_to_num(rise)
        days = np.round(day_numbers(common["time"])).astype(int)
        yield StationPair(name, measured, values, days, stations["name"].values)


def _size_problems(pair: StationPair, enough: np.ndarray) -> Iterator[str]:
    for number in np.flatnonzero(enough):
        valid = pair.valid[:, number]
        pairs = [values[valid, number] for values in (pair.measured, pair.target)]
        if size.has_few_wet_days(pair.variable, *pairs):
            continue
        mean, partner = (size.magnitude(pair.variable, values) for values in pairs)
        problem = size.problem(pair.variable, mean, partner, size.PAIRED)
        if problem:
            yield f"station {pair.names[number]}: {problem}, or take the station out"


def _missing_zeros(pair: StationPair) -> Iterator[str]:
    for number, name in enumerate(pair.names):
        values = pair.measured[:, number], pair.target[:, number]
        problem = missing_zeros.problem(pair.variable, *values)
        if problem and np.isfinite(values[0]).any():
            yield f"station {name}: {problem}, or take the station out"


def _shifted_stations(pair: StationPair) -> Iterator[str]:
    """Yield the stations whose days fit better when shifted: another end of the day."""
    for number, name in enumerate(pair.names):
        by_lag = lag.lagged(pair.days, pair.measured[:, number], pair.target[:, number])
        least_gain = lag.gain_of_chance(pair.variable, int(pair.valid[:, number].sum()))
        if lag.better_lag(by_lag, least_gain):
            yield f"{pair.variable} of {name} fits another day better ({lag.listing(by_lag)})"


def _means(values: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """Return the mean over stations (time,), NaN without any."""
    count = valid.sum(axis=1)
    total = np.where(valid, values, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _print_empty(stations: xr.Dataset, has_value: np.ndarray, words: str) -> None:
    if not has_value.all():
        names = ", ".join(map(str, stations["name"].values[~has_value]))
        print(f"{words} on a day of the target at {names}")
