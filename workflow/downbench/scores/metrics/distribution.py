"""Marginal law of all cells, days and members: wet-day frequency, P99 and quantile curves.

Quantiles are of the pooled law (area-weighted, dry days included), not means of quantiles per
cell (trap T33). They come from daily histograms – bins of 1 % of the value for rain, 0.1 K for
temperature, linear inside a bin –, whose sums over days can be resampled.
"""

from collections.abc import Iterator

import numpy as np

from downbench.scores.context import Context
from downbench.scores.paired_fields import PairedFields
from downbench.scores.statistics import Means, Statistic, Statistics, cell_sums
from downbench.scores.table import Row

PERCENTILES = (1, 5, 10, 25, 50, 75, 90, 95, 98, 99, 99.5, 99.9)
SMALLEST_MM_DAY, RATIO, LARGEST_MM_DAY = 0.01, 1.01, 5000.0
COLDEST_K, STEP_K, HOTTEST_K = 170.0, 0.1, 350.0


def edges(is_rain: bool) -> np.ndarray:
    """Bin edges [mm day-1 or K]; the first rain bin starts at zero."""
    if not is_rain:
        return np.arange(COLDEST_K, HOTTEST_K + STEP_K / 2, STEP_K)
    count = int(np.ceil(np.log(LARGEST_MM_DAY / SMALLEST_MM_DAY) / np.log(RATIO)))

    return np.concatenate([[0.0], SMALLEST_MM_DAY * RATIO ** np.arange(count + 1)])


def bin_of(values: np.ndarray, is_rain: bool) -> np.ndarray:
    """Bin of each value; what lies outside goes to the outermost bin."""
    last = len(edges(is_rain)) - 2
    if is_rain:
        place = np.log(np.maximum(values, SMALLEST_MM_DAY / RATIO) / SMALLEST_MM_DAY)
        place = np.floor(place / np.log(RATIO)) + 1
    else:
        place = np.floor((values - COLDEST_K) / STEP_K)

    return np.clip(np.nan_to_num(place), 0, last).astype(np.int64)


def histogram(values: np.ndarray, weight: np.ndarray, is_rain: bool) -> Statistic:
    """Daily area per bin of `values` (day, member, y, x) with `weight` (day, y, x)."""
    days, members = values.shape[:2]
    bins = len(edges(is_rain)) - 1
    number = bin_of(values, is_rain) + bins * np.arange(days)[:, None, None, None]
    shared = np.broadcast_to((weight / members)[:, None], values.shape)
    area = np.bincount(number.ravel(), shared.ravel(), days * bins).reshape(days, bins)

    return Statistic(area, area.sum(axis=1, keepdims=True))


def quantiles(frequency: np.ndarray, percentiles: tuple[float, ...], is_rain: bool) -> np.ndarray:
    """Quantiles (…, percentile) of binned laws (…, bin), linear inside a bin."""
    borders = edges(is_rain)
    wanted = np.asarray(percentiles) / 100
    flat = frequency.reshape(-1, frequency.shape[-1])
    below = np.concatenate([np.zeros((len(flat), 1)), np.cumsum(flat, axis=1)], axis=1)
    found = np.stack([np.interp(wanted, row, borders) for row in below])
    found[~np.isfinite(below).all(axis=1)] = np.nan
    if is_rain:
        found[found < SMALLEST_MM_DAY] = 0.0

    return found.reshape(*frequency.shape[:-1], len(wanted))


def daily(fine: PairedFields, context: Context) -> Statistics:
    """Daily histograms and, for rain, the wet share of the area."""
    truth = fine.reference[:, None]
    statistics = {
        "histogram": histogram(fine.members, fine.weight, context.is_rain),
        "histogram_reference": histogram(truth, fine.weight, context.is_rain),
    }
    if context.is_rain:
        threshold = context.settings.wet_day_mm_day
        wet = (fine.members >= threshold).mean(axis=1)
        statistics["wet"] = cell_sums(wet, fine.weight)
        statistics["wet_reference"] = cell_sums(fine.reference >= threshold, fine.weight)

    return statistics


def rows(means: Means, context: Context) -> Iterator[Row]:
    """`wet_day_frequency`, `p99` and the curve `quantile`, each with its `_reference`."""
    for suffix in ("", "_reference"):
        if context.is_rain:
            yield Row(f"wet_day_frequency{suffix}", means.scalar(f"wet{suffix}"))
        curve = quantiles(means[f"histogram{suffix}"], PERCENTILES, context.is_rain)
        yield Row(f"p99{suffix}", curve[:, PERCENTILES.index(99)])
        for column, percent in enumerate(PERCENTILES):
            yield Row(f"quantile{suffix}", curve[:, column], threshold=percent)
