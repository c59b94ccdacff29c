"""Score tables of the page: rows of models, columns of metrics, intervals, and the best marked."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from downbench.core.variables import VARIABLES
from downbench.plots.inputs import select
from downbench.report.column_groups import group_of
from downbench.report.columns import COSTS, HEADLINE, HEADLINE_COSTS, SCORES, WORDS, ScoreColumn
from downbench.report.criteria import PAIRED
from downbench.report.fixed_decimals import decimals_of, fixed
from downbench.report.heat import distance, shades
from downbench.report.page_table import Cell, Heading, PageTable
from downbench.report.paired_ties import ties_of
from downbench.scores.verdicts.dependent_members import suspicions

NOT_RANKED = frozenset({"oracle"})
"""Models that are benchmarks, not competitors."""


def tables(
    comparison: pd.DataFrame, experiment: Mapping[str, Any], driver: str
) -> list[PageTable]:
    """All tables of one driver: one per variable, then the costs."""
    present = set(comparison["model"])
    models = [name for name in experiment["models"] if name in present]
    scored = set(comparison["variable"].dropna())
    labels = experiment.get("labels", {})
    zeros = {
        role: labels.get(experiment[f"{role}_model"], experiment[f"{role}_model"])
        for role in ("climatology", "reference")
    }
    out = [
        _table(comparison, models, driver, variable, zeros)
        for variable in VARIABLES
        if variable in scored
    ]
    return [*out, _costs(comparison, models, driver)]


def number(value: float, like: float | None = None) -> str:
    """Three figures or so, or as many decimals as `like` gets, with a true minus sign."""
    if not np.isfinite(value):
        return "–"
    size = abs(value if like is None else like)
    if size >= 1000:
        text = f"{value:,.0f}".replace(",", "\u202f")
    elif size == 0 or size >= 1e-5:
        decimals = 2 - int(np.floor(np.log10(size))) if size else 0
        text = f"{value:.{min(max(decimals, 0), 3 if size >= 0.01 else 5)}f}"
    else:
        text = f"{value:.1e}"
    return text.replace("-", "−")


def _table(
    comparison: pd.DataFrame,
    models: Sequence[str],
    driver: str,
    variable: str,
    zeros: Mapping[str, str],
) -> PageTable:
    filled = []
    for column in SCORES:
        rows = {name: _row(comparison, name, variable, column) for name in models}
        if any(row is not None and np.isfinite(row["value"]) for row in rows.values()):
            filled.append((column, rows))
    members = comparison.groupby("model")["members"].max()
    single = {name for name in models if members[name] == 1}
    not_ranked = NOT_RANKED | suspicions(comparison).keys()
    headings, columns = [], []
    for column, rows in filled:
        reference = _value_of_reference(comparison, variable, column)
        headings.append(_heading(column, VARIABLES[variable].unit_symbol, reference, zeros))
        cells = _cells(column, rows, reference, single, not_ranked)
        columns.append(_with_ties(cells, comparison, variable, column, not_ranked))
    rows_of_variable = comparison[comparison["variable"] == variable]
    lines = [(name, [cells[name] for cells in columns]) for name in models]
    times = rows_of_variable["times"].max()
    count = int(times) if np.isfinite(times) else 0
    title = VARIABLES[variable].title
    return PageTable(f"{driver}-{variable}", title, headings, lines, count, HEADLINE)


def _costs(comparison: pd.DataFrame, models: Sequence[str], driver: str) -> PageTable:
    """Costs belong to a model, not to a variable."""
    columns = []
    for column in COSTS:
        costs = comparison[comparison["metric"] == column.metric].drop_duplicates("model")
        rows = dict.fromkeys(models) | {row["model"]: row for _, row in costs.iterrows()}
        columns.append(_cells(column, rows, np.nan, set()))
    lines = [(name, [cells[name] for cells in columns]) for name in models]
    headings = [_heading(column, "", np.nan, {}) for column in COSTS]
    return PageTable(f"{driver}-cost", "Cost", headings, lines, headline=HEADLINE_COSTS)


def _row(table: pd.DataFrame, model: str, variable: str, column: ScoreColumn) -> pd.Series | None:
    keys = {} if column.threshold is None else {"threshold": column.threshold}
    rows = select(table[table["model"] == model], variable, column.metric, **keys)
    full = rows[rows["scale"].isna() | (rows["scale"] == 1)]
    rows = full if len(full) else rows
    return rows.iloc[0] if len(rows) else None


def _value_of_reference(table: pd.DataFrame, variable: str, column: ScoreColumn) -> float:
    """Value of this statistic in the reference; NaN where the metric is a comparison."""
    if column.best != "reference":
        return np.nan
    rows = select(table, variable, f"{column.metric}_reference")["value"].dropna()
    return float(rows.iloc[0]) if len(rows) else np.nan


def _heading(
    column: ScoreColumn, unit: str, reference: float, zeros: Mapping[str, str]
) -> Heading:
    return Heading(
        column.key,
        column.words(**zeros),
        column.unit_of(unit),
        column.meaning,
        WORDS[column.best],
        number(reference) if np.isfinite(reference) else "",
        "" if column in COSTS else group_of(column.metric),
    )


def _cells(
    column: ScoreColumn,
    rows: Mapping[str, pd.Series | None],
    reference: float,
    single: set[str],
    not_ranked: Set[str] = NOT_RANKED,
) -> dict[str, Cell]:
    """Cells of one column by model, with the best one marked."""
    values = {n: r["value"] for n, r in rows.items() if r is not None and np.isfinite(r["value"])}
    decimals = decimals_of(values.values())
    ranked = {n: v for n, v in values.items() if n not in not_ranked}
    best = _best(column, ranked, reference, decimals)
    shade = shades(
        {name: distance(column.best, value, reference) for name, value in values.items()}
    )
    return {
        name: Cell(
            fixed(values[name], decimals),
            _interval(row, decimals),
            float(values[name]),
            name in best,
            shade=shade.get(name),
        )
        if name in values
        else Cell(_absent(column, name in single))
        for name, row in rows.items()
    }


def _with_ties(
    cells: dict[str, Cell],
    comparison: pd.DataFrame,
    variable: str,
    column: ScoreColumn,
    not_ranked: Set[str],
) -> dict[str, Cell]:
    """Mark all models that pairs do not separate from the best; none where nothing is best."""
    paired = PAIRED.get(column.metric)
    best = next((name for name, cell in cells.items() if cell.best), None)
    ties = paired and best and ties_of(comparison, variable, paired.paired, best, paired.scale)
    if not ties:
        return cells
    group = [n for n in cells if n == best or (n in ties and n not in not_ranked)]
    return {
        name: replace(
            cell,
            best=name in group,
            tied=name in group and len(group) > 1,
            shade=0 if name in group else cell.shade,
        )
        for name, cell in cells.items()
    }


def _absent(column: ScoreColumn, single: bool) -> str:
    unfit = single and column.needs_ensemble
    return "not comparable" if unfit else "–"


def _interval(row: pd.Series, decimals: int) -> str:
    """The interval with the decimals of its column; none where a model is compared with itself."""
    value, lower, upper = row["value"], row["lower"], row["upper"]
    if not (np.isfinite(lower) and np.isfinite(upper)) or lower == value == upper:
        return ""
    return f"{fixed(lower, decimals)} … {fixed(upper, decimals)}"


def _best(
    column: ScoreColumn, values: Mapping[str, float], reference: float, decimals: int
) -> set[str]:
    """Models with the best value as it is printed, so that what looks equal is marked equal."""
    distances = {name: distance(column.best, value, reference) for name, value in values.items()}
    if len(values) < 2 or np.isnan(list(distances.values())).any():
        return set()
    winner = min(distances, key=distances.get)
    printed = fixed(values[winner], decimals)
    return {name for name, value in values.items() if fixed(value, decimals) == printed}
