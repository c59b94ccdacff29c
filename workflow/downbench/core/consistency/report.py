"""A coarse series against the target in size, day, orientation and coverage: one check."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from downbench.core.calendar import lag
from downbench.core.calendar.dates import calendar_of
from downbench.core.consistency import coverage, missing_zeros, orientation, size
from downbench.core.consistency.series_pair import (
    SeriesPair,
    at_sea_level,
    climatologies,
    coarse_target,
    paired,
)
from downbench.core.errors import UserError
from downbench.core.spatial.grids import block_mean
from downbench.core.variables import TARGETS, VARIABLES

LEAST_CORRELATION = 0.1
FEWEST_DAYS, FEWEST_FOR_SIZE = 365, 30


@dataclass
class Report:
    """Lines for a reader, and what has to be fixed."""

    lines: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


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
    series : (time, Y, X)
        With lat and lon (Y, X) [degrees].
    target : (time, y, x)
        With `cell_area` [m2] and `orog` [m].
    factor
        Fine cells along one side of a coarse one.
    name
        What messages call the series.
    shares_days
        Has it the weather of the target's days? A free-running model is compared by its
        climatology, with wide limits and without days.
    clearly
        How much better another day has to fit, see `lag.better_lag`.

    Returns
    -------
    list of str
        One line on days, and one for each variable.

    Raises
    ------
    UserError
        With every problem: of calendars, of days in common, of size, day, orientation or
        coverage.
    """
    report = Report()
    if shares_days:
        _check_days(series, target, report)
    shared = [n for n in TARGETS if n in series.data_vars and n in target.data_vars]
    has_target = np.zeros(series["lat"].shape, bool)
    for variable in shared if not report.problems else ():
        coarse = coarse_target(target, variable, factor)
        has_target |= np.isfinite(coarse.values).any(axis=0)
        if shares_days:
            _check_weather(paired(series[variable], coarse), report, clearly)
        else:
            pair = climatologies(series[variable], coarse)
            _check_climate(pair, _coarse_altitude(target, factor), report)
    if has_target.any():
        _check_coverage(series, shared, has_target, report)
    if report.problems:
        listing = "\n".join(f"  - {problem}" for problem in report.problems)
        raise UserError(f"{name} does not fit the target:\n{listing}")
    return [f"{name} against the target:", *(f"  {line}" for line in report.lines)]


def _check_days(series: xr.Dataset, target: xr.Dataset, report: Report) -> None:
    """Report calendars that differ, and series without a common day."""
    calendars = [calendar_of(dataset["time"]) for dataset in (series, target)]
    spans = [_span(dataset["time"]) for dataset in (series, target)]
    if calendars[0] != calendars[1]:
        report.problems.append(
            f"its days are on the calendar '{calendars[0]}', the target's on '{calendars[1]}': no "
            f"day can be paired: bring its files to '{calendars[1]}'"
        )
        return
    common = int(series.indexes["time"].isin(target.indexes["time"]).sum())
    if not common:
        report.problems.append(
            f"no day in common: it has {spans[0]}, the target {spans[1]}: get the files of the "
            "same days"
        )
    report.lines.append(f"{common} days in common ({spans[0]}, target {spans[1]})")


def _check_weather(pair: SeriesPair, report: Report, clearly: float) -> None:
    """Compare size, day and orientation on common days."""
    report.problems += _size(pair, size.PAIRED, report)
    zeros = missing_zeros.problem(pair.variable, pair.series, pair.target)
    report.problems += [zeros] if zeros else []
    by_lag = lag.of_domain_means(pair.days, pair.series, pair.target)
    by_flip = orientation.weather(pair)
    report.problems += _day(pair, by_lag, clearly)
    flip = orientation.problem_of_weather(by_flip)
    if flip:
        report.problems.append(
            f"{pair.variable} fits the target better {flip} (correlation of changes from day to "
            f"day {orientation.listing(by_flip)}): its rows or columns are not those of its "
            "latitudes and longitudes: reorder either in the file"
        )
    fewest = f"not compared: fewer than {lag.FEWEST_PAIRS} days in common"
    report.lines.append(
        f"{pair.variable}: correlation of domain means {lag.listing(by_lag) or fewest}"
    )
    report.lines.append(
        f"{pair.variable}: correlation of patterns {orientation.listing(by_flip) or fewest}"
    )


def _day(pair: SeriesPair, by_lag: dict[int, float], clearly: float) -> Iterator[str]:
    variable, days = pair.variable, len(pair.days)
    is_long = days >= FEWEST_DAYS and not size.has_few_wet_days(variable, pair.target)
    if is_long and max(by_lag.values(), default=1.0) < LEAST_CORRELATION:
        yield (
            f"{variable} has not the weather of the target's days (correlation of domain means "
            f"{lag.listing(by_lag)}): check its area and its dates, or give it the type gcm"
        )
    elif lag.better_lag(by_lag, lag.gain_of_chance(variable, days), clearly) != 0:
        yield (
            f"{variable} fits the target best when shifted by a day (correlation of domain means "
            f"{lag.listing(by_lag)}): shift its time stamps to the day of the target's value"
        )


def _check_climate(pair: SeriesPair, altitude: np.ndarray, report: Report) -> None:
    """Compare size and orientation of climatologies."""
    report.problems += _size(pair, size.FREE, report)
    if not VARIABLES[pair.variable].is_near_surface_temperature:
        return
    reduced = SeriesPair(pair.variable, pair.series, at_sea_level(pair.target, altitude))
    patterns = [orientation.climate(pair), orientation.climate(reduced)]
    if not all(patterns):
        report.lines.append(f"{pair.variable}: orientation not compared: too few cells")
        return
    report.lines.append(
        f"{pair.variable}: correlation of monthly patterns {orientation.listing(patterns[0])}"
    )
    flip = orientation.problem_of_climate(*patterns)
    if flip:
        report.problems.append(
            f"{pair.variable} fits the target's climate better {flip} "
            f"({orientation.listing(patterns[0])}): flip rows or columns in the file"
        )


def _size(pair: SeriesPair, limits: size.SizeLimits, report: Report) -> Iterator[str]:
    reason = _incomparable(pair)
    if reason:
        report.lines.append(f"{pair.variable}: size not compared: {reason} in common")
        return
    mean, partner = (
        size.magnitude(pair.variable, values[pair.valid]) for values in (pair.series, pair.target)
    )
    units = VARIABLES[pair.variable].units
    report.lines.append(f"{pair.variable}: mean {mean:.4g}, target {partner:.4g} {units}")
    problem = size.problem(pair.variable, mean, partner, limits)
    if problem:
        yield problem


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


def _check_coverage(
    series: xr.Dataset, shared: list[str], has_target: np.ndarray, report: Report
) -> None:
    """Report cells without values; a target variable needs most of them."""
    for name in (n for n, v in series.data_vars.items() if v.dims == ("time", "Y", "X")):
        covered = coverage.coverage(
            series[name].values, has_target, series["lat"].values, series["lon"].values
        )
        report.lines.append(f"{name}: {covered}")
        if name in shared and covered.is_poor:
            report.problems.append(
                f"{name}: {covered}: get files of a larger area, or lower least_covered_share of "
                "the driver"
            )


def _coarse_altitude(target: xr.Dataset, factor: int) -> np.ndarray:
    return block_mean(target["orog"].values, factor, target["cell_area"].values)


def _span(time: xr.DataArray) -> str:
    first, last = (str(stamp)[:10] for stamp in time.values[[0, -1]])
    return f"{first} to {last}"
