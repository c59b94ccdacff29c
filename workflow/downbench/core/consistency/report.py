"""A coarse series against the target in size, day, orientation and coverage: one check."""

from collections.abc import Iterator

import numpy as np
import xarray as xr

from downbench.core.calendar import lag
from downbench.core.calendar.dates import calendar_of
from downbench.core.consistency import coverage, missing_zeros, orientation, size
from downbench.core.consistency.check_result import CheckResult, not_compared, refuse_problems
from downbench.core.consistency.series_pair import (
    SeriesPair,
    at_sea_level,
    climatologies,
    coarse_target,
    paired,
)
from downbench.core.spatial.grids import block_mean
from downbench.core.variables import TARGETS, VARIABLES

LEAST_CORRELATION = 0.1
FEWEST_DAYS, FEWEST_FOR_SIZE = 365, 30
SHOWN_LAGS_DAYS = (-2, *lag.LAGS_DAYS, 2)
DAY, ORIENTATION, COVERAGE = "day", "orientation", "coverage"
FEW_DAYS = f"fewer than {lag.FEWEST_PAIRS} days in common"


def check(
    series: xr.Dataset,
    target: xr.Dataset,
    factor: int,
    name: str,
    *,
    shares_days: bool,
    clearly: float = lag.CLEARLY,
) -> list[str]:
    """Hold a coarse series against the target.

    Parameters
    ----------
    series, target, factor, shares_days, clearly
        As in `results`.
    name
        What messages call the series.

    Returns
    -------
    list of str
        One line for each check.

    Raises
    ------
    UserError
        With every problem: of calendars, of days in common, of size, day, orientation or
        coverage.
    """
    checks = list(results(series, target, factor, shares_days=shares_days, clearly=clearly))
    refuse_problems(checks, f"{name} does not fit the target")
    return [f"{name} against the target:", *(f"  {result}" for result in checks)]


def results(
    series: xr.Dataset,
    target: xr.Dataset,
    factor: int,
    *,
    shares_days: bool,
    clearly: float = lag.CLEARLY,
) -> Iterator[CheckResult]:
    """Yield what each check of a coarse series against the target shows.

    Parameters
    ----------
    series : (time, Y, X)
        With lat and lon (Y, X) [degrees].
    target : (time, y, x)
        With `cell_area` [m2] and `orog` [m].
    factor
        Fine cells along one side of a coarse one.
    shares_days
        Has it the weather of the target's days? A free-running model is compared by its
        climatology, with wide limits and without days.
    clearly
        How much better another day has to fit, see `lag.better_lag`.
    """
    if shares_days:
        days = _days(series, target)
        yield days
        if days.problem:
            return
    shared = [n for n in TARGETS if n in series.data_vars and n in target.data_vars]
    has_target = np.zeros(series["lat"].shape, bool)
    for variable in shared:
        coarse = coarse_target(target, variable, factor)
        has_target |= np.isfinite(coarse.values).any(axis=0)
        if shares_days:
            yield from _weather(paired(series[variable], coarse), clearly)
        else:
            pair = climatologies(series[variable], coarse)
            yield from _climate(pair, _coarse_altitude(target, factor))
    if has_target.any():
        yield from _coverage(series, shared, has_target)


def _days(series: xr.Dataset, target: xr.Dataset) -> CheckResult:
    """Compare the calendars, and count common days."""
    calendars = [calendar_of(dataset["time"]) for dataset in (series, target)]
    spans = [_span(dataset["time"]) for dataset in (series, target)]
    common = int(series.indexes["time"].isin(target.indexes["time"]).sum())
    problem = ""
    if calendars[0] != calendars[1]:
        problem = (
            f"its days are on the calendar '{calendars[0]}', the target's on '{calendars[1]}': no "
            f"day can be paired: bring its files to '{calendars[1]}'"
        )
    elif not common:
        problem = (
            f"no day in common: it has {spans[0]}, the target {spans[1]}: get the files of the "
            "same days"
        )
    value = f"{common} days in common ({spans[0]}, target {spans[1]})"
    return CheckResult("common days", "", value, "one calendar, at least one day", problem)


def _weather(pair: SeriesPair, clearly: float) -> Iterator[CheckResult]:
    """Compare size, day and orientation on common days."""
    yield _size(pair, size.PAIRED)
    if VARIABLES[pair.variable].is_intermittent:
        yield missing_zeros.result(pair.variable, pair.series, pair.target)
    yield _day(pair, clearly)
    yield _orientation(pair)


