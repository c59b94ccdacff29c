"""Tables about physical laws: violation rates above their floors, and the cost of constraints.

No value is marked as best: a zero can be by construction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from downbench.core.variables import RAIN, TEMPERATURES, VARIABLES
from downbench.laws.law import TEMPERATURE, LawMetric
from downbench.laws.law_registry import law_metrics
from downbench.plots.inputs import select
from downbench.report.page_table import Cell, Heading, PageTable
from downbench.scores.metric import Metric
from downbench.scores.paired.paired_metrics import CHANGES

FLOORS = {"reference": "_reference", "coarse input": "_input", "interpolation": "_bilinear"}
"""Rows above the models, and the end of their metrics."""


@dataclass(frozen=True)
class LawColumn:
    """One column, filled from the rows of one metric.

    Attributes
    ----------
    metric
        Name in the comparison; of a change its beginning, before the other model's name.
    heading
        Words above the column.
    unit
        Unit after multiplying by `factor`.
    meaning
        One or two sentences for the glossary.
    factor
        From the comparison's unit to this one.
    variable
        Name of a variable, or `temperature` for the region's temperature.
    threshold
        Key of the tolerance in `evaluation.physics`, or the threshold itself.
    headline
        Is it a column of short tables?
    """

    metric: str
    heading: str
    unit: str
    meaning: str
    factor: float
    variable: str = RAIN
    threshold: str | float | None = None
    headline: bool = False

    @property
    def variables(self) -> tuple[str, ...]:
        """Variables whose rows may fill the column."""
        return TEMPERATURES if self.variable == TEMPERATURE else (self.variable,)


def columns_of_laws(metrics: Iterable[LawMetric]) -> tuple[LawColumn, ...]:
    """Return the columns of all metrics with a heading, by their position."""
    with_heading = [metric for metric in metrics if metric.heading]
    return tuple(
        _column(metric, threshold)
        for metric in sorted(with_heading, key=lambda metric: metric.position)
        for threshold in metric.thresholds or (metric.tolerance,)
    )


def _column(metric: LawMetric, threshold: str | float | None) -> LawColumn:
    words = f"{threshold:g}" if isinstance(threshold, float) else ""
    return LawColumn(
        metric.name,
        metric.heading.replace("{threshold}", words),
        metric.unit,
        metric.meaning.replace("{threshold}", words),
        metric.factor,
        metric.variable,
        threshold,
        metric.headline,
    )


def _column_of_change(metric: Metric) -> LawColumn:
    return LawColumn(metric.name, metric.heading, metric.unit, metric.meaning, metric.factor)


LAWS = columns_of_laws(metric for _, metric in law_metrics())
CONSTRAINT_COSTS = tuple(_column_of_change(metric) for metric in CHANGES if metric.heading)


def law_tables(
    comparison: pd.DataFrame, experiment: Mapping[str, Any], laws: Mapping[str, Any], driver: str
) -> list[PageTable]:
    """Violations of all models with their floors, then per variable the cost of constraints."""
    present = set(comparison["model"])
    models = [name for name in experiment["models"] if name in present]
    pairs = [
        pair
        for pair in experiment["constrained_models"]
        if {pair["model"], pair["unconstrained"]} <= present
    ]
    variables = [name for name in VARIABLES if (comparison["variable"] == name).any()]
    return [
        _violations(comparison, models, laws, driver),
        *(_constraint_costs(comparison, pairs, name, driver) for name in variables if pairs),
    ]


def _violations(
    comparison: pd.DataFrame, models: Sequence[str], laws: Mapping[str, Any], driver: str
) -> PageTable:
    headings, columns = [], []
    for column in LAWS:
        rows = {name: _law(comparison, [name], column, "", laws) for name in models}
        floors = {n: _law(comparison, models, column, end, laws) for n, end in FLOORS.items()}
        cells = {name: _cell(row, column) for name, row in (floors | rows).items()}
        if any(cells[name].order is not None for name in models):
            headings.append(_heading(column, _key(column)))
            columns.append(cells)
    lines = [(name, [cells[name] for cells in columns]) for name in (*FLOORS, *models)]
    headline = [_key(column) for column in LAWS if column.headline]
    title = "Violations of physical laws"
    return PageTable(f"{driver}-laws", title, headings, lines, headline=headline)


def _law(
    comparison: pd.DataFrame,
    models: Sequence[str],
    column: LawColumn,
    end: str,
    laws: Mapping[str, Any],
) -> pd.Series | None:
    """The row of the first of `models` that has one."""
    key = column.threshold
    threshold = laws[key] if isinstance(key, str) else key
    selection = {} if threshold is None else {"threshold": threshold}
    of_models = comparison[comparison["model"].isin(models)]
    rows = pd.concat(
        select(of_models, name, f"{column.metric}{end}", **selection) for name in column.variables
    )
    return rows.iloc[0] if len(rows) else None


def _constraint_costs(
    comparison: pd.DataFrame,
    constrained_models: Sequence[Mapping[str, str]],
    variable: str,
    driver: str,
) -> PageTable:
    headings, columns = [], []
    for column in CONSTRAINT_COSTS:
        cells = {}
        for pair in constrained_models:
            of_model = comparison[comparison["model"] == pair["model"]]
            rows = select(of_model, variable, f"{column.metric}_versus_{pair['unconstrained']}")
            cells[pair["model"]] = _cell(rows.iloc[0] if len(rows) else None, column)
        if any(cell.order is not None for cell in cells.values()):
            headings.append(_heading(column, column.metric))
            columns.append(cells)
    lines = [
        (pair["model"], [cells[pair["model"]] for cells in columns]) for pair in constrained_models
    ]
    title = (
        f"Cost of the constraint: {VARIABLES[variable].long_name}, against the unconstrained model"
    )
    return PageTable(f"{driver}-{variable}-constraint-cost", title, headings, lines)


def _cell(row: pd.Series | None, column: LawColumn) -> Cell:
    if row is None or not np.isfinite(row["value"]):
        return Cell("–")
    value = float(column.factor * row["value"])
    ends = sorted(column.factor * row[end] for end in ("lower", "upper"))
    words = [_number(end) for end in ends]
    has_width = np.isfinite(ends).all() and set(words) != {_number(value)}
    return Cell(_number(value), " … ".join(words) if has_width else "", value)


def _number(value: float) -> str:
    """Two decimals below ten, one above; what rounds to nothing is zero."""
    if abs(value) < 0.005:
        return "0"
    return f"{value:.{2 if abs(value) < 10 else 1}f}".replace("-", "−")


def _key(column: LawColumn) -> str:
    """Return the name of a column in links."""
    return f"{column.metric}-{column.heading}".lower().replace(" ", "-").replace(",", "")


def _heading(column: LawColumn, key: str) -> Heading:
    return Heading(key, column.heading, column.unit, column.meaning, "for information")
