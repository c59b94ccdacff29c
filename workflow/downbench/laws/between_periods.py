"""Clausius–Clapeyron scaling between periods: heavier rain over the warming that came with it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.config.physics_checks import ClausiusClapeyron
from downbench.laws.law import LawMetric
from downbench.physics.clausius_clapeyron import Counts, percentile, rate_between_percent_per_k
from downbench.physics.wet_climate import WetClimate, day_weights, on_days
from downbench.scores.bootstrap import interval
from downbench.scores.table import Row

DAYS_AT_ONCE = 10
WARMING_BETWEEN = LawMetric(
    name="warming_between",
    unit="K",
    best="none",
    meaning="Mean temperature of the later period minus that of the earlier one.",
)
CC_RATE_BETWEEN = LawMetric(
    name="cc_rate_between",
    unit="% K⁻¹",
    best="none",
    meaning="Growth of a percentile of wet-{day} rain between two periods per kelvin of warming.",
    definition="`threshold` = percentile.",
)


@dataclass(frozen=True)
class Period:
    """One field's wet values and warmth in one period, per resampling block of days.

    wet : (block, bin of rain) number of wet values
    warmth : (block,) sum of the temperature anomalies [K] of all values
    number : (block,) how many those are
    """

    wet: np.ndarray
    warmth: np.ndarray
    number: np.ndarray


def period_of(
    field: xr.Dataset,
    temperature: str,
    means: WetClimate,
    labels: np.ndarray,
    options: ClausiusClapeyron,
) -> Period:
    """Count a few days at a time.

    Parameters
    ----------
    field : (time[, member], y, x) or (time, Y, X)
        `pr` [mm day-1] and `temperature` [K]; may be lazy.
    means
        The climate that both periods are measured against, on the field's grid.
    labels : (time,) int
        Resampling block of each day.
    """
    blocks = int(labels.max()) + 1
    counts, weights = Counts(blocks), day_weights(field["time"], options.parts_of_year)
    warmth, number = np.zeros(blocks), np.zeros(blocks)
    for start in range(0, labels.size, DAYS_AT_ONCE):
        days = slice(start, start + DAYS_AT_ONCE)
        rain, warm = (_with_members(field[name].isel(time=days)) for name in ("pr", temperature))
        mean_rain, mean_temperature = (
            on_days(mean, weights[days])[:, None] for mean in (means.rain, means.temperature)
        )
        anomaly = warm - mean_temperature
        wet = np.where(rain >= options.wet_mm_day, rain, np.nan)
        counts.add(labels[days], anomaly, wet / mean_rain)
        np.add.at(warmth, labels[days], np.nansum(anomaly, axis=(1, 2, 3)))
        np.add.at(number, labels[days], np.isfinite(anomaly).sum(axis=(1, 2, 3)))

    return Period(counts.number.sum(axis=1, dtype=np.float64), warmth, number)


def _with_members(part: xr.DataArray) -> np.ndarray:
    """(day, member, y, x); a field without members has one."""
    values = (
        part.values if "member" not in part.dims else part.transpose("time", "member", ...).values
    )
    return values if values.ndim == 4 else values[:, None]


def rows(
    periods: tuple[Period, Period],
    counts: tuple[np.ndarray, np.ndarray],
    options: ClausiusClapeyron,
    confidence: float,
    source: str,
) -> Iterator[Row]:
    """`warming_between` [K] and, per percentile, `cc_rate_between` [% K-1] of one field.

    The rate is NaN where the warming's interval holds zero, and where a percentile has too few
    values beyond it: dividing by nothing gives no rate.

    Parameters
    ----------
    periods
        The earlier and the later one.
    counts : (1 + replicates, block) each
        How often each block is in each resampled series; the periods are resampled apart.
    source
        Suffix of the metrics.
    """
    pairs = tuple(zip(counts, periods, strict=True))
    wet = [count @ period.wet for count, period in pairs]
    mean = [(count @ period.warmth) / (count @ period.number) for count, period in pairs]
    warming = mean[1] - mean[0]
    blocks = min(period.number.size for period in periods)
    low, high = interval(warming, blocks, confidence)
    has_changed = low > 0 or high < 0
    yield WARMING_BETWEEN.of(source).row(warming)
    for percent in options.percentiles:
        fewest = min(number[0].sum() for number in wet) * (1 - percent / 100)
        rate = rate_between_percent_per_k(
            *(percentile(number, percent) for number in wet), warming
        )
        if not has_changed or fewest < options.fewest_beyond:
            rate = np.full_like(rate, np.nan)
        yield CC_RATE_BETWEEN.of(source).row(rate, threshold=percent)
