"""Markdown tables and verdicts of docs/results/exp3.md from what an experiment has gathered.

Run it from the project's root, after `make exp3`:
    python bench/transfer_table.py --region synthetic --trained-on perfect
Per variable the climate of the present, its change and warm years; then predictor shift and
stations where there are any, as the report has them; then the verdicts. Intervals in brackets.
"""

import argparse
from collections.abc import Iterable
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from downbench.core.cli import run
from downbench.core.config.loading import load
from downbench.core.config.messages import unknown
from downbench.core.errors import UserError
from downbench.core.io.tables import read_table
from downbench.core.stages import CORRECTED, DYNAMICAL, TRAINING
from downbench.core.variables import VARIABLES
from downbench.report.score_tables import Cell, Table
from downbench.report.shift_tables import shift_tables
from downbench.report.station_tables import station_tables
from downbench.report.transfer_columns import COLUMNS, Column
from downbench.report.transfer_tables import label_of, rows_of
from downbench.scores.climate.driver_chain import PRESENT
from downbench.scores.verdicts.climate_evidence import ClimateEvidence
from downbench.scores.verdicts.climate_models import verdicts

# (metric, heading); factor and threshold are those of the report's column
CLIMATE = (
    ("wasserstein_pooled", "distance"),
    ("wasserstein_pooled_floor", "few years alone"),
    ("mean_bias", "mean, bias"),
    ("quantile_bias", "P99, bias"),
    ("wasserstein", "distance, cells"),
    ("wet_day_frequency_bias", "wet days, bias %"),
    ("rx1day_bias", "Rx1day, bias"),
    ("cdd_bias", "CDD, bias"),
    ("txx_bias", "warmest, bias"),
    ("txn_bias", "coldest, bias"),
    ("lag1_bias", "lag 1, bias"),
    ("spatial_correlation_bias", "next cell, bias"),
)
RAIN_CHANGE = (
    ("relative_change_mean", "mean %"),
    ("signal_ratio_mean", "mean kept"),
    ("relative_change_p99", "p99 %"),
    ("signal_ratio_p99", "p99 kept"),
    ("change_rx1day", "Rx1day mm day⁻¹"),
    ("signal_ratio_rx1day", "Rx1day kept"),
    ("change_p99_years", "P99: sd years"),
    ("change_p99_members", "P99: sd members"),
)
WARM_CHANGE = (
    ("change_mean", "mean K"),
    ("signal_ratio_mean", "mean kept"),
    ("change_p99", "p99 K"),
    ("signal_ratio_p99", "p99 kept"),
    ("change_txx", "txx K"),
    ("signal_ratio_txx", "txx kept"),
    ("change_mean_years", "mean: sd years"),
    ("change_mean_members", "mean: sd members"),
)
WARM_YEARS = (
    ("crps_test", "CRPS, others"),
    ("crps_warm", "CRPS, warm"),
    ("crps_skill_reference_test", "skill, others"),
    ("crps_skill_reference_warm", "skill, warm"),
    ("crps_skill_reference_difference", "difference"),
    ("crps_ratio_oracle_difference", "/ oracle, difference"),
)
REPORTED = {column.metric: column for column in COLUMNS}
NONE = "–"


def main() -> None:
    """Print all tables of one region and training driver, then the verdicts."""
    options = _parser().parse_args()
    region, trained_on, name = options.region, options.trained_on, options.experiment
    experiment = _experiment(region, trained_on, name)
    table = _gathered(options.results / region / trained_on / "transfer" / f"{name}.csv", name)
    evidence = ClimateEvidence(table, experiment)
    for variable in [known for known in VARIABLES if known in evidence.variables]:
        show_variable(evidence, variable, trained_on)
    for made in (*shift_tables(table, trained_on), *station_tables(table, experiment, trained_on)):
        show_reported(made)
    show_verdicts(evidence)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--region", required=True, help="name of a region, such as synthetic")
    parser.add_argument("--trained-on", required=True, help="its training driver: perfect, …")
    parser.add_argument("--results", type=Path, default=Path("results"), help="results_dir")
    parser.add_argument("--experiment", default="exp3", help="an experiment on climate models")
    return parser


def _experiment(region: str, trained_on: str, name: str) -> dict:
    """The experiment with the models and labels of one training driver.

    Raises UserError when the region, its driver or its experiment is not configured.
    """
    project = load({"region": region}, Path("."))
    for what, key, known in (
        ("training driver", trained_on, project.region.drivers),
        ("experiment", name, project.experiments),
    ):
        if key not in known:
            raise UserError(f"region {region}: {unknown(what, key, sorted(known))}")
    return project.view(name, trained_on).model_dump(mode="json")


def _gathered(path: Path, name: str) -> pd.DataFrame:
    """The gathered table. Raises UserError when it was not made."""
    if not path.exists():
        raise UserError(f"{path}: no such table; run `make {name}` or name another --results")
    return read_table(path)


