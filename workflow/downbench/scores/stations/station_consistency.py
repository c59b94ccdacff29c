"""Stations against the target: same days, same size, and values at all."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import xarray as xr

from downbench.core.calendar import lag
from downbench.core.calendar.dates import calendar_of
from downbench.core.consistency import missing_zeros, report, size
from downbench.core.consistency.check_result import CheckResult, not_compared, refuse_problems
from downbench.core.errors import UserError
from downbench.core.variables import TARGETS, VARIABLES
from downbench.scores.stations.station_pairs import StationPair, station_pairs

FEWEST_DAYS = 60


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
    stations, target
        As in `station_pairs`.
    region
        Name of the region, for messages.

    Returns
    -------
    list of str
        One line for each check.

    Raises
    ------
    UserError
        With every variable or station of another size, and variables of another day.
    """
    checks = list(results(station_pairs(stations, target)))
    refuse_problems(checks, f"{region}: stations do not fit the target")
    return [f"{region}: {result}" for result in checks]


def results(pairs: Iterable[StationPair]) -> Iterator[CheckResult]:
    """Yield what each check of the measurements of each variable shows."""
    for pair in pairs:
        enough = pair.valid.sum(axis=0) >= FEWEST_DAYS
        words = f"stations have {FEWEST_DAYS} days to be compared on"
        value = f"{int(enough.sum())} of {enough.size} {words}"
        yield CheckResult("common days", pair.variable, value)
        yield from _sizes(pair, enough)
        if VARIABLES[pair.variable].is_intermittent:
            yield from _missing_zeros(pair)
        yield _day(pair)
        yield from _shifted_stations(pair)


def _sizes(pair: StationPair, enough: np.ndarray) -> Iterator[CheckResult]:
    """Yield the size of each station that does not pass, or else of all of them."""
    variable, limit = pair.variable, size.passing(pair.variable, size.PAIRED)
    means: dict[str, tuple[float, float]] = {}
    problems = []
    for number in np.flatnonzero(enough):
        valid = pair.valid[:, number]
        values = [series[valid, number] for series in (pair.measured, pair.target)]
        if size.has_few_wet_days(variable, *values):
            continue
        mean, partner = (size.magnitude(variable, series) for series in values)
        name = str(pair.names[number])
        means[name] = mean, partner
        problem = size.problem(variable, mean, partner, size.PAIRED)
        if problem:
            words = f"station {name}: {problem}, or take the station out"
            listing = f"{name}: {size.listing(variable, mean, partner)}"
            problems.append(CheckResult(size.CHECK, variable, listing, limit, words))
    if not means:
        yield not_compared(size.CHECK, variable, "no station has enough days", limit)
    elif problems:
        yield from problems
    else:
        yield CheckResult(size.CHECK, variable, size.spread(variable, means), limit)


def _missing_zeros(pair: StationPair) -> Iterator[CheckResult]:
    """Yield each station that lacks its zeros, or one result if none does."""
    problems, compared = [], 0
    for number, name in enumerate(pair.names):
        values = pair.measured[:, number], pair.target[:, number]
        if not np.isfinite(values[0]).any():
            continue
        result = missing_zeros.result(pair.variable, *values)
        compared += result.is_compared
        if result.problem:
            words = f"station {name}: {result.problem}, or take the station out"
            problems.append(replace(result, value=f"{name}: {result.value}", problem=words))
    if problems:
        yield from problems
    elif compared:
        value = f"none of {compared} stations lacks its dry days"
        yield CheckResult(missing_zeros.CHECK, pair.variable, value, missing_zeros.LIMIT)
    else:
        reason = "no station has enough dry and wet days"
        yield not_compared(missing_zeros.CHECK, pair.variable, reason, missing_zeros.LIMIT)


def _day(pair: StationPair) -> CheckResult:
    """Compare the days of the means over all stations."""
    means = (_means(values, pair.valid) for values in (pair.measured, pair.target))
    shown = lag.lagged(pair.days, *means, lags=report.SHOWN_LAGS_DAYS)
    by_lag = {days: shown[days] for days in lag.LAGS_DAYS if days in shown}
    limit = f"1 − r at another day ≥ {lag.CLEARLY:g} of that at 0 d"
    if not by_lag:
        return not_compared(report.DAY, pair.variable, report.FEW_DAYS, limit)
    problem = ""
    if lag.better_lag(by_lag, lag.gain_of_chance(pair.variable, len(pair.days))):
        problem = (
            f"{pair.variable} of the stations fits the target best when shifted by a day "
            f"(correlation of means {lag.listing(by_lag)}): shift their time stamps to the "
            "day of the target's value"
        )
    value = f"correlation of means {lag.listing(shown)}"
    return CheckResult(report.DAY, pair.variable, value, limit, problem, shown)


def _shifted_stations(pair: StationPair) -> Iterator[CheckResult]:
    """Yield the stations whose days fit better when shifted: another end of the day."""
    for number, name in enumerate(pair.names):
        by_lag = lag.lagged(pair.days, pair.measured[:, number], pair.target[:, number])
        least_gain = lag.gain_of_chance(pair.variable, int(pair.valid[:, number].sum()))
        if lag.better_lag(by_lag, least_gain):
            value = f"{name} fits another day better ({lag.listing(by_lag)})"
            yield CheckResult("day of a station", pair.variable, value)


def _means(values: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """Return the mean over stations (time,), NaN without any."""
    count = valid.sum(axis=1)
    total = np.where(valid, values, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _print_empty(stations: xr.Dataset, has_value: np.ndarray, words: str) -> None:
    if not has_value.all():
        names = ", ".join(map(str, stations["name"].values[~has_value]))
        print(f"{words} on a day of the target at {names}")
