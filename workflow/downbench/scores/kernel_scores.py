"""Kernel scores E d(X, Y) − ½ E d(X, X'): the CRPS for d = |x − y|, the energy score for a norm.

They are proper for any distance of negative type (Gneiting and Raftery 2007). Both means are
unbiased here: over pairs of different members, or, where the halves of an ensemble are seeded
separately, over pairs of an even and an odd member, so that members which are chosen together
gain nothing (`core.member_halves`). With several outcomes of the same day, the first mean is over
all of them.
"""

from collections.abc import Callable

import numpy as np

from downbench.core.member_halves import halves

Distance = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Of fields (day, n, …) and (day, 1, …), for each of the n."""


def absolute(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """|x − y|: the distance of the CRPS."""
    return np.abs(first - second)


def kernel_score(
    members: np.ndarray, outcomes: np.ndarray, separate: bool, distance: Distance = absolute
) -> np.ndarray:
    """Score of `members` (day, member, …) against `outcomes` (day, outcome, …), (day, …).

    `separate`: even and odd members are seeded separately. For a single member it is its mean
    distance to the outcomes.
    """
    error = mean_distance(members, outcomes, distance)
    return error - half_spread(members, separate, distance)


def mean_distance(
    first: np.ndarray, second: np.ndarray, distance: Distance = absolute
) -> np.ndarray:
    """Mean over all pairs of one of `first` (day, n, …) and one of `second` (day, m, …)."""
    fewer, more = sorted((first, second), key=lambda fields: fields.shape[1])
    pairs = fewer.shape[1] * more.shape[1]
    sums = (distance(more, fewer[:, [i]]).sum(axis=1) for i in range(fewer.shape[1]))

    return sum(sums) / pairs


def half_spread(
    members: np.ndarray, separate: bool, distance: Distance = absolute
) -> np.ndarray | float:
    """½ E d(X, X') of `members` (day, member, …), (day, …); 0 for a single one."""
    if separate:
        return mean_distance(*halves(members), distance) / 2
    size = members.shape[1]
    if size == 1:
        return 0.0
    sums = (distance(members[:, i + 1 :], members[:, [i]]).sum(axis=1) for i in range(size - 1))

    return sum(sums) / (size * (size - 1))
