"""Are the members independent? Fair scores are fair to independent members only.

Members that are chosen together – stratified, antithetic, quasi-random, rescaled about their own
mean – can each be an exact sample and yet score better than independent ones. Two signs of it need
no knowledge of the distribution:

* Independent members are as far apart within a half of the ensemble as across its halves.
* The mean of M independent members varies at least by a M-th of their variance, whatever is
  predicted: the variance of a contrast of the ensemble mean, about any value that does not depend
  on the members, is not below that share. Contrasts of the four cells of 2 × 2 patches are used,
  about their mean in the reference, because little of them can be predicted.

Members that are exchangeable and depend on each other alike cannot be told from independent ones
around another mean by the first sign; where the fine scales can be predicted, the second sees
nothing either. Then ranks and a score below that of the reference's distribution remain.
"""

from collections.abc import Iterator

import numpy as np

from downbench.core.member_halves import FEWEST_MEMBERS, halves
from downbench.scores.context import Context
from downbench.scores.kernel_scores import half_spread, mean_distance
from downbench.scores.metric import Metric
from downbench.scores.metrics.patches import patch_sums
from downbench.scores.paired_fields import PairedFields
from downbench.scores.statistics import Means, Statistics, cell_sums
from downbench.scores.table import Row

POSITION = 55
SEPARATE_HALVES = Metric(
    name="separate_halves",
    unit="1",
    best="none",
    meaning="1 if even and odd members are seeded separately, so that dependence inside a half "
    "gains nothing; 0 if the independence of the members could not be verified.",
    definition="Attribute `member_halves` of the ensemble.",
    heading="Separate halves",
    position=62,
)
HALVES_DISTANCE_RATIO = Metric(
    name="halves_distance_ratio",
    unit="1",
    best="one",
    meaning="Distance between members of one half over that between halves: 1 for independent "
    "members, above it for stratified or antithetic ones, below it for repeated ones.",
    definition="mean|x−x'| over pairs inside the even or the odd members, over that across them.",
    lower_bound=0,
    needs_ensemble=True,
)
MEAN_NOISE_RATIO = Metric(
    name="mean_noise_ratio",
    unit="1",
    best="none",
    meaning="Variance of the ensemble mean's fine contrasts over what the mean of independent "
    "members must have at least: below 1 the members depend on each other.",
    definition="M · mean square of a contrast of the ensemble mean minus its mean in the "
    "reference, over its mean variance among members; contrast: x₀₀ − x₀₁ − x₁₀ + x₁₁ of 2 × 2 "
    "patches.",
    lower_bound=0,
    needs_ensemble=True,
)


def daily(fine: PairedFields, context: Context) -> Statistics:
    """Daily sums of both distances, and of the square and variance of contrasts."""
    if fine.size < FEWEST_MEMBERS:
        return {}
    even, odd = halves(fine.deviation)
    within = half_spread(even, separate=False) + half_spread(odd, separate=False)
    statistics = {
        "distance_within_halves": cell_sums(within, fine.weight),
        "distance_across_halves": cell_sums(mean_distance(even, odd), fine.weight),
    }
    return statistics | _contrasts(fine, context)


def _contrasts(fine: PairedFields, context: Context) -> Statistics:
    """Square of the mean's contrasts, and variance of the members', in complete patches."""
    if 2 not in context.pooling_factors:
        return {}
    complete = patch_sums((fine.weight > 0).astype(int), 2) == 4
    weight = np.where(complete, patch_sums(fine.weight, 2), 0)
    members = contrast(fine.members - context.climate.field)

    return {
        "contrast_square": cell_sums(members.mean(axis=1) ** 2, weight),
        "contrast_variance": cell_sums(members.var(axis=1, ddof=1), weight),
    }


def contrast(values: np.ndarray) -> np.ndarray:
    """x₀₀ − x₀₁ − x₁₀ + x₁₁ of the 2 × 2 patches of (…, y, x)."""
    across = values[..., ::2] - values[..., 1::2]
    return across[..., ::2, :] - across[..., 1::2, :]


def rows(means: Means, context: Context) -> Iterator[Row]:
    """`separate_halves` and, from 4 members on, both ratios."""
    if context.members > 1:
        yield SEPARATE_HALVES.row(float(context.separate_halves))
    with np.errstate(invalid="ignore", divide="ignore"):
        if "distance_within_halves" in means:
            ratio = means.scalar("distance_within_halves") / means.scalar("distance_across_halves")
            yield HALVES_DISTANCE_RATIO.row(ratio)
        if "contrast_square" in means:
            ratio = means.scalar("contrast_square") / means.scalar("contrast_variance")
            yield MEAN_NOISE_RATIO.row(ratio * context.members)
