"""Mistakes that only a comparison with the reference shows: another day, another unit of rain."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.calendar import lag
from downbench.core.calendar.dates import day_numbers
from downbench.core.errors import UserError
from downbench.core.variables import RAIN
from downbench.scores.context import Context
from downbench.scores.statistics import Statistics

HALF = 0.5
RAINY_MM_DAY = 0.5
UNITS = {"m day-1": 1e-3, "kg m-2 s-1": 1 / 86400}
LARGEST_RATIO = 3.0


@dataclass(frozen=True)
class DomainMeans:
    """Area means of the ensemble mean and of the reference, each (day,); NaN without values."""

    ensemble: np.ndarray
    reference: np.ndarray


def refuse_mistakes(
    statistics: Statistics, reference: xr.DataArray, area: np.ndarray, context: Context, what: str
) -> None:
    """Refuse an ensemble of other days or of rain in another unit.

    Parameters
    ----------
    statistics
        Daily sums of all families.
    reference : (time, y, x)
    area : (y, x)
        [m2]
    what
        Names the ensemble in messages.

    Raises
    ------
    UserError
        See `refuse_shifted_days` and `refuse_other_unit`.
    """
    means = domain_means(statistics, reference.values, area)
    if context.is_daily and "event" not in reference.coords:
        refuse_shifted_days(means, reference["time"], context.variable, what)
    if context.variable == RAIN:
        refuse_other_unit(means, statistics, what)


def domain_means(statistics: Statistics, reference: np.ndarray, area: np.ndarray) -> DomainMeans:
    """Return them from the daily sums of the error and the reference's values (day, y, x)."""
    error = statistics["error"]
    weight = np.where(np.isfinite(reference), area, 0.0)
    total = np.einsum("tyx,tyx->t", np.where(weight > 0, reference, 0.0), weight)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / weight.sum(axis=(1, 2))
        return DomainMeans(mean + error.total[:, 0] / error.weight[:, 0], mean)


def refuse_shifted_days(means: DomainMeans, time: xr.DataArray, variable: str, what: str) -> None:
    """Refuse an ensemble of daily data whose days are those before or after the reference's.

    The shift has to halve the variance that is not explained, so that an ensemble without skill,
    which fits all days alike, is never refused.

    Raises
    ------
    UserError
        With the correlation at each lag and the shift to make.
    """
    day = np.round(day_numbers(time)).astype(int)
    by_lag = lag.lagged(day, means.ensemble, means.reference)
    best = max(by_lag, key=by_lag.get, default=0)
    if best == 0 or 1 - by_lag[best] > HALF * (1 - by_lag.get(0, 1.0)):
        return
    raise UserError(
        f"{what}: {variable} fits the reference best when shifted by a day (correlation of domain "
        f"means {lag.listing(by_lag)}): shift its time stamps by {best:+d} d"
    )


def refuse_other_unit(means: DomainMeans, statistics: Statistics, what: str) -> None:
    """Refuse rain of which one of the two is in kg m-2 s-1 or m day-1.

    It never reaches the wet-day threshold, and its mean is that of the other in this unit.

    Raises
    ------
    UserError
        Naming the unit and whose rain it is.
    """
    ensemble, reference = (np.nanmean(values) for values in (means.ensemble, means.reference))
    for low, high, wet, whose in (
        (ensemble, reference, "wet", "the ensemble's"),
        (reference, ensemble, "wet_reference", "the reference's"),
    ):
        if high < RAINY_MM_DAY or low <= 0 or statistics[wet].total.any():
            continue
        for unit, factor in UNITS.items():
            if 1 / LARGEST_RATIO < low / (high * factor) < LARGEST_RATIO:
                raise UserError(
                    f"{what}: pr: {whose} mean is {low:.3g} and the other's {high:.3g} mm day-1: "
                    f"the smaller one is in {unit}: convert it to mm day-1"
                )
