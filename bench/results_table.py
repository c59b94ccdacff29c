"""Print the Markdown tables of docs/results from a comparison.

    python bench/results_table.py COMPARISON.csv

One table per variable, one row per model; intervals in brackets. Columns are the scores
that claims rest on. A comparison of experiment 2 starts with violations of laws and their floors.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from downbench.report.columns import COSTS
from downbench.report.law_tables import FLOORS, LAWS
from downbench.report.score_tables import number

TOLERANCES = {"headline_percent": 5, "headline_k": 0.1}


@dataclass(frozen=True)
class MarkdownColumn:
    """A column filled from the rows of one metric, times `factor`; None: any scale, threshold."""

    heading: str
    metric: str
    scale: float | None = None
    threshold: float | None = None
    factor: float = 1.0


SCORECARD = (
    MarkdownColumn("CRPS", "crps", 1),
    MarkdownColumn("/ oracle", "crps_ratio_oracle", 1),
    MarkdownColumn("patches 4 × 4", "energy_score_patch", 4),
    MarkdownColumn("block maximum", "crps_block_maximum"),
    MarkdownColumn("LSD [dB]", "log_spectral_distance"),
    MarkdownColumn("spread–skill", "spread_skill"),
    MarkdownColumn("ranks not flat [%]", "rank_deviation", factor=100),
    MarkdownColumn("log score [nat]", "log_score"),
    MarkdownColumn("P99", "p99"),
)
"""What the claims of the experiments rest on."""


def law_columns(variable: str) -> list[MarkdownColumn]:
    """Return the headline metrics of laws about a variable."""
    return [
        MarkdownColumn(
            f"{column.heading} [{column.unit}]",
            column.metric,
            threshold=TOLERANCES.get(column.threshold, column.threshold),
            factor=column.factor,
        )
        for column in LAWS
        if column.headline and variable in column.variables
    ]


def cell(rows: pd.DataFrame, factor: float = 1.0) -> str:
    """Return "value [lower, upper]" of the first row, or a dash."""
    if rows.empty or pd.isna(rows.iloc[0]["value"]):
        return "–"
    value, *ends = factor * rows.iloc[0][["value", "lower", "upper"]].astype(float)
    if pd.isna(ends[0]):
        return number(value)
    return f"{number(value)} [{', '.join(number(end, like=value) for end in ends)}]"


def rows_of(rows: pd.DataFrame, column: MarkdownColumn) -> pd.DataFrame:
    """Select the rows of a column over all seasons."""
    mask = (rows["metric"] == column.metric) & (rows["season"].fillna("all") == "all")
    for name, value in (("scale", column.scale), ("threshold", column.threshold)):
        if value is not None and rows.loc[mask, name].notna().any():
            mask &= rows[name] == value
    return rows[mask]


def print_table(comparison: pd.DataFrame, variable: str) -> None:
    """Print one variable's table, without the columns that it has no number for."""
    rows = comparison[comparison["variable"] == variable]
    models = list(dict.fromkeys(rows["model"]))
    has_laws = rows["metric"].isin([column.metric for column in LAWS]).any()
    floors = FLOORS if has_laws else {}
    columns = [*(law_columns(variable) if has_laws else ()), *SCORECARD]
    table = {}
    for column in columns:
        cells = floor_cells(rows[rows["model"] == models[0]], column, list(floors.values()))
        cells += [
            cell(rows_of(rows[rows["model"] == model], column), column.factor) for model in models
        ]
        if set(cells) != {"–"}:
            table[column.heading] = cells
    print(f"| {variable} |", " | ".join(table), "|")
    print("|---" * (len(table) + 1) + "|")
    for row, model in enumerate([*floors, *models]):
        print(f"| {model} |", " | ".join(cells[row] for cells in table.values()), "|")
    print()


def floor_cells(rows: pd.DataFrame, column: MarkdownColumn, endings: Sequence[str]) -> list[str]:
    """Return the cells of what no model changes: the reference and interpolations."""
    floors = [replace(column, metric=f"{column.metric}{ending}") for ending in endings]
    return [cell(rows_of(rows, floor), floor.factor) for floor in floors]


def print_costs(comparison: pd.DataFrame) -> None:
    """Print what each model cost."""
    headings = [f"{column.heading} [{column.unit}]".replace("{day}", "day") for column in COSTS]
    print("| model |", " | ".join(headings), "|")
    print("|---" * (len(COSTS) + 1) + "|")
    for model in dict.fromkeys(comparison["model"]):
        rows = comparison[comparison["model"] == model]
        cells = [cell(rows[rows["metric"] == column.metric]) for column in COSTS]
        print(f"| {model} |", " | ".join(cells), "|")
    print()


def main() -> None:
    """Print the tables of every comparison named on the command line."""
    for path in map(Path, sys.argv[1:]):
        comparison = pd.read_csv(path)
        for variable in comparison["variable"].dropna().unique():
            print_table(comparison, variable)
        print_costs(comparison)


if __name__ == "__main__":
    main()
