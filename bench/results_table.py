"""Markdown tables of docs/results from a comparison:  python bench/results_table.py COMPARISON.csv

One table per variable, one row per model; intervals in brackets. A comparison of experiment 2 gets
violations with their floors, and what obeying costs.
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
    ("seams", "seam_index", None, None, "all", ".2f"),
    ("log-likelihood", "log_likelihood_kde", None, None, "all", ".2f"),
    ("twCRPS P99", "twcrps", None, 99, "all", ".3f"),
    ("wet days", "wet_day_frequency", None, None, "all", ".3f"),
    ("P99", "p99", None, None, "all", ".1f"),
)
VIOLATIONS = "mass_violation_rate"
LAWS = (
    ("mass, rain", VIOLATIONS, None, 5, "all", ".3f"),
    ("mass, temperature", VIOLATIONS, None, 0.1, "all", ".3f"),
    ("without moisture", "rain_without_moisture_cells", None, 5, "all", ".3f"),
    ("beyond the budget", "rain_beyond_budget_cells", None, 5, "all", ".3f"),
    ("CC rate P99 %/K", "cc_rate", None, 99, "all", ".1f"),
    ("CRPS", "crps", 1, None, "all", ".3f"),
    ("CRPS 8 × 8", "crps", 8, None, "all", ".3f"),
    ("spread–skill", "spread_skill", None, None, "all", ".2f"),
    ("LSD dB", "log_spectral_distance", None, None, "all", ".1f"),
    ("wet days", "wet_day_frequency", None, None, "all", ".3f"),
    ("P99", "p99", None, None, "all", ".1f"),
)
FLOORS = {"truth": "_truth", "interpolation": "_bilinear"}
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
    obeying = VIOLATIONS in set(own["metric"])
    models = list(dict.fromkeys(own["model"]))
    table = {}
    for column in LAWS if obeying else COLUMNS:
        cells = [cell(chosen(own[own["model"] == m], column), column[-1]) for m in models]
        if obeying:
            cells = floors(own[own["model"] == models[0]], column) + cells
        if set(cells) != {"–"}:
            table[column[0]] = cells
    print(f"| {variable} |", " | ".join(table), "|")
    print("|---" * (len(table) + 1) + "|")
    for row, model in enumerate([*(FLOORS if obeying else ()), *models]):
        print(f"| {model} |", " | ".join(cells[row] for cells in table.values()), "|")
    print()


def floors(rows: pd.DataFrame, column: tuple) -> list[str]:
    """A column's cells for what stands beside all models: the truth and its interpolation."""
    name, metric, *rest = column
    found = [chosen(rows, (name, metric + ending, *rest)) for ending in FLOORS.values()]
    return [cell(one, column[-1]) for one in found]


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
