"""Summary of an experiment for the front page, put together by the kind of the experiment."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from downbench.core.io.evidence import Evidence
from downbench.core.training_record import STILL_FALLING
from downbench.experiments.driver_evidence import DriverEvidence
from downbench.experiments.page_sections import kind_of, verdicts_of
from downbench.report.score_cells import cells_of_comparison, grain
from downbench.report.score_tables import NOT_RANKED
from downbench.report.summary import ClaimSummary, DriverSummary, ExperimentSummary
from downbench.report.verdict_rows import ClaimVerdict
from downbench.scores.paired.paired_metrics import TRAINING_LATE_FALL
from downbench.scores.verdicts.dependent_members import suspicions


def summary_of(
    experiment: Mapping[str, Any],
    region: Mapping[str, Any],
    files: Evidence,
    law_tolerances: Mapping[str, Any],
    run: Mapping[str, Any] | None = None,
) -> ExperimentSummary:
    """Return the summary of an experiment; parameters as of `page_sections.page_of`."""
    run = run or {}
    drivers = (
        DriverEvidence(experiment, region, name, files, law_tolerances)
        for name in files["comparison"]
    )
    return ExperimentSummary(
        name=experiment["name"],
        title=experiment["title"],
        hypothesis=experiment["hypothesis"],
        drivers=tuple(_driver(driver) for driver in drivers),
        budget=run.get("budget"),
        seed=run.get("seed"),
        trial=run.get("trial", False),
    )


def _driver(evidence: DriverEvidence) -> DriverSummary:
    comparison, experiment = evidence.comparison, evidence.experiment
    present = set(comparison["model"])
    models = [name for name in experiment["models"] if name in present]
    suspects = suspicions(comparison)
    competing = [name for name in models if name not in NOT_RANKED | suspects.keys()]
    members = comparison.groupby("model")["members"].max()
    labels = experiment.get("labels", {})
    return DriverSummary(
        name=evidence.trained_on,
        claims=tuple(map(_claim, verdicts_of(evidence, suspects))),
        cells=(
            *cells_of_comparison(comparison, experiment, evidence.trained_on, competing),
            *kind_of(evidence).score_cells(evidence),
        ),
        labels={name: labels.get(name, name) for name in models},
        competing=tuple(competing),
        ensembles=tuple(name for name in models if members[name] > 1),
        grain=grain(comparison),
        late_falls=_late_falls(comparison, models),
    )


def _claim(claim: ClaimVerdict) -> ClaimSummary:
    return ClaimSummary(
        claim=claim.verdict.claim,
        label=claim.verdict.label,
        sentence=claim.verdict.sentences[0],
    )


def _late_falls(comparison: pd.DataFrame, models: Iterable[str]) -> dict[str, float]:
    rows = comparison[comparison["metric"] == TRAINING_LATE_FALL.name]
    falls = dict(zip(rows["model"], rows["value"], strict=True))
    return {
        name: round(falls[name], 1) for name in models if falls.get(name, 0) > 100 * STILL_FALLING
    }
