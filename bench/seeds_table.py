"""What another training seed changes:  python bench/seeds_table.py SEED1.csv SEED2.csv …

Comparisons of one experiment and region, one per seed. Cells hold the mean over seeds and, in
brackets, the lowest and the highest; beside them stands the interval over days of the first seed,
so that both kinds of uncertainty can be seen. Models that not all seeds have are left out.
"""

import sys
from pathlib import Path

import pandas as pd
from results_table import LAWS, chosen

# What obeying costs, against the same model without: (heading, beginning of the metric, factor)
PRICES = (
    ("CRPS %", "crps_skill", -100.0, "+.1f"),
    ("LSD dB", "log_spectral_distance", 1.0, "+.2f"),
    ("P99 %", "p99", 100.0, "+.1f"),
    ("spread–skill", "spread_skill", 1.0, "+.3f"),
)


def main() -> None:
    """Print, per variable, levels of all models and then the prices of those that obey."""
    seeds = [pd.read_csv(path) for path in map(Path, sys.argv[1:])]
    shared = set.intersection(*(set(table["model"]) for table in seeds))
    for variable in seeds[0]["variable"].dropna().unique():
        own = [table[table["variable"] == variable] for table in seeds]
        models = [name for name in dict.fromkeys(own[0]["model"]) if name in shared]
        show_levels(own, variable, models)
        show_prices(own, variable, models)


def show_levels(seeds: list[pd.DataFrame], variable: str, models: list[str]) -> None:
    """One row per model, one column per law or score."""
    columns = {
        column[0]: [cell([chosen(of(one, m), column) for one in seeds], 1, column[-1])
                    for m in models]
        for column in LAWS
    }  # fmt: skip
    table(variable, models, columns)


def show_prices(seeds: list[pd.DataFrame], variable: str, models: list[str]) -> None:
    """One row per pair of models, one column per change."""
    pairs = [(m, base) for m in models for base in models if m.startswith(f"{base}-")]
    columns = {
        heading: [
            cell([exactly(of(one, m), f"{metric}_versus_{base}") for one in seeds], factor, form)
            for m, base in pairs
        ]
        for heading, metric, factor, form in PRICES
    }
    names = [f"{m} against {base}" for m, base in pairs]
    # Of two models that are not one and its way to obey, the CRPS alone is compared.
    known = [i for i in range(len(names)) if columns["LSD dB"][i] != "–"]
    kept = {heading: [cells[i] for i in known] for heading, cells in columns.items()}
    table(f"{variable}, change", [names[i] for i in known], kept)


def of(table: pd.DataFrame, model: str) -> pd.DataFrame:
    """Rows of one model."""
    return table[table["model"] == model]


def exactly(rows: pd.DataFrame, metric: str) -> pd.DataFrame:
    """All-season rows of one metric."""
    return rows[(rows["metric"] == metric) & (rows["season"].fillna("all") == "all")]


def cell(rows: list[pd.DataFrame], factor: float, form: str) -> str:
    """mean [lowest, highest] over seeds; (interval over days of the first seed)."""
    if any(one.empty or pd.isna(one.iloc[0]["value"]) for one in rows):
        return "–"
    values = [factor * one.iloc[0]["value"] for one in rows]
    ends = sorted(factor * rows[0].iloc[0][end] for end in ("lower", "upper"))
    text = f"{sum(values) / len(values):{form}} [{min(values):{form}}, {max(values):{form}}]"
    return text if pd.isna(ends[0]) else f"{text} ({ends[0]:{form}} … {ends[1]:{form}})"


def table(title: str, names: list[str], columns: dict[str, list[str]]) -> None:
    """Print without the columns that have no number."""
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
