"""Tests and rows of the comparison that a verdict rests on, as the page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from downbench.core.variables import title
from downbench.report.score_tables import number
from downbench.scores.verdicts.paired_tests import PairedTest
from downbench.scores.verdicts.verdict import Verdict

TEST_LABELS = {
    "supported": "better",
    "not supported": "worse",
    "equivalent": "equivalent",
    "inconclusive": "undecided",
}


@dataclass(frozen=True)
class ClaimVerdict:
    """The verdict on one claim, and the cells of the tables under it."""

    verdict: Verdict
    rows: list[list[str]]

    @property
    def tests(self) -> list[list[str]]:
        """Variable, score, result, difference, interval, margin and p of each test."""
        return [_test_cells(test) for test in self.verdict.tests]


def _test_cells(test: PairedTest) -> list[str]:
    estimate = test.estimate
    ends = (test.words(end) for end in (estimate.lower, estimate.upper))
    return [
        title(test.variable),
        test.heading,
        TEST_LABELS[test.label],
        test.words(estimate.value),
        " … ".join(ends),
        f"±{test.margin:g} {test.unit}".strip(),
        "< 0.001" if test.level < 0.001 else f"{test.level:.3f}",
    ]


def verdict_rows(comparison: pd.DataFrame, labels: Mapping[str, str]) -> list[list[str]]:
    """Return variable, model, metric, value, interval and times of each row.

    Parameters
    ----------
    comparison
        Rows of a comparison table.
    labels
        Names of models for readers.
    """
    return [_cells(row, labels) for row in comparison.to_dict("records")]


def _cells(row: Mapping[str, Any], labels: Mapping[str, str]) -> list[str]:
    metric = row["metric"].replace("_", " ")
    scale = "" if pd.isna(row["scale"]) or row["scale"] == 1 else f", {row['scale']:g}× pooled"
    ends = [number(row[end], like=row["value"]) for end in ("lower", "upper")]
    return [
        title(row["variable"]),
        labels.get(row["model"], row["model"]),
        metric + scale,
        number(row["value"]),
        " … ".join(ends),
        number(row["times"]) if pd.isna(row["times"]) else f"{row['times']:.0f}",
    ]
