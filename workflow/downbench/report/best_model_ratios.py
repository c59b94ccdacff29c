"""Scores over that of the best model, with the intervals of the ratios."""

from collections.abc import Callable, Collection, Iterator, Mapping

import numpy as np
import pandas as pd

from downbench.report.criteria import Criterion

UNKNOWN = (np.nan, np.nan)


def best_of(scores: Mapping[str, float], competing: Collection[str]) -> str | None:
    """Return the competing model with the lowest score above zero."""
    positive = [name for name in scores if name in competing and scores[name] > 0]
    return min(positive, key=scores.__getitem__, default=None)


def ratios_to(
    best: str,
    scores: Mapping[str, float],
    comparison: pd.DataFrame,
    variable: str,
    criterion: Criterion,
) -> dict[str, tuple[float, float, float]]:
    """Return each score over that of the best model, and the ends of its interval, by model.

    The intervals come from the paired differences of the comparison; NaN where it has none. A
    skill s of a model over the best one is a ratio of 1 − s, a skill of the best model over it one
    of 1 / (1 − s). Both are monotonic, so the ends of an interval of s give those of the ratio.
    """
    start = f"{criterion.paired}_versus_"
    rows = comparison[(comparison["variable"] == variable) & (comparison["season"] == "all")]
    rows = rows[rows["metric"].str.startswith(start)]
    rows = rows if criterion.scale is None else rows[rows["scale"] == criterion.scale]
    others = rows["metric"].str.removeprefix(start)
    of_best = rows.assign(model=others)[rows["model"] == best]
    ends = dict(_ends(of_best, lambda skill: 1 / (1 - skill)))
    ends |= dict(_ends(rows[others == best], lambda skill: 1 - skill))
    return {n: (score / scores[best], *ends.get(n, UNKNOWN)) for n, score in scores.items()}


def _ends(
    rows: pd.DataFrame, ratio: Callable[[float], float]
) -> Iterator[tuple[str, tuple[float, float]]]:
    """Yield models with the ends of the interval of their ratio; none for a skill of 1."""
    for model, lower, upper in rows[["model", "lower", "upper"]].itertuples(index=False):
        if lower < 1 and upper < 1:
            low, high = sorted((ratio(lower), ratio(upper)))
            yield model, (low, high)
