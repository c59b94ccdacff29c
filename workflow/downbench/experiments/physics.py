"""Experiments on physical constraints: do they reduce violations, and what do they cost?"""

from collections.abc import Iterator

from downbench.experiments.driver_evidence import DriverEvidence
from downbench.report.law_tables import CONSTRAINT_COSTS, LAWS, law_tables
from downbench.report.page import Note
from downbench.report.score_tables import PageTable
from downbench.scores.verdicts import physics_claims
from downbench.scores.verdicts.verdict import Verdict


def applies(evidence: DriverEvidence) -> bool:
    """Return whether the experiment makes claims about physical laws."""
    return bool(evidence.experiment.get("claims"))


def verdicts(evidence: DriverEvidence) -> list[Verdict]:
    """Judge each claim from the comparison of all models."""
    return physics_claims.verdicts(
        evidence.comparison, evidence.experiment, evidence.law_tolerances
    )


def tables(evidence: DriverEvidence) -> list[PageTable]:
    """Return violation rates of all models, and the cost of each constraint."""
    return law_tables(
        evidence.comparison, evidence.experiment, evidence.law_tolerances, evidence.trained_on
    )


def notes(evidence: DriverEvidence) -> Iterator[Note]:
    """Name the checks that the region's variables do not allow."""
    checks = evidence.files["physics"].get(evidence.trained_on)
    skipped = [] if checks is None else [text for text in checks.not_run.split("; ") if text]
    if skipped:
        yield Note("not-run", "Checks skipped because of missing variables:", skipped)


def glossary() -> list[tuple[str, str]]:
    """Return the columns of the tables by heading."""
    laws = [(column.heading, column.meaning) for column in LAWS]
    return laws + [(f"Cost: {column.heading}", column.meaning) for column in CONSTRAINT_COSTS]
