"""Compare the models of an experiment."""

import argparse
import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from downbench.core import cli
from downbench.core.config.evaluation import Evaluation
from downbench.core.config.experiment.paired_claims import PairedScore
from downbench.core.errors import UserError
from downbench.core.io.tables import read_table, write_table
from downbench.scores.evaluation_settings import evaluation_settings
from downbench.scores.paired import log_scores
from downbench.scores.paired.claim_scores import differences
from downbench.scores.paired.comparison import (
    ReferenceModels,
    common_days,
    headline,
    refuse_other_days,
    skill_rows,
)
from downbench.scores.paired.compute_costs import CostSources, cost_rows
from downbench.scores.paired.constrained_pairs import changes
from downbench.scores.paired.daily_files import read_daily, refuse_other_tables
from downbench.scores.paired.model_pairs import pair_rows
from downbench.scores.paired.reference_ratios import reference_ratios
from downbench.scores.paired.scorecard_pairs import pairs, scorecard_differences
from downbench.scores.paired.training_curves import curve_rows
from downbench.scores.table import COLUMNS

KEYS = ["model", "variable", "metric", "scale", "threshold", "season"]
BOOTSTRAP = ("blocks", "confidence")
"""What the intervals of paired rows rest on; verdicts derive p-values from them."""


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("compare", __doc__)
    cli.add_sections(parser, experiment="section of the experiment")
    parser.add_argument("--scores", nargs="+", required=True, help="MODEL=PATH of score tables")
    parser.add_argument("--daily", nargs="+", required=True, help="MODEL=PATH of daily files")
    parser.add_argument(
        "--costs",
        default="{}",
        help="models whose jobs the cost of each consists of, as JSON: "
        '{MODEL: {"trainings": [MODEL, …], "samplings": [MODEL, …]}}',
    )
    parser.add_argument(
        "--physics", nargs="+", default=[], help="MODEL=PATH of tables of physical laws"
    )
    cli.add_paths(parser, benchmarks="folder of Snakemake's benchmarks", comparison="CSV to write")
    cli.add_expected(parser, "attributes of the daily files")
    cli.add_evaluation(parser)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Read score tables and daily files of all models, write the comparison table."""
    arguments = parse(argv)
    settings = evaluation_settings(arguments.evaluation)
    paths = dict(cli.named_paths(arguments.scores, "--scores"))
    scores = {name: read_table(path) for name, path in paths.items()}
    daily = read_daily(dict(cli.named_paths(arguments.daily, "--daily")), arguments.expected)
    if scores.keys() != daily.keys():
        raise UserError(f"--scores names {sorted(scores)}, --daily {sorted(daily)}: give the same")
    refuse_other_tables(paths, daily)
    members = {name: int(table["members"].max()) for name, table in scores.items()}
    costs = {name: CostSources(**part) for name, part in json.loads(arguments.costs).items()}
    experiment = _section(arguments.experiment)
    shared = common_days(daily)
    refuse_other_days(daily, shared)
    paired = [
        skill_rows(shared, members, _references(experiment), settings),
        pair_rows(shared, members, _constrained(experiment), changes, settings),
        _claim_rows(shared, members, experiment, settings),
        _log_score_rows(shared, members, experiment, settings),
        pair_rows(shared, members, pairs(shared), scorecard_differences, settings),
        pair_rows(shared, members, [(name, name) for name in shared], reference_ratios, settings),
    ]
    # A claim may name a skill that all models have anyway.
    parts = [pd.concat(paired, ignore_index=True).drop_duplicates(KEYS)]
    for name, table in scores.items():
        parts.append(headline(table).assign(model=name))
        rows = cost_rows(paths[name], table, arguments.benchmarks, costs.get(name))
        parts.append(rows.assign(model=name))
        parts.append(_curve(paths[name], name, costs, rows.iloc[0]))
    for name, path in cli.named_paths(arguments.physics, "--physics"):
        parts.append(read_table(path, rule="check_physics").assign(model=name))
    comparison = pd.concat([part for part in parts if len(part)], ignore_index=True)
    write_table(comparison[["model", *COLUMNS, *BOOTSTRAP]], arguments.comparison)


def _curve(
    scores: Path, name: str, costs: Mapping[str, CostSources], row: pd.Series
) -> pd.DataFrame:
    """Return the learning curve of a model that was trained here."""
    sources = costs.get(name)
    if sources is None or not sources.trainings or sources.trainings[0] in sources.elsewhere:
        return pd.DataFrame(columns=COLUMNS)
    bundle = scores.parents[3] / "models" / sources.trainings[0]
    return curve_rows(bundle, row["members"], row["times"]).assign(model=name)


def _section(text: str) -> Mapping[str, Any]:
    experiment: Mapping[str, Any] = json.loads(text)
    for key in ("climatology_model", "reference_model"):
        if key not in experiment:
            raise UserError(f"--experiment lacks the key '{key}': pass the whole section")
    return experiment


def _references(experiment: Mapping[str, Any]) -> ReferenceModels:
    return ReferenceModels(experiment["climatology_model"], experiment["reference_model"])


def _constrained(experiment: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the pairs of constrained and unconstrained models."""
    pairs = experiment.get("constrained_models", ())
    return [(pair["model"], pair["unconstrained"]) for pair in pairs]


def _log_score_rows(
    daily: Mapping[str, xr.Dataset],
    members: Mapping[str, int],
    experiment: Mapping[str, Any],
    settings: Evaluation,
) -> pd.DataFrame:
    """Return differences of exact log scores, of models that have them."""
    pairs = log_scores.pairs(daily, experiment["reference_model"])
    return pair_rows(daily, members, pairs, log_scores.differences, settings)


def _claim_rows(
    daily: Mapping[str, xr.Dataset],
    members: Mapping[str, int],
    experiment: Mapping[str, Any],
    settings: Evaluation,
) -> pd.DataFrame:
    """Return the differences that the paired claims ask for, if both their models are here."""
    pair = experiment.get("challenger"), experiment.get("rival")
    scores = [
        PairedScore.model_validate(score)
        for claim in experiment.get("paired_claims", ())
        for score in claim["scores"]
    ]
    pairs = [pair] if set(pair) <= set(daily) else []
    return pair_rows(daily, members, pairs, partial(differences, scores=scores), settings)


if __name__ == "__main__":
    cli.run(main)
