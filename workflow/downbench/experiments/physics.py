"""Experiments on physical constraints: do they reduce violations, and what do they cost?"""

from collections.abc import Iterator

from downbench.core.variables import RAIN, TEMPERATURES
from downbench.experiments.driver_evidence import DriverEvidence
from downbench.plots.inputs import select
from downbench.report.criteria import VIOLATIONS
from downbench.report.law_tables import CONSTRAINT_COSTS, LAWS, law_tables
from downbench.report.page import Note
from downbench.report.page_table import PageTable
from downbench.report.score_cells import score_cell, scored_variables
from downbench.report.summary import ScoreCell
from downbench.scores.verdicts import physics_claims
from downbench.scores.verdicts.verdict import Verdict
from downbench.scores.verdicts.violation_rates import MASS_RATE


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


def score_cells(evidence: DriverEvidence) -> Iterator[ScoreCell]:
    """Yield the share of coarse cells in which a model does not keep the mean of its input."""
    tolerances = {RAIN: "headline_percent"} | dict.fromkeys(TEMPERATURES, "headline_k")
    comparison, metric = evidence.comparison, MASS_RATE.metric
    for variable in scored_variables(comparison):
        threshold = evidence.law_tolerances.get(tolerances.get(variable))
        rows = select(comparison, variable, metric, threshold=threshold)
        for row in rows.dropna(subset="value").itertuples():
            values = [VIOLATIONS.factor * end for end in (row.value, row.lower, row.upper)]
            link = f"{evidence.experiment['name']}.html#{evidence.trained_on}-laws"
            yield score_cell(VIOLATIONS, variable, row.model, values, link=link)


def glossary() -> list[tuple[str, str]]:
    """Return the columns of the tables by heading."""
    laws = [(column.heading, column.meaning) for column in LAWS]
    return laws + [(f"Cost: {column.heading}", column.meaning) for column in CONSTRAINT_COSTS]
