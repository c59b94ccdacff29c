"""Print the Markdown tables and verdicts of docs/results/exp3.md.

Run it from the project's root, after `make exp3`:
    python bench/transfer_table.py --region synthetic --trained-on perfect
For each variable the present climate, its change and warm years; then predictor shift and
stations if there are any, as in the report; then the verdicts. Intervals in brackets.
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
from downbench.report.page_table import Cell, PageTable
from downbench.report.shift_tables import shift_tables
from downbench.report.station_tables import station_tables
from downbench.report.transfer_columns import COLUMNS, ClimateColumn
from downbench.report.transfer_tables import label_of, rows_of
from downbench.scores.climate.driver_chain import PRESENT
from downbench.scores.verdicts.climate_evidence import ClimateEvidence
from downbench.scores.verdicts.climate_models import verdicts

# (metric, heading); factor and threshold are those of the report's column
CLIMATE = (
    ("wasserstein_pooled", "distance"),
    ("wasserstein_pooled_floor", "noise floor"),
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
    ("signal_ratio_mean", "mean signal ratio"),
    ("relative_change_p99", "p99 %"),
    ("signal_ratio_p99", "p99 signal ratio"),
    ("change_rx1day", "Rx1day mm day⁻¹"),
    ("signal_ratio_rx1day", "Rx1day signal ratio"),
    ("change_p99_years", "P99: sd years"),
    ("change_p99_members", "P99: sd members"),
)
WARM_CHANGE = (
    ("change_mean", "mean K"),
    ("signal_ratio_mean", "mean signal ratio"),
    ("change_p99", "p99 K"),
    ("signal_ratio_p99", "p99 signal ratio"),
    ("change_txx", "txx K"),
    ("signal_ratio_txx", "txx signal ratio"),
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
    arguments = _parser().parse_args()
    region, trained_on, name = arguments.region, arguments.trained_on, arguments.experiment
    experiment = _experiment(region, trained_on, name)
    table = _gathered(
        arguments.results / region / trained_on / "driver-chain" / f"{name}.csv", name
    )
    evidence = ClimateEvidence(table, experiment)
    for variable in [name for name in VARIABLES if name in evidence.variables]:
        show_variable(evidence, variable, trained_on)
    for section in (
        *shift_tables(table, trained_on),
        *station_tables(table, experiment, trained_on),
    ):
        show_reported(section)
    show_verdicts(evidence)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--region", required=True, help="name of a region, such as synthetic")
    parser.add_argument("--trained-on", required=True, help="its training driver: perfect, …")
    parser.add_argument("--results", type=Path, default=Path("results"), help="results_dir")
    parser.add_argument("--experiment", default="exp3", help="an experiment on climate models")
    return parser


def _experiment(region: str, trained_on: str, name: str) -> dict:
    """Return the experiment with the models and labels of one training driver.

    Raises UserError when the region, its driver or its experiment is not configured.
    """
    project = load({"region": region}, Path("."))
    for kind, key, options in (
        ("training driver", trained_on, project.region.drivers),
        ("experiment", name, project.experiments),
    ):
        if key not in options:
            raise UserError(f"region {region}: {unknown(kind, key, sorted(options))}")
    return project.view(name, trained_on).model_dump(mode="json")


def _gathered(path: Path, name: str) -> pd.DataFrame:
    """Return the gathered table. Raises UserError when it does not exist."""
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
    """Return headings and one line per model and position in the chain, without empty columns."""
    reported = [(heading, REPORTED.get(m, ClimateColumn(m, "", "", ""))) for m, heading in columns]
    filled = [(heading, column) for heading, column in reported if len(rows_of(rows, column))]
    position = ["run", "stage", "model"]
    grouped = rows.assign(run=rows["run"].fillna("")).groupby(position, sort=False)
    cells = [
        [
            line_name(evidence, *keys, trained_on),
            *(cell(rows_of(part, column), column) for _, column in filled),
        ]
        for keys, part in grouped
    ]
    return [heading for heading, _ in filled], cells


def line_name(
    evidence: ClimateEvidence, run_name: str, stage: str, model: str, trained_on: str
) -> str:
    """Return a model and its driver, with the name of the climate model if there are several."""
    if stage == DYNAMICAL:
        return label_of(model, stage, {})
    if not trained_on:
        return evidence.label(model)
    driver = trained_on if stage == TRAINING else stage
    return f"{evidence.label(model)}, {driver}{among(evidence, run_name)}"


def among(evidence: ClimateEvidence, run_name: str) -> str:
    """Return the name of a climate model to append, if there are several."""
    return f" {run_name}" if run_name and len(evidence.runs) > 1 else ""


def cell(rows: pd.DataFrame, column: ClimateColumn) -> str:
    """Return value [lower, upper] in the unit of the column, or a dash."""
    if rows.empty:
        return NONE
    value, lower, upper = rows.iloc[0][["value", "lower", "upper"]].astype(float) * column.factor
    form = f".{decimals(value)}f"
    has_interval = np.isfinite([lower, upper]).all() and lower < upper
    return f"{value:{form}}" + (f" [{lower:{form}}, {upper:{form}}]" if has_interval else "")


def decimals(value: float) -> int:
    """Return the decimals that three significant figures need, at most three."""
    return min(max(2 - int(np.floor(np.log10(abs(value)))), 0), 3) if value else 2


def show(title: str, corner: str, headings: list[str], lines: Iterable[list[str]]) -> None:
    """Print one table, unless it is empty."""
    if not headings:
        return
    print(f"**{title}**\n")
    print("|", " | ".join([corner, *headings]), "|")
    print("|---" * (len(headings) + 1) + "|")
    for line in lines:
        print("|", " | ".join(line), "|")
    print()


def show_spread(evidence: ClimateEvidence, change: pd.DataFrame, variable: str) -> None:
    """Print the spread between learned models under corrected runs, if there are several."""
    corrected = change[(change["stage"] == CORRECTED) & change["model"].isin(evidence.models)]
    row = VARIABLES[variable]
    name, unit = ("relative_change", "%") if row.is_intermittent else ("change", row.unit_symbol)
    for run_name, quantity in product(evidence.runs, ("mean", "p99")):
        of_run = corrected[corrected["run"] == run_name]
        spread = rows_of(of_run, REPORTED[f"{name}_{quantity}"])["value"].std(ddof=1)
        if np.isfinite(spread):
            run = f"corrected{among(evidence, run_name)}"
            print(f"Standard deviation between learned models, {run}, ", end="")
            print(f"{quantity}: {spread:.3g} {unit}\n")


def show_reported(table: PageTable) -> None:
    """Print a table of the report."""
    headings = [f"{head.words} [{head.unit}]" for head in table.headings]
    lines = [[name, *map(reported, cells)] for name, cells in table.rows]
    show(table.title, "", headings, lines)


def reported(cell: Cell) -> str:
    """Return a cell of the report, with the interval in brackets and plain minus signs."""
    span = f" [{cell.interval.replace(' … ', ', ')}]" if cell.interval else ""
    return f"{cell.text}{span}".replace("−", "-")


def show_verdicts(evidence: ClimateEvidence) -> None:
    """Print each claim, its label, and the sentences with the numbers."""
    print("**Verdicts**\n")
    for number, verdict in enumerate(verdicts(evidence.table, evidence.experiment), 1):
        print(f"{number}. {verdict.claim} **{verdict.label.capitalize()}.**")
        for sentence in verdict.sentences[1:]:
            print(f"   * {sentence}")


if __name__ == "__main__":
    run(main)