def show_variable(evidence: ClimateEvidence, variable: str, trained_on: str) -> None:
    """Print the climate of the present, its change, and warm years."""
    rows = evidence.rows(variable=variable)
    present = rows[(rows["part"] == "climate") & (rows["period"] == PRESENT)]
    change, warm = (rows[rows["part"] == part] for part in ("change", "warm"))
    of_change = RAIN_CHANGE if variable == "pr" else WARM_CHANGE
    show(
        f"Climate of the present, {variable}",
        variable,
        *lines(evidence, present, CLIMATE, trained_on),
    )
    show(f"Change, {variable}", variable, *lines(evidence, change, of_change, trained_on))
    show_spread(evidence, change, variable)
    show(f"Warm years, {variable}", variable, *lines(evidence, warm, WARM_YEARS))


def lines(
    evidence: ClimateEvidence, rows: pd.DataFrame, columns: tuple, trained_on: str = ""
) -> tuple[list[str], list[list[str]]]:
    """Headings, and one line per model and place in the chain, without columns of no number."""
    reported = [(heading, REPORTED.get(m, Column(m, "", "", ""))) for m, heading in columns]
    filled = [(heading, column) for heading, column in reported if len(rows_of(rows, column))]
    places = ["run", "stage", "model"]
    grouped = rows.assign(run=rows["run"].fillna("")).groupby(places, sort=False)
    found = [
        [
            line_name(evidence, *place, trained_on),
            *(cell(rows_of(own, column), column) for _, column in filled),
        ]
        for place, own in grouped
    ]
    return [heading for heading, _ in filled], found


def line_name(
    evidence: ClimateEvidence, run_name: str, stage: str, model: str, trained_on: str
) -> str:
    """A model with what drove it; the climate model is named where there are several."""
    if stage == DYNAMICAL:
        return label_of(model, stage, {})
    if not trained_on:
        return evidence.label(model)
    driver = trained_on if stage == TRAINING else stage
    return f"{evidence.label(model)}, {driver}{among(evidence, run_name)}"


def among(evidence: ClimateEvidence, run_name: str) -> str:
    """The name of a climate model, to put behind a word, where there are several."""
    return f" {run_name}" if run_name and len(evidence.runs) > 1 else ""


def cell(rows: pd.DataFrame, column: Column) -> str:
    """value [lower, upper] in the unit of the column, or a dash."""
    if rows.empty:
        return NONE
    value, lower, upper = rows.iloc[0][["value", "lower", "upper"]].astype(float) * column.factor
    form = f".{decimals(value)}f"
    known = np.isfinite([lower, upper]).all() and lower < upper
    return f"{value:{form}}" + (f" [{lower:{form}}, {upper:{form}}]" if known else "")


def decimals(value: float) -> int:
    """As many as three figures need, but three at most."""
    return min(max(2 - int(np.floor(np.log10(abs(value)))), 0), 3) if value else 2


def show(title: str, corner: str, headings: list[str], found: Iterable[list[str]]) -> None:
    """Print one table, unless it is empty."""
    if not headings:
        return
    print(f"**{title}**\n")
    print("|", " | ".join([corner, *headings]), "|")
    print("|---" * (len(headings) + 1) + "|")
    for line in found:
        print("|", " | ".join(line), "|")
    print()


def show_spread(evidence: ClimateEvidence, change: pd.DataFrame, variable: str) -> None:
    """Print what the choice of the learned model makes of mapped runs, if there are several."""
    mapped = change[(change["stage"] == CORRECTED) & change["model"].isin(evidence.models)]
    row = VARIABLES[variable]
    name, unit = ("relative_change", "%") if row.is_intermittent else ("change", row.unit_symbol)
    for run_name, quantity in product(evidence.runs, ("mean", "p99")):
        of_run = mapped[mapped["run"] == run_name]
        spread = rows_of(of_run, REPORTED[f"{name}_{quantity}"])["value"].std(ddof=1)
        if np.isfinite(spread):
            print(f"Standard deviation between learned models, mapped{among(evidence, run_name)}, "
                  f"{quantity}: {spread:.3g} {unit}\n")  # fmt: skip


def show_reported(made: Table) -> None:
    """Print a table of the report."""
    headings = [f"{head.words} [{head.unit}]" for head in made.headings]
    found = [[name, *map(reported, cells)] for name, cells in made.rows]
    show(made.title, "", headings, found)


def reported(one: Cell) -> str:
    """A cell of the report, with the interval in brackets and plain minus signs."""
    span = f" [{one.interval.replace(' … ', ', ')}]" if one.interval else ""
    return f"{one.text}{span}".replace("−", "-")


def show_verdicts(evidence: ClimateEvidence) -> None:
    """Print each claim, its label, and the sentences with the numbers."""
    print("**Verdicts**\n")
    for number, one in enumerate(verdicts(evidence.table, evidence.experiment), 1):
        print(f"{number}. {one.claim} **{one.label.capitalize()}.**")
        for sentence in one.sentences[1:]:
            print(f"   * {sentence}")


if __name__ == "__main__":
    run(main)
