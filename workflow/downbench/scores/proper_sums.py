"""Daily sums of a proper score, and of that of the reference's own distribution where known."""

import numpy as np

from downbench.scores.kernel_scores import Distance, absolute, half_spread, kernel_score
from downbench.scores.metric import REFERENCE
from downbench.scores.statistics import Statistics, cell_sums


def proper_sums(
    name: str,
    members: np.ndarray,
    outcomes: np.ndarray,
    weight: np.ndarray,
    separate: bool,
    has_redraws: bool,
    distance: Distance = absolute,
) -> Statistics:
    """Sums of the kernel score `name` and, with redraws, of `{name}_reference`.

    Parameters
    ----------
    members, outcomes : (day, n, …)
        A function of the fields.
    weight : (day, y, x)
        Of the scores, which `distance` gives on (day, y, x).
    separate
        Are even and odd members seeded separately?
    has_redraws
        Are the outcomes redraws? Half their mean distance is then the best possible score.
    """
    score = kernel_score(members, outcomes, separate, distance)
    sums = {name: cell_sums(score, weight)}
    if has_redraws:
        best = half_spread(outcomes, separate=False, distance=distance)
        sums[f"{name}{REFERENCE}"] = cell_sums(best, weight)

    return sums
