"""Markdown tables of docs/results from a comparison:  python bench/results_table.py COMPARISON.csv

One table per variable, one row per model; intervals in brackets.
"""

import sys
from pathlib import Path

import pandas as pd

# (heading, metric, scale, threshold, season, format)
COLUMNS = (
    ("CRPS", "crps", 1, None, "all", ".3f"),
    ("/ oracle", "crps_ratio_oracle", 1, None, "all", ".3f"),
    ("skill / climatology", "crps_skill_climatology", 1, None, "all", ".3f"),
    ("skill / dressed UNet", "crps_skill_dressed", 1, None, "all", ".3f"),
    ("CRPS 8 × 8", "crps", 8, None, "all", ".3f"),
    ("CRPS wet", "crps_wet", None, None, "all", ".2f"),
    ("spread–skill", "spread_skill", None, None, "all", ".2f"),
    ("LSD dB", "log_spectral_distance", None, None, "all", ".1f"),
    ("log-likelihood", "log_likelihood_kde", None, None, "all", ".2f"),
    ("twCRPS P99", "twcrps", None, 99, "all", ".3f"),
    ("wet days", "wet_day_frequency", None, None, "all", ".3f"),
    ("P99", "p99", None, None, "all", ".1f"),
)
COSTS = (("training s", "training_s"), ("sampling s / member-day", "sampling_s_per_member_day"))


def cell(rows: pd.DataFrame, form: str) -> str:
    """value [lower, upper] of one row, or a dash."""
    if rows.empty or pd.isna(rows.iloc[0]["value"]):
        return "–"
    value, lower, upper = rows.iloc[0][["value", "lower", "upper"]]
    if pd.isna(lower):
        return f"{value:{form}}"
    return f"{value:{form}} [{lower:{form}}, {upper:{form}}]"


def chosen(rows: pd.DataFrame, column: tuple) -> pd.DataFrame:
    """The row of a column's metric, scale, threshold and season."""
    _, metric, scale, threshold, season, _ = column
    keep = (rows["metric"] == metric) & (rows["season"].fillna("all") == season)
    for name, value in (("scale", scale), ("threshold", threshold)):
        if value is not None and rows.loc[keep, name].notna().any():
            keep &= rows[name] == value
    return rows[keep]


def show(comparison: pd.DataFrame, variable: str) -> None:
    """Print one variable's table, without the columns that it has no number for."""
    own = comparison[comparison["variable"] == variable]
    models = list(dict.fromkeys(own["model"]))
    table = {
        column[0]: [cell(chosen(own[own["model"] == m], column), column[-1]) for m in models]
        for column in COLUMNS
    }
    table = {name: cells for name, cells in table.items() if set(cells) != {"–"}}
    print(f"| {variable} |", " | ".join(table), "|")
    print("|---" * (len(table) + 1) + "|")
    for row, model in enumerate(models):
        print(f"| {model} |", " | ".join(cells[row] for cells in table.values()), "|")
    print()


def show_costs(comparison: pd.DataFrame) -> None:
    """Print what each model cost."""
    print("| model |", " | ".join(name for name, _ in COSTS), "|")
    print("|---" * (len(COSTS) + 1) + "|")
    for model in dict.fromkeys(comparison["model"]):
        own = comparison[comparison["model"] == model]
        cells = [cell(own[own["metric"] == metric], ".3g") for _, metric in COSTS]
        print(f"| {model} |", " | ".join(cells), "|")
    print()


def main() -> None:
    """Print the tables of every comparison named on the command line."""
    for path in map(Path, sys.argv[1:]):
        comparison = pd.read_csv(path)
        for variable in comparison["variable"].dropna().unique():
            show(comparison, variable)
        show_costs(comparison)


if __name__ == "__main__":
    main()
