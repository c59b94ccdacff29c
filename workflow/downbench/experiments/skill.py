"""Experiments on skill: by which scores is the challenger better than its rival, or worse?"""

from collections.abc import Iterator

from downbench.experiments.driver_evidence import DriverEvidence
from downbench.report.page import Note
from downbench.report.page_table import PageTable
from downbench.report.summary import ScoreCell
from downbench.scores.verdicts import skill
from downbench.scores.verdicts.verdict import Verdict


def applies(evidence: DriverEvidence) -> bool:
    """Return whether the experiment is of this kind: any experiment can be judged by its skill."""
    return True


def verdicts(evidence: DriverEvidence) -> list[Verdict]:
    """Judge each claim from the comparison of all models."""
    return skill.verdicts(evidence.comparison, evidence.experiment)


def tables(evidence: DriverEvidence) -> list[PageTable]:
    """Return no table: the score tables that every page has are enough."""
    return []


def notes(evidence: DriverEvidence) -> Iterator[Note]:
    """Return no notes."""
    yield from ()


def score_cells(evidence: DriverEvidence) -> Iterator[ScoreCell]:
    """Return no cell of the scorecard: those that every comparison has are enough."""
    yield from ()


def glossary() -> list[tuple[str, str]]:
    """Return the columns of the tests of a claim."""
    return [
        (
            "Advantage",
            "By how much the model that the claim favours is better; below zero it is worse.",
        ),
        (
            "Margin",
            "A difference below it is irrelevant. Better and worse: the interval excludes zero, "
            "and the difference is at least the margin. Equivalent: the interval lies inside ± "
            "margin.",
        ),
        (
            "p",
            "Level at which the result holds, corrected for the number of tests of the experiment "
            "(Holm); a result needs at most 0.05.",
        ),
    ]
