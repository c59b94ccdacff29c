"""Rank histogram with random ties, and a χ² test of flatness that allows for dependent days.

The rank of the reference is the number of members below it plus a random share of those equal to
it: rain has many ties at zero, which any fixed rule piles into one bin (trap T4). The `_wet`
variant leaves out cells where the reference and all members are dry. That treats the reference as
one of M + 1 exchangeable values, so a calibrated ensemble stays flat; a condition on the
reference alone would not.
"""

from collections.abc import Iterator

import numpy as np
from scipy.special import fdtrc

from downbench.core.rng import generator
from downbench.scores.context import Context
from downbench.scores.metric import DailyStatistic, Metric
from downbench.scores.paired_fields import PairedFields
from downbench.scores.statistics import Means, Statistic, Statistics
from downbench.scores.table import Row

POSITION = 50
RANK_HISTOGRAM = Metric(
    name="rank_histogram",
    unit="1",
    best="one",
    meaning="How often the reference falls between which two members; flat at 1 is calibrated.",
    definition="frequency × (M+1) of rank `threshold` = #(x<y) + a random share of #(x=y); random "
    "numbers are seeded by variable and date.",
    lower_bound=0,
    curve=True,
    at_stations="all",
    pairs=DailyStatistic("rank", "rank"),
)
RANK_CHI2_P = Metric(
    name="rank_chi2_p",
    unit="1",
    best="none",
    meaning="p-value of the hypothesis that the rank histogram is flat.",
    definition="See below.",
    at_stations="all",
)
RANK_HISTOGRAM_WET = Metric(
    name="rank_histogram_wet",
    unit="1",
    best="one",
    meaning="Rank histogram without cells where the reference and all members are dry.",
    definition="That treats all M+1 alike and stays flat; choosing by a wet reference would not.",
    lower_bound=0,
    curve=True,
    at_stations="all",
    pairs=DailyStatistic("rank_wet", "rank", intermittent_only=True),
)
RANK_CHI2_P_WET = Metric(
    name="rank_chi2_p_wet",
    unit="1",
    best="none",
    meaning="p-value of the hypothesis that `rank_histogram_wet` is flat.",
    at_stations="all",
)
RANK_DEVIATION = Metric(
    name="rank_deviation",
    unit="1",
    best="low",
    meaning="Share of the values whose rank would have to change for a flat rank histogram; 0 is "
    "calibrated.",
    definition="½ Σ|f − 1/(M+1)| over the frequencies f of the ranks; of `rank_histogram_wet` "
    "where there are dry days. Few days alone give a value above 0.",
    lower_bound=0,
    upper_bound=1,
)

FEWEST_BLOCKS = 5


def ranks(deviation: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """Rank 0 … M of the reference among the members, ties broken by chance.

    Parameters
    ----------
    deviation : (day, member, y, x)
        Members minus the reference.
    uniform : (day, y, x)
        Random numbers in [0, 1).
    """
    below = np.count_nonzero(deviation < 0, axis=1)
    equal = np.count_nonzero(deviation == 0, axis=1)
    return below + (uniform * (equal + 1)).astype(np.int64)


def daily(fine: PairedFields, context: Context) -> Statistics:
    """Daily area per rank, for all cells and for those that are not dry throughout."""
    shape = fine.reference.shape[1:]
    uniform = np.stack(
        [
            generator("rank ties", context.settings.seed, context.variable, stamp).random(shape)
            for stamp in fine.stamps
        ]
    )
    rank = ranks(fine.deviation, uniform)
    statistics = {"rank": _area_per_rank(rank, fine.weight, fine.size)}
    if context.is_intermittent:
        threshold = context.settings.wet_day_mm_day
        wet = (fine.reference >= threshold) | (fine.members >= threshold).any(axis=1)
        statistics["rank_wet"] = _area_per_rank(rank, fine.weight * wet, fine.size)

    return statistics


def _area_per_rank(rank: np.ndarray, weight: np.ndarray, members: int) -> Statistic:
    days, bins = len(rank), members + 1
    flat = (rank + bins * np.arange(days)[:, None, None]).ravel()
    area = np.bincount(flat, weight.ravel(), days * bins).reshape(days, bins)
    return Statistic(area, area.sum(axis=1, keepdims=True))


def rows(means: Means, context: Context) -> Iterator[Row]:
    """`rank_histogram` (1 = flat) per rank, its `_wet` variant, `rank_chi2_p` and deviation."""
    for statistic, histogram, flatness in (
        ("rank", RANK_HISTOGRAM, RANK_CHI2_P),
        ("rank_wet", RANK_HISTOGRAM_WET, RANK_CHI2_P_WET),
    ):
        if statistic not in means:
            continue
        frequency = means[statistic]
        for rank in range(context.members + 1):
            relative = frequency[:, rank] * (context.members + 1)
            yield histogram.row(relative, threshold=rank)
        yield flatness.row(flatness_p(frequency, means.blocks))
    judged = "rank_wet" if "rank_wet" in means else "rank"
    yield RANK_DEVIATION.row(rank_deviation(means[judged]))


def rank_deviation(frequency: np.ndarray) -> np.ndarray:
    """Return the total variation distance of ranks (…, K) from a flat histogram, (…)."""
    return abs(frequency - 1 / frequency.shape[-1]).sum(axis=-1) / 2


def flatness_p(frequency: np.ndarray, blocks: int) -> float:
    """p-value of the hypothesis that all ranks are equally likely.

    Pearson's X² = K Σ (f − 1/K)² of K correlated frequencies is a weighted sum of χ² variables
    whose weights are the eigenvalues of K times their covariance. The covariance comes from the
    block bootstrap, so neighbouring cells and days are not counted as independent; the sum is
    approximated by two moments and, as the covariance is itself estimated from few blocks, by
    an F distribution (second-order correction of Rao and Scott 1981).

    Parameters
    ----------
    frequency : (1 + replicates, K)
        Relative frequencies of the sample and of its bootstrap replicates.
    blocks
        Number of blocks; NaN is returned below five.
    """
    bins = frequency.shape[1]
    if blocks < FEWEST_BLOCKS or not np.isfinite(frequency).all():
        return np.nan
    statistic = bins * np.sum((frequency[0] - 1 / bins) ** 2)
    freedom = blocks - 1
    covariance = bins * np.cov(frequency[1:], rowvar=False) * blocks / freedom
    first = np.trace(covariance)
    if first <= 0:
        return np.nan
    # tr(S²) of an estimated covariance is too large; this is its unbiased form for Wishart S.
    second = (np.sum(covariance**2) - first**2 / freedom) * freedom**2
    second /= (freedom - 1) * (freedom + 2)
    degrees = np.clip(first**2 / max(second, 1e-300), 1, bins - 1)

    return float(fdtrc(degrees, degrees * freedom, statistic / first))