def _day(pair: SeriesPair, clearly: float) -> CheckResult:
    variable, days = pair.variable, len(pair.days)
    shown = lag.of_domain_means(pair.days, pair.series, pair.target, SHOWN_LAGS_DAYS)
    limit = f"1 − r at another day ≥ {clearly:g} of that at 0 d; r ≥ {LEAST_CORRELATION:g}"
    if not shown:
        return not_compared(DAY, variable, FEW_DAYS, limit)
    by_lag = {days: shown[days] for days in lag.LAGS_DAYS if days in shown}
    is_long = days >= FEWEST_DAYS and not size.has_few_wet_days(variable, pair.target)
    problem = ""
    if is_long and max(by_lag.values(), default=1.0) < LEAST_CORRELATION:
        problem = (
            f"{variable} has not the weather of the target's days (correlation of domain means "
            f"{lag.listing(by_lag)}): check its area and its dates, or give it the type gcm"
        )
    elif lag.better_lag(by_lag, lag.gain_of_chance(variable, days), clearly) != 0:
        problem = (
            f"{variable} fits the target best when shifted by a day (correlation of domain means "
            f"{lag.listing(by_lag)}): shift its time stamps to the day of the target's value"
        )
    value = f"correlation of domain means {lag.listing(shown)}"
    return CheckResult(DAY, variable, value, limit, problem, shown)


def _orientation(pair: SeriesPair) -> CheckResult:
    variable, by_flip = pair.variable, orientation.weather(pair)
    limit = f"none turned fits better by {orientation.LEAST_GAIN:g}"
    if not by_flip:
        return not_compared(ORIENTATION, variable, FEW_DAYS, limit)
    flip, problem = orientation.problem_of_weather(by_flip), ""
    if flip:
        problem = (
            f"{variable} fits the target better {flip} (correlation of changes from day to "
            f"day {orientation.listing(by_flip)}): its rows or columns are not those of its "
            "latitudes and longitudes: reorder either in the file"
        )
    value = f"correlation of patterns {orientation.listing(by_flip)}"
    return CheckResult(ORIENTATION, variable, value, limit, problem, by_flip)


def _climate(pair: SeriesPair, altitude: np.ndarray) -> Iterator[CheckResult]:
    """Compare size and orientation of climatologies."""
    yield _size(pair, size.FREE)
    if not VARIABLES[pair.variable].is_near_surface_temperature:
        return
    limit = f"none turned fits better by {orientation.LEAST_CLIMATE_GAIN:g}"
    reduced = SeriesPair(pair.variable, pair.series, at_sea_level(pair.target, altitude))
    patterns = [orientation.climate(pair), orientation.climate(reduced)]
    if not all(patterns):
        yield not_compared(ORIENTATION, pair.variable, "too few cells", limit)
        return
    listing = orientation.listing(patterns[0])
    flip, problem = orientation.problem_of_climate(*patterns), ""
    if flip:
        problem = (
            f"{pair.variable} fits the target's climate better {flip} ({listing}): flip rows or "
            "columns in the file"
        )
    value = f"correlation of monthly patterns {listing}"
    yield CheckResult(ORIENTATION, pair.variable, value, limit, problem, patterns[0])


def _size(pair: SeriesPair, limits: size.SizeLimits) -> CheckResult:
    limit, reason = size.passing(pair.variable, limits), _incomparable(pair)
    if reason:
        return not_compared(size.CHECK, pair.variable, f"{reason} in common", limit)
    mean, partner = (
        size.magnitude(pair.variable, values[pair.valid]) for values in (pair.series, pair.target)
    )
    problem = size.problem(pair.variable, mean, partner, limits)
    return CheckResult(
        size.CHECK, pair.variable, size.listing(pair.variable, mean, partner), limit, problem
    )


def _incomparable(pair: SeriesPair) -> str:
    """Return why sizes say nothing; empty if they do."""
    if not pair.valid.any():
        return "no value"
    if pair.days is None:
        return ""
    if len(pair.days) < FEWEST_FOR_SIZE:
        return f"fewer than {FEWEST_FOR_SIZE} days"
    if size.has_few_wet_days(pair.variable, pair.series, pair.target):
        return f"fewer than {size.FEWEST_WET_DAYS} wet days"
    return ""


def _coverage(
    series: xr.Dataset, shared: list[str], has_target: np.ndarray
) -> Iterator[CheckResult]:
    """Count cells without values; a target variable needs most of them."""
    for name in (n for n, v in series.data_vars.items() if v.dims == ("time", "Y", "X")):
        covered = coverage.coverage(
            series[name].values, has_target, series["lat"].values, series["lon"].values
        )
        limit, problem = ("at most half of the cells", "") if name in shared else ("", "")
        if name in shared and covered.is_poor:
            problem = (
                f"{name}: {covered}: get files of a larger area, or lower least_covered_share of "
                "the driver"
            )
        yield CheckResult(COVERAGE, name, str(covered), limit, problem)


def _coarse_altitude(target: xr.Dataset, factor: int) -> np.ndarray:
    return block_mean(target["orog"].values, factor, target["cell_area"].values)


def _span(time: xr.DataArray) -> str:
    first, last = (str(stamp)[:10] for stamp in time.values[[0, -1]])
    return f"{first} to {last}"
