"""Tables about physical laws: violations beside their floors, and what obeying costs.

No value is marked as best: a zero can be by construction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from downbench.core.variables import RAIN, TEMPERATURES, VARIABLES
from downbench.plots.inputs import select
from downbench.report.score_tables import Cell, Heading, Table

FLOORS = {"truth": "_truth", "coarse input": "_input", "interpolation": "_bilinear"}
"""Rows above the models, and the end of their metrics."""


@dataclass(frozen=True)
class Column:
    """One column, filled from the rows of one metric.

    Attributes
    ----------
    metric
        Name in the comparison; of a price its beginning, before the other model's name.
    heading
        Words above the column.
    unit
        Unit after multiplying by `factor`.
    meaning
        One or two sentences for the glossary.
    factor
        From the comparison's unit to this one.
    variable
        `pr`, or `temperature` for the region's temperature.
    threshold
        Key of the tolerance among the laws, or the threshold itself.
    """

    metric: str
    heading: str
    unit: str
    meaning: str
    factor: float = 100.0
    variable: str = "pr"
    threshold: str | float | None = None


LAWS = (
    Column(
        "mass_violation_rate",
        "Mass, rain",
        "%",
        "Share of coarse cells, {day}s and members whose block mean of rain is not the driver's, "
        "beyond the tolerance that the verdict names.",
        threshold="headline_percent",
    ),
    Column(
        "mass_violation_rate",
        "Mass, temperature",
        "%",
        "The same of temperature, beyond its tolerance in K.",
        variable="temperature",
        threshold="headline_k",
    ),
    Column(
        "budget_violation_rate",
        "Budget",
        "%",
        "Share of coarse cells, {day}s and members whose rain does not close the moisture budget "
        "(evaporation, flux convergence, storage), beyond the same tolerance.",
        threshold="headline_percent",
    ),
    Column(
        "rain_without_moisture_cells",
        "Without moisture",
        "%",
        "Share of wet coarse cells in which more rain falls than evaporation and flux convergence "
        "bring. Storage can feed rain too, so the truth is not at zero.",
        threshold="headline_percent",
    ),
    Column(
        "rain_beyond_budget_cells",
        "Beyond the budget",
        "%",
        "Share of wet coarse cells in which more rain falls than the whole budget holds, storage "
        "included.",
        threshold="headline_percent",
    ),
    Column(
        "rain_beyond_budget",
        "Rain beyond the budget",
        "% of rain",
        "Share of the rain itself that the whole budget does not hold.",
    ),
    Column(
        "negative_rain_rate",
        "Negative rain",
        "%",
        "Share of fine cells, {day}s and members with rain below zero.",
    ),
    *(
        Column(
            "cc_rate",
            f"Warming rate, P{percent:g}",
            "% K⁻¹",
            f"Growth of the {percent:g}th percentile of wet-{{day}} rain per kelvin, both "
            "against what is usual for cell and season. Clausius–Clapeyron: 6 to 7 % K⁻¹.",
            factor=1.0,
            threshold=percent,
        )
        for percent in (95.0, 99.0, 99.9)
    ),
)
PRICES = (
    Column(
        "spectral_power_detail",
        "Power of detail",
        "dB",
        "Change of the power of waves shorter than two coarse cells. Below zero: smoother.",
        factor=1.0,
    ),
    Column(
        "log_spectral_distance",
        "Spectral distance",
        "dB",
        "Change of the distance to the truth's spectrum. Above zero: farther.",
        factor=1.0,
    ),
    Column("p99", "P99", "%", "Change of the 99th percentile over all cells and times."),
    Column(
        "crps_skill", "Fair CRPS", "%", "Change of the CRPS. Above zero: worse.", factor=-100.0
    ),
    Column("spread_skill", "Spread / error", "1", "Change of spread over error.", factor=1.0),
    Column(
        "wet_day_frequency", "Wet-{day} frequency", "%", "Change of the share of wet cells, times."
    ),
)


def law_tables(
    comparison: pd.DataFrame, experiment: Mapping[str, Any], laws: Mapping[str, Any], driver: str
) -> list[Table]:
    """Violations of all models with their floors, then per variable the cost of each constraint."""
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
        *(_prices(comparison, pairs, name, driver) for name in variables if pairs),
    ]


def _violations(
    comparison: pd.DataFrame, models: Sequence[str], laws: Mapping[str, Any], driver: str
) -> Table:
    headings, columns = [], []
    for column in LAWS:
        rows = {name: _law(comparison, [name], column, "", laws) for name in models}
        floors = {n: _law(comparison, models, column, end, laws) for n, end in FLOORS.items()}
        cells = {name: _cell(row, column) for name, row in (floors | rows).items()}
        if any(cells[name].order is not None for name in models):
            headings.append(_heading(column, f"{column.metric}-{column.heading}"))
            columns.append(cells)
    lines = [(name, [cells[name] for cells in columns]) for name in (*FLOORS, *models)]
    return Table(f"{driver}-laws", "Violations of physical laws", headings, lines)


def _law(
    comparison: pd.DataFrame,
    models: Sequence[str],
    column: Column,
    end: str,
    laws: Mapping[str, Any],
) -> pd.Series | None:
    """The row of the first of `models` that has one."""
    at = laws[column.threshold] if isinstance(column.threshold, str) else column.threshold
    where = {} if at is None else {"threshold": at}
    mine = comparison[comparison["model"].isin(models)]
    variables = [RAIN] if column.variable == RAIN else TEMPERATURES
    found = [select(mine, name, f"{column.metric}{end}", **where) for name in variables]
    rows = pd.concat(found)
    return rows.iloc[0] if len(rows) else None


def _prices(
    comparison: pd.DataFrame,
    constrained_models: Sequence[Mapping[str, str]],
    variable: str,
    driver: str,
) -> Table:
    headings, columns = [], []
    for column in PRICES:
        cells = {}
        for pair in constrained_models:
            mine = comparison[comparison["model"] == pair["model"]]
            rows = select(mine, variable, f"{column.metric}_versus_{pair['unconstrained']}")
            cells[pair["model"]] = _cell(rows.iloc[0] if len(rows) else None, column)
        if any(cell.order is not None for cell in cells.values()):
            headings.append(_heading(column, column.metric))
            columns.append(cells)
    lines = [
        (pair["model"], [cells[pair["model"]] for cells in columns]) for pair in constrained_models
    ]
    title = f"What obeying costs: {VARIABLES[variable].long_name}, against the same model without"
    return Table(f"{driver}-{variable}-price", title, headings, lines)


def _cell(row: pd.Series | None, column: Column) -> Cell:
    if row is None or not np.isfinite(row["value"]):
        return Cell("–")
    value = float(column.factor * row["value"])
    ends = sorted(column.factor * row[end] for end in ("lower", "upper"))
    known = np.isfinite(ends).all() and {_shown(end) for end in ends} != {_shown(value)}
    interval = f"{_shown(ends[0])} … {_shown(ends[1])}" if known else ""
    return Cell(_shown(value), interval, value)


def _shown(value: float) -> str:
    """Two decimals below ten, one above; what rounds to nothing is zero."""
    if abs(value) < 0.005:
        return "0"
    return f"{value:.{2 if abs(value) < 10 else 1}f}".replace("-", "−")


def _heading(column: Column, key: str) -> Heading:
    key = key.lower().replace(" ", "-").replace(",", "")
    return Heading(key, column.heading, column.unit, column.meaning, "for information")
