"""Experiments on skill: does the challenger have a lower fair CRPS than its rival?"""

from collections.abc import Iterator

from downbench.experiments.driver_evidence import DriverEvidence
from downbench.report.page import Note
from downbench.report.score_tables import PageTable
from downbench.scores.verdicts import skill
from downbench.scores.verdicts.verdict import Verdict


def applies(evidence: DriverEvidence) -> bool:
    """Return whether the experiment is of this kind: any experiment can be judged by its skill."""
    return True


def verdicts(evidence: DriverEvidence) -> list[Verdict]:
    """Judge the hypothesis from the comparison of all models."""
    return [skill.verdict(evidence.comparison, evidence.experiment)]


def tables(evidence: DriverEvidence) -> list[PageTable]:
    """Return no table: the score tables that every page has are enough."""
    return []


def notes(evidence: DriverEvidence) -> Iterator[Note]:
    """Return no notes."""
    yield from ()


def glossary() -> list[tuple[str, str]]:
    """Return no terms beyond those of every page."""
    return []
