"""Verdict on a hypothesis or claim: its label, the sentences with numbers, and the rows behind."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from downbench.scores.verdicts.decisions import Label
from downbench.scores.verdicts.paired_tests import PairedTest

CAVEAT = (
    "Intervals and tests reflect the sampled weather alone. Each model was trained once, with one "
    "seed: how much another training would change is not included."
)


@dataclass(frozen=True)
class Verdict:
    """Result of testing the hypothesis of an experiment, or one of its claims.

    label : inconclusive if the sample is too small, equivalent if a difference is proven to be
        irrelevant, not applicable if the question is not posed or the evidence is missing
    sentences : the reasons with numbers and intervals, for a reader
    numbers : the rows of the comparison that support them
    claim : the claim, where the hypothesis has several
    tests : tests of two models that decide it
    models : models whose ensembles the claim is about
    """

    label: Label
    sentences: list[str]
    numbers: pd.DataFrame = field(compare=False)
    claim: str = ""
    tests: tuple[PairedTest, ...] = ()
    models: tuple[str, ...] = ()


def combine(labels: Iterable[Label]) -> Label:
    """Return the joint label of a claim that states all of its parts.

    One `not supported` decides, and so does a part that is `equivalent` where others are not.
    """
    distinct = set(labels)
    for decisive in ("not supported", "inconclusive"):
        if decisive in distinct:
            return decisive
    if not distinct:
        return "inconclusive"

    return distinct.pop() if len(distinct) == 1 else "not supported"


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
