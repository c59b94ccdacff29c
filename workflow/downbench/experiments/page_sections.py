"""What the page of an experiment shows, put together by the kind of the experiment."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

from downbench.core.errors import UserError
from downbench.core.io.evidence import Evidence
from downbench.experiments.driver_evidence import DriverEvidence
from downbench.report import page_glossary, pictures, score_tables
from downbench.report.chart_data import chart_data
from downbench.report.page import ExperimentPage, Note, PageSection
from downbench.report.verdict_rows import ClaimVerdict, verdict_rows
from downbench.scores.verdicts.dependent_members import (
    suspicions,
    warning,
    without_suspects,
)

KINDS = ("climate_models", "physics", "skill")
"""Modules with `applies`, `verdicts`, `tables`, `notes`, `score_cells` and `glossary`; the first
that applies counts.

Imported by name: a page's fingerprint holds its own kinds alone (`dag.evidence.page_code`).
"""


def kind_of(evidence: DriverEvidence) -> ModuleType:
    """Return the module for the kind of an experiment."""
    kinds = (import_module(f"downbench.experiments.{name}") for name in KINDS)
    return next(kind for kind in kinds if kind.applies(evidence))


def page_of(
    experiment: Mapping[str, Any],
    region: Mapping[str, Any],
    files: Evidence,
    law_tolerances: Mapping[str, Any],
    run: Mapping[str, Any],
) -> ExperimentPage:
    """Return the content of an experiment's page.

    Parameters
    ----------
    experiment, region
        Their sections of the configuration.
    files
        Kinds `comparison`, `figures` (keys `TRAINED_ON/FIGURE`), `rule_graph`, and those that the
        experiment's kind asks for.
    law_tolerances
        Section `evaluation.physics`, or nothing.
    run
        Compute budget, seed and further settings of the run.

    Raises
    ------
    UserError
        When the experiment has figures and the manifest none.
    """
    if experiment["figures"] and not files["figures"]:
        raise UserError("no figure: list TRAINED_ON/FIGURE under `figures` of the manifest")
    drivers = [
        DriverEvidence(experiment, region, name, files, law_tolerances)
        for name in files["comparison"]
    ]
    kinds = dict.fromkeys(kind_of(driver) for driver in drivers)
    return ExperimentPage(
        experiment=experiment,
        region=region,
        run=run,
        sections=[_section(driver) for driver in drivers],
        glossary=page_glossary.entries(term for kind in kinds for term in kind.glossary()),
        chart=chart_data({d.trained_on: d.comparison for d in drivers}, experiment),
        rule_graph=pictures.svg_data(next(iter(files["rule_graph"].values()), None)),
    )


def verdicts_of(evidence: DriverEvidence, suspects: Mapping[str, str]) -> list[ClaimVerdict]:
    """Return the verdict on each claim; claims about suspicious models are not applicable."""
    labels = evidence.experiment.get("labels", {})
    verdicts = (
        without_suspects(verdict, suspects, labels)
        for verdict in kind_of(evidence).verdicts(evidence)
    )
    return [ClaimVerdict(v, verdict_rows(v.numbers, labels)) for v in verdicts]


def _section(evidence: DriverEvidence) -> PageSection:
    kind, experiment = kind_of(evidence), evidence.experiment
    labels = experiment.get("labels", {})
    suspects = suspicions(evidence.comparison)
    return PageSection(
        name=evidence.trained_on,
        verdicts=verdicts_of(evidence, suspects),
        tables=[
            *kind.tables(evidence),
            *score_tables.tables(evidence.comparison, experiment, evidence.trained_on),
        ],
        figures=pictures.figures_of(evidence.files["figures"], evidence.trained_on),
        notes=[
            *(Note("warning", warning(labels.get(m, m), r)) for m, r in suspects.items()),
            *_notes_on_external(experiment),
            *kind.notes(evidence),
        ],
    )


def _notes_on_external(experiment: Mapping[str, Any]) -> Iterator[Note]:
    """Say what cannot be shown of ensembles made elsewhere, and which have no samples."""
    labels = experiment.get("labels", {})
    names = [labels.get(name, name) for name in experiment.get("external", ())]
    if names:
        yield Note(
            "external",
            f"Made elsewhere, not sampled here: {', '.join(names)}. Fair scores take members for "
            "independent. Of these ensembles that cannot be shown: no seeds of two halves are "
            "known. Years of training are as stated by their authors.",
        )
    absences = [f"{name}: {reason}" for name, reason in experiment.get("left_out", {}).items()]
    if absences:
        yield Note("left-out", "Ensembles made elsewhere that are left out:", absences)
