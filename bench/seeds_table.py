"""Tabulate how much scores depend on the training seed.

    python bench/seeds_table.py SEED1.csv SEED2.csv …

Reads the comparisons of one experiment and region, one per seed. Cells hold the mean over seeds,
in brackets the lowest and the highest, and in parentheses the interval over days of the first
seed: both kinds of uncertainty. Models that some seeds lack are left out.
"""

import argparse
from pathlib import Path

import pandas as pd
from results_table import SCORECARD, law_columns, rows_of

# Against the unconstrained model: (heading, prefix of metric, factor, format)
COSTS = (
    ("CRPS %", "crps_skill", -100.0, "+.1f"),
    ("LSD dB", "log_spectral_distance", 1.0, "+.2f"),
    ("P99 %", "p99", 100.0, "+.1f"),
    ("spread–skill", "spread_skill", 1.0, "+.3f"),
)


def main() -> None:
    """Print, per variable, scores of all models and then the cost of each constraint."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("comparisons", nargs="+", type=Path, metavar="CSV", help="one per seed")
    seeds = [pd.read_csv(path) for path in parser.parse_args().comparisons]
    shared = set.intersection(*(set(table["model"]) for table in seeds))
    for variable in seeds[0]["variable"].dropna().unique():
        tables = [table[table["variable"] == variable] for table in seeds]
        models = [name for name in dict.fromkeys(tables[0]["model"]) if name in shared]
        show_levels(tables, variable, models)
        show_costs(tables, variable, models)


def show_levels(seeds: list[pd.DataFrame], variable: str, models: list[str]) -> None:
    """Print one row per model, one column per law or score."""
    columns = {
        column.heading: [
            cell([rows_of(of(seed, model), column) for seed in seeds], column.factor, ".4g")
            for model in models
        ]
        for column in (*law_columns(variable), *SCORECARD)
    }
    table(variable, models, columns)


def show_costs(seeds: list[pd.DataFrame], variable: str, models: list[str]) -> None:
    """Print one row per pair of models, one column per change."""
    pairs = [(m, base) for m in models for base in models if m.startswith(f"{base}-")]
    columns = {
        heading: [
            cell([exactly(of(seed, m), f"{metric}_versus_{base}") for seed in seeds], factor, form)
            for m, base in pairs
        ]
        for heading, metric, factor, form in COSTS
    }
    names = [f"{m} against {base}" for m, base in pairs]
    # Two models that are not a constrained model and its unconstrained one share the CRPS only.
    complete = [i for i in range(len(names)) if columns["LSD dB"][i] != "–"]
    kept = {heading: [cells[i] for i in complete] for heading, cells in columns.items()}
    table(f"{variable}, change", [names[i] for i in complete], kept)


def of(table: pd.DataFrame, model: str) -> pd.DataFrame:
    """Return the rows of one model."""
    return table[table["model"] == model]


def exactly(rows: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Return the all-season rows of one metric."""
    return rows[(rows["metric"] == metric) & (rows["season"].fillna("all") == "all")]


def cell(rows: list[pd.DataFrame], factor: float, form: str) -> str:
    """Return mean [lowest, highest] over seeds and (interval over days of the first seed)."""
    if any(row.empty or pd.isna(row.iloc[0]["value"]) for row in rows):
        return "–"
    values = [factor * row.iloc[0]["value"] for row in rows]
    ends = sorted(factor * rows[0].iloc[0][end] for end in ("lower", "upper"))
    text = f"{sum(values) / len(values):{form}} [{min(values):{form}}, {max(values):{form}}]"
    return text if pd.isna(ends[0]) else f"{text} ({ends[0]:{form}} … {ends[1]:{form}})"


def table(title: str, names: list[str], columns: dict[str, list[str]]) -> None:
    """Print a table without the columns that have no number."""
    kept = {heading: cells for heading, cells in columns.items() if set(cells) - {"–"}}
    if not names or not kept:
        return
    print(f"| {title} |", " | ".join(kept), "|")
    print("|---" * (len(kept) + 1) + "|")
    for row, name in enumerate(names):
        print(f"| {name} |", " | ".join(cells[row] for cells in kept.values()), "|")
    print()


if __name__ == "__main__":
    main()
