"""Tests of two models by the scores of a claim, from the table of comparisons."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from downbench.core.config.experiment.paired_claims import PairedClaim, PairedScore
from downbench.core.variables import VARIABLES
from downbench.scores.paired.claim_scores import difference_of
from downbench.scores.verdicts.decisions import (
    LEVEL,
    Estimate,
    Label,
    compared_with_margin,
    holm,
)

DECIMALS = {"%": 1, "dB": 2}


@dataclass(frozen=True)
class PairedTest:
    """One score of one variable: how much better the favoured model is.

    variable, heading, unit : name of the variable, of the score for readers, and its unit
    estimate : positive where the favoured model is better, in `unit`
    margin : difference that is relevant, in `unit`
    level : level of the decision, corrected for the number of tests
    tests : number of tests that are corrected together
    """

    variable: str
    heading: str
    unit: str
    estimate: Estimate
    margin: float
    level: float = 1.0
    tests: int = 1

    @property
    def label(self) -> Label:
        """The decision at the corrected level."""
        candidate = compared_with_margin(self.estimate, self.margin).label
        return candidate if self.level <= LEVEL else "inconclusive"

    @property
    def name(self) -> str:
        """Name of the score inside a sentence."""
        is_word = self.heading[1:2].islower()
        return self.heading[0].lower() + self.heading[1:] if is_word else self.heading

    @property
    def is_no_worse(self) -> bool:
        """Is the favoured model not worse by more than the margin?"""
        return bool(self.estimate.lower > -self.margin)

    @property
    def detectable(self) -> float:
        """Smallest difference that such a sample decides; NaN where there is no interval."""
        return float(np.maximum(self.margin, self.estimate.reach(LEVEL / self.tests)))

    def words(self, value: float, sign: bool = True) -> str:
        """Return a number in the unit of the test for a reader."""
        if not np.isfinite(value):
            return "–"
        text = f"{value:{'+' if sign else ''}.{DECIMALS.get(self.unit, 3)}f}"
        return f"{text} {self.unit}".strip().replace("-", "−")


def paired_tests(
    comparison: pd.DataFrame, claims: Iterable[PairedClaim], challenger: str, rival: str
) -> list[tuple[PairedTest, ...]]:
    """Return the tests of each claim, corrected together for their number."""
    by_claim = [list(_tests(comparison, claim, challenger, rival)) for claim in claims]
    tests = [test for of_claim in by_claim for test in of_claim]
    levels = holm([compared_with_margin(test.estimate, test.margin).level for test in tests])
    corrected = iter(
        replace(test, level=level, tests=len(tests))
        for test, level in zip(tests, levels, strict=True)
    )
    return [tuple(next(corrected) for _ in of_claim) for of_claim in by_claim]


def _tests(
    comparison: pd.DataFrame, claim: PairedClaim, challenger: str, rival: str
) -> Iterator[PairedTest]:
    """Yield a test of every variable and score whose row the comparison has."""
    of_model = comparison[(comparison["model"] == challenger) & (comparison["season"] == "all")]
    for variable in (name for name in VARIABLES if name in set(of_model["variable"])):
        for score in claim.scores:
            difference = difference_of(score)
            metric = difference.metric.versus(rival)
            rows = of_model[
                (of_model["variable"] == variable) & _is_of(of_model, metric.name, score)
            ]
            if len(rows):
                sign = difference.favourable * (-1 if claim.favours_rival else 1)
                estimate = Estimate.of(rows.iloc[0], sign * metric.factor)
                margin = score.margin * metric.factor
                unit = "" if metric.unit == "1" else metric.unit
                yield PairedTest(variable, difference.heading, unit, estimate, margin)


def _is_of(rows: pd.DataFrame, metric: str, score: PairedScore) -> pd.Series:
    mask = rows["metric"] == metric
    for column in ("scale", "threshold"):
        value = getattr(score, column)
        mask &= rows[column].isna() if value is None else rows[column] == value
    return mask
