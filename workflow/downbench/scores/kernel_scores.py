"""Kernel scores E d(X, Y) − ½ E d(X, X'): the CRPS for d = |x − y|, the energy score for a norm.

They are proper for any distance of negative type (Gneiting and Raftery 2007). Both means are
unbiased here: over pairs of different members, or, where the halves of an ensemble are seeded
separately, over pairs of an even and an odd member, so that members which are chosen together
gain nothing (`core.member_halves`). With several outcomes of the same day, the first mean is over
all of them.
"""

from collections.abc import Callable, Iterable
from itertools import combinations, product

import numpy as np

from downbench.core.member_halves import halves

Distance = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Of two fields (day, y, x) on each day, (day, …)."""


def absolute(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """|x − y|: the distance of the CRPS."""
    difference = first - second
    return np.abs(difference, out=difference)


def kernel_score(
    members: np.ndarray, outcomes: np.ndarray, separate: bool, distance: Distance = absolute
) -> np.ndarray:
    """Score of `members` (day, member, y, x) against `outcomes` (day, outcome, y, x), (day, …).

    `separate`: even and odd members are seeded separately. For a single member it is its mean
    distance to the outcomes.
    """
    error = mean_distance(members, outcomes, distance)
    return error - half_spread(members, separate, distance)


def mean_distance(
    first: np.ndarray, second: np.ndarray, distance: Distance = absolute
) -> np.ndarray:
    """Mean over all pairs of one of `first` (day, n, y, x) and one of `second` (day, m, y, x)."""
    return _mean(product(_one_by_one(first), _one_by_one(second)), distance)


def half_spread(
    members: np.ndarray, separate: bool, distance: Distance = absolute
) -> np.ndarray | float:
    """½ E d(X, X') of `members` (day, member, y, x), (day, …); 0 for a single one."""
    if separate:
        return mean_distance(*halves(members), distance) / 2
    if members.shape[1] == 1:
        return 0.0
    return _mean(combinations(_one_by_one(members), 2), distance) / 2


def _one_by_one(fields: np.ndarray) -> list[np.ndarray]:
    return [fields[:, number] for number in range(fields.shape[1])]


def _mean(pairs: Iterable[tuple[np.ndarray, np.ndarray]], distance: Distance) -> np.ndarray:
    """One pair at a time: what is added up stays in the processor's cache."""
    first, *remaining = pairs
    total = distance(*first)
    for pair in remaining:
        total += distance(*pair)

    return total / (1 + len(remaining))
