"""Verdict on a hypothesis or claim: its label, the sentences with numbers, and the rows behind."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

Label = Literal["supported", "not supported", "inconclusive", "not applicable"]

NOT_APPLICABLE: Label = "not applicable"
CAVEAT = (
    "The intervals reflect the sampling of {day}s. Each model was trained once, so the effect of "
    "another training seed is not included."
)


@dataclass(frozen=True)
class Verdict:
    """Result of testing the hypothesis of an experiment, or one of its claims.

    label : `supported`, `not supported`, `inconclusive`, or `not applicable`:
        inconclusive if the sample is too small, not applicable if the question is not posed or
        the evidence is missing
    sentences : the reasons with numbers and intervals, for a reader
    numbers : the rows of the comparison that support them
    claim : the claim, where the hypothesis has several
    """

    label: Label
    sentences: list[str]
    numbers: pd.DataFrame = field(compare=False)
    claim: str = ""


def combine(labels: Iterable[Label]) -> Label:
    """Return the joint label: one `not supported` decides; all must be `supported`."""
    distinct = set(labels)
    if "not supported" in distinct:
        return "not supported"

    return "supported" if distinct == {"supported"} else "inconclusive"


def within(lower: float, upper: float, low: float, high: float) -> Label:
    """Judge the claim that a value with the interval lower … upper lies from `low` to `high`."""
    if not np.isfinite([lower, upper]).all():
        return "inconclusive"
    if low <= lower and upper <= high:
        return "supported"

    return "not supported" if upper < low or lower > high else "inconclusive"


def pick(comparison: pd.DataFrame, model: str, variable: str, metric: str) -> pd.Series | None:
    """Return the all-season row on the full grid; None if it is absent or NaN."""
    rows = comparison[
        (comparison["model"] == model)
        & (comparison["variable"] == variable)
        & (comparison["metric"] == metric)
        & (comparison["season"] == "all")
        & (comparison["scale"].isna() | (comparison["scale"] == 1))
    ]
    return rows.iloc[0] if len(rows) and np.isfinite(rows.iloc[0]["value"]) else None
