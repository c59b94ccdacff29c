"""Marginal distribution of all cells, days and members: wet-day frequency, P99 and quantiles.

Quantiles are of the pooled distribution (area-weighted, dry days included), not means of
quantiles per cell (trap T33). They come from daily histograms with the bins of the table of
variables – 1 % of the value for rain, 0.1 K for temperature –, linear inside a bin, whose sums
over days can be resampled.
"""

from collections.abc import Iterator

import numpy as np

from downbench.core.histogram import edges
from downbench.core.variable import GeometricBins, LinearBins
from downbench.core.variables import VARIABLES
from downbench.scores.context import Context
from downbench.scores.metric import DailyStatistic, Metric
from downbench.scores.paired_fields import PairedFields
from downbench.scores.statistics import Means, Statistic, Statistics, cell_sums
from downbench.scores.table import Row

POSITION = 30
WET_DAY_FREQUENCY = Metric(
    name="wet_day_frequency",
    unit="1",
    best="reference",
    meaning="Share of cells and times at or above the wet-{day} threshold, in single members.",
    lower_bound=0,
    heading="Wet-{day} frequency",
    position=160,
    headline=True,
    seasonal=True,
    at_stations="all",
    pairs=DailyStatistic("wet"),
)
P99 = Metric(
    name="p99",
    unit="{unit}",
    best="reference",
    meaning="99th percentile over all cells and times, in single members.",
    definition="Of cells, days and members pooled, dry days included; from histograms of 1 % "
    "(rain) or 0.1 K.",
    heading="P99",
    position=170,
    headline=True,
    seasonal=True,
    at_stations="all",
    pairs=DailyStatistic("histogram", "bin", intermittent_only=True),
)
QUANTILE = Metric(
    name="quantile",
    unit="{unit}",
    best="reference",
    meaning="The same for twelve percentiles.",
    definition="`threshold` = percentile.",
    curve=True,
    seasonal=True,
)
WET_DAY_FREQUENCY_REFERENCE = WET_DAY_FREQUENCY.of_reference("wet_day_frequency_reference")
P99_REFERENCE = P99.of_reference(
    "p99_reference", DailyStatistic("histogram_reference", "bin", intermittent_only=True)
)
QUANTILE_REFERENCE = QUANTILE.of_reference("quantile_reference")

PERCENTILES = (1, 5, 10, 25, 50, 75, 90, 95, 98, 99, 99.5, 99.9)


def bin_of(values: np.ndarray, variable: str) -> np.ndarray:
    """Return the bin of each value; values outside belong to the outermost bin."""
    bins, last = VARIABLES[variable].require("histogram"), len(edges(variable)) - 2
    if isinstance(bins, LinearBins):
        position = np.floor((values - bins.start) / bins.width)
    else:
        position = np.log(np.maximum(values, bins.start / bins.ratio) / bins.start)
        position = np.floor(position / np.log(bins.ratio)) + 1

    return np.clip(np.nan_to_num(position), 0, last).astype(np.int64)


def histogram(values: np.ndarray, weight: np.ndarray, variable: str) -> Statistic:
    """Daily area per bin of `values` (day, member, y, x) with `weight` (day, y, x)."""
    days, members = values.shape[:2]
    bins = len(edges(variable)) - 1
    number = bin_of(values, variable) + bins * np.arange(days)[:, None, None, None]
    shared = np.broadcast_to((weight / members)[:, None], values.shape)
    area = np.bincount(number.ravel(), shared.ravel(), days * bins).reshape(days, bins)

    return Statistic(area, area.sum(axis=1, keepdims=True))


def quantiles(frequency: np.ndarray, percentiles: tuple[float, ...], variable: str) -> np.ndarray:
    """Quantiles (…, percentile) of binned distributions (…, bin), linear inside a bin."""
    borders = edges(variable)
    probabilities = np.asarray(percentiles) / 100
    flat = frequency.reshape(-1, frequency.shape[-1])
    below = np.concatenate([np.zeros((len(flat), 1)), np.cumsum(flat, axis=1)], axis=1)
    values = np.stack([np.interp(probabilities, row, borders) for row in below])
    values[~np.isfinite(below).all(axis=1)] = np.nan
    bins = VARIABLES[variable].histogram
    if isinstance(bins, GeometricBins):
        values[values < bins.start] = 0.0

    return values.reshape(*frequency.shape[:-1], len(probabilities))


def daily(fine: PairedFields, context: Context) -> Statistics:
    """Daily histograms and, for rain, the wet share of the area."""
    reference = fine.reference[:, None]
    statistics = {
        "histogram": histogram(fine.members, fine.weight, context.variable),
        "histogram_reference": histogram(reference, fine.weight, context.variable),
    }
    if context.is_intermittent:
        threshold = context.settings.wet_day_mm_day
        wet = (fine.members >= threshold).mean(axis=1)
        statistics["wet"] = cell_sums(wet, fine.weight)
        statistics["wet_reference"] = cell_sums(fine.reference >= threshold, fine.weight)

    return statistics


def rows(means: Means, context: Context) -> Iterator[Row]:
    """`wet_day_frequency`, `p99` and the curve `quantile`, each with its `_reference`."""
    yield from _rows(means, context, "", (WET_DAY_FREQUENCY, P99, QUANTILE))
    reference = (WET_DAY_FREQUENCY_REFERENCE, P99_REFERENCE, QUANTILE_REFERENCE)
    yield from _rows(means, context, "_reference", reference)


def _rows(
    means: Means, context: Context, suffix: str, metrics: tuple[Metric, Metric, Metric]
) -> Iterator[Row]:
    """Yield three metrics of the statistics that end in `suffix`."""
    frequency, p99, quantile = metrics
    bound = 0.0 if context.is_intermittent else -np.inf
    if context.is_intermittent:
        yield frequency.row(means.scalar(f"wet{suffix}"))
    curve = quantiles(means[f"histogram{suffix}"], PERCENTILES, context.variable)
    yield p99.row(curve[:, PERCENTILES.index(99)], lower_bound=bound)
    for column, percent in enumerate(PERCENTILES):
        yield quantile.row(curve[:, column], threshold=percent, lower_bound=bound)
