"""Scores over the best possible ones, and percentiles over those of the reference.

Both numbers of a ratio are of the same days, which are resampled together: its interval is that of
the ratio, not of two separate uncertainties (trap T28).
"""

from collections.abc import Iterator

import numpy as np

from downbench.scores.metrics.distribution import quantiles
from downbench.scores.paired.comparison import ratio
from downbench.scores.paired.model_pairs import ModelPair
from downbench.scores.paired.paired_metrics import (
    CRPS_BLOCK_MAXIMUM_RATIO,
    ENERGY_SCORE_PATCH_RATIO,
    P99_RATIO,
)
from downbench.scores.table import Row

SCORES = {
    "energy_score_patch": (ENERGY_SCORE_PATCH_RATIO, "patch"),
    "crps_block_maximum": (CRPS_BLOCK_MAXIMUM_RATIO, None),
}
"""Metric of the ratio, and the coordinate of its columns, by daily statistic."""


def reference_ratios(pair: ModelPair) -> Iterator[Row]:
    """Yield the ratios of the first model, as far as its daily file has both numbers.

    `energy_score_patch_ratio` per side of the patch, `crps_block_maximum_ratio` and `p99_ratio`.
    """
    means = pair.means[0]
    for name, (metric, coordinate) in SCORES.items():
        if f"{name}_reference" in means:
            ratios = ratio(means[name], means[f"{name}_reference"])
            scales = pair.daily[coordinate].values if coordinate else [np.nan]
            for column, scale in enumerate(scales):
                yield metric.row(ratios[:, column], float(scale))
    if "histogram_reference" in means:
        of_members, of_reference = (
            quantiles(means[name], (99,), pair.variable)[:, 0]
            for name in ("histogram", "histogram_reference")
        )
        yield P99_RATIO.row(ratio(of_members, of_reference))
