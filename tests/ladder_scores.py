"""Scores of the ladder's rungs, compared by the verdict of the first experiment."""

from dataclasses import replace
from functools import cache, partial

import numpy as np
import pandas as pd
import xarray as xr

import ladder_rungs
import scores_fixtures
from downbench.core.config.experiment.paired_claims import PairedScore
from downbench.scores.context import Context
from downbench.scores.metrics import blocks, crps, patches, spectra
from downbench.scores.paired.claim_scores import difference_of, differences
from downbench.scores.paired.daily_scores import to_dataset
from downbench.scores.paired.model_pairs import pair_rows
from downbench.scores.paired_fields import fields
from downbench.scores.statistics import Statistics

FAMILIES = (crps, blocks, patches, spectra)


def claim_scores() -> list[PairedScore]:
    """All scores that the claims of the first experiment name."""
    claims = ladder_rungs.project().experiments["exp1"].paired_claims
    return [score for claim in claims for score in claim.scores]


@cache
def daily() -> dict[str, xr.Dataset]:
    """Daily file of each rung, against redraws of each day."""
    return {rung: _daily(samples) for rung, samples in ladder_rungs.rungs().items()}


def _daily(samples: ladder_rungs.Fields) -> xr.Dataset:
    contexts = {name: _context(values, name) for name, values in samples.items()}
    statistics = {name: _statistics(samples[name], name, contexts[name]) for name in samples}
    return to_dataset(statistics, contexts).assign_coords(time=ladder_rungs.days()["time"])


def _context(members: np.ndarray, name: str) -> Context:
    reference = ladder_rungs.outcomes()[name][:, 0]
    context = scores_fixtures.some_context(members, reference, name)
    return replace(context, separate_halves=True, factor=ladder_rungs.region().factor)


def _statistics(members: np.ndarray, name: str, context: Context) -> Statistics:
    outcomes = ladder_rungs.outcomes()[name]
    area = np.ones(outcomes.shape[2:])
    stamps = tuple(map(str, ladder_rungs.days()["time"].values))
    batch = fields(members, outcomes[:, 0], area, stamps, outcomes[:, 1:])
    return {k: v for family in FAMILIES for k, v in family.daily(batch, context).items()}


@cache
def comparison() -> pd.DataFrame:
    """Each rung over every lower one, by the scores of the claims."""
    names = ladder_rungs.RUNGS
    pairs = [(better, worse) for i, better in enumerate(names) for worse in names[i + 1 :]]
    members = dict.fromkeys(names, ladder_rungs.MEMBERS)
    rows = partial(differences, scores=claim_scores())
    return pair_rows(daily(), members, pairs, rows, ladder_rungs.project().evaluation)


def half_widths(better: str, worse: str, variable: str) -> dict[str, float]:
    """How much better a rung is, in half-widths of the paired interval, by heading of a score."""
    table = comparison()
    table = table[(table["model"] == better) & (table["variable"] == variable)]
    widths = {}
    for score in claim_scores():
        difference = difference_of(score)
        rows = table[table["metric"] == difference.metric.versus(worse).name]
        rows = rows[rows["scale"].isna() if score.scale is None else rows["scale"] == score.scale]
        for row in rows.to_dict("records"):
            half = (row["upper"] - row["lower"]) / 2
            widths[difference.heading] = difference.favourable * row["value"] / half
    return widths
