"""Tables about climate models: the climate along the chain, its change, and warm years."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from downbench.core.stages import CORRECTED, DYNAMICAL, RAW, TRAINING, is_truth, label_of
from downbench.core.variables import VARIABLES
from downbench.report.fixed_decimals import decimals_of_median, fixed
from downbench.report.page_table import Cell, Heading, PageTable
from downbench.report.score_tables import number
from downbench.report.transfer_columns import (
    CLIMATE,
    RAIN_CHANGE,
    WARM_CHANGE,
    WARM_YEARS,
    ClimateColumn,
)
from downbench.scores.climate.driver_chain import CHANGE, INTERPOLATED, PRESENT

STAGES = {TRAINING: "training driver", RAW: "raw", CORRECTED: "corrected", DYNAMICAL: ""}


def transfer_tables(
    table: pd.DataFrame, experiment: Mapping[str, Any], trained_on: str
) -> Iterator[PageTable]:
    """Climate along the chain, change, and warm years; of each variable in turn.

    A table without a number is left out: predictors have rows of shift alone.
    """
    for variable in [name for name in VARIABLES if name in set(table["variable"])]:
        scores = table[(table["variable"] == variable) & (table["season"] == "all")]
        present = scores[(scores["part"] == "climate") & (scores["period"] == PRESENT)]
        change = scores[(scores["part"] == "change") & (scores["period"] == CHANGE)]
        warm = scores[scores["part"] == "warm"]
        of_change = RAIN_CHANGE if VARIABLES[variable].is_intermittent else WARM_CHANGE
        climates = _table("Climate", present, CLIMATE, (trained_on, variable), experiment)
        changes = _table("Change", change, of_change, (trained_on, variable), experiment)
        changes = _with_models(changes, change, of_change, experiment)
        warm_years = _table("Warm years", warm, WARM_YEARS, (trained_on, variable), experiment)
        yield from (part for part in (climates, changes, warm_years) if part.headings)


def _table(
    title: str,
    rows: pd.DataFrame,
    columns: tuple[ClimateColumn, ...],
    key_parts: tuple[str, str],
    experiment: Mapping[str, Any],
) -> PageTable:
    trained_on, variable = key_parts
    filled = [column for column in columns if len(rows_of(rows, column))]
    decimals = {
        column: decimals_of_median(rows_of(rows, column)["value"] * column.factor)
        for column in filled
    }
    labels = experiment.get("labels", {})
    lines = []
    for run, stage, model in _lines(rows):
        line_rows = rows[
            (rows["run"].fillna("") == run) & (rows["stage"] == stage) & (rows["model"] == model)
        ]
        name = line_name(label_of(model, stage, labels), run, stage, columns is WARM_YEARS)
        name += _mark(line_rows, stage)
        cells = [cell(rows_of(line_rows, column), column, decimals[column]) for column in filled]
        lines.append((name, cells))
    headings = [
        Heading(
            f"{column.metric}-{number_of}",
            column.heading,
            column.unit.format(unit=VARIABLES[variable].unit_symbol),
            column.meaning,
            "for information",
        )
        for number_of, column in enumerate(filled)
    ]
    key = f"{trained_on}-{title.lower().replace(' ', '-')}-{variable}"
    return PageTable(key, f"{title}: {VARIABLES[variable].title}", headings, lines)


def _lines(rows: pd.DataFrame) -> list[tuple[str, str, str]]:
    places = rows[["run", "stage", "model"]].fillna("").drop_duplicates()
    return list(places.itertuples(index=False, name=None))


def rows_of(rows: pd.DataFrame, column: ClimateColumn) -> pd.DataFrame:
    """Rows that may fill a column: of its metric and threshold, with a value."""
    matches = rows[rows["metric"] == column.metric]
    if column.threshold is not None:
        matches = matches[matches["threshold"] == column.threshold]
    return matches[np.isfinite(matches["value"])]


def cell(rows: pd.DataFrame, column: ClimateColumn, decimals: int | None = None) -> Cell:
    """The first row's number, in the column's unit, with its interval.

    `decimals` are those of the column; without them each number has its own.
    """
    if not len(rows):
        return Cell("–")
    matches = rows.iloc[0][["value", "lower", "upper"]].astype(float) * column.factor
    value, lower, upper = matches
    span = ""
    if np.isfinite([lower, upper]).all() and lower < upper:
        span = " … ".join(_text(end, decimals, like=value) for end in (lower, upper))
    return Cell(_text(value, decimals), span, value)


def _text(value: float, decimals: int | None, like: float | None = None) -> str:
    return number(value, like) if decimals is None else fixed(value, decimals)


def line_name(label: str, run: str, stage: str, plain: bool = False) -> str:
    """A model with its place in the chain; `plain` omits the place."""
    if plain or stage == DYNAMICAL:
        return label
    return f"{label}, {STAGES[stage]}" + (f" {run}" if run else "")


def _mark(rows: pd.DataFrame, stage: str) -> str:
    """A dagger for a single field, whose wet days and extremes are no sample's (trap T22)."""
    is_field = stage != DYNAMICAL and rows["members"].max() == 1
    is_field &= not rows["model"].map(is_truth).any()
    return " †" if is_field else ""


def _with_models(
    changes: PageTable,
    rows: pd.DataFrame,
    columns: tuple[ClimateColumn, ...],
    experiment: Mapping[str, Any],
) -> PageTable:
    """The same with one more line: spread between models, of corrected runs."""
    plain = {INTERPOLATED, experiment["reference_model"]}
    corrected = rows[(rows["stage"] == CORRECTED) & ~rows["model"].isin(plain)]
    cells = []
    for column in columns:
        if not len(rows_of(rows, column)):
            continue
        spread = float(rows_of(corrected, column)["value"].std(ddof=1))
        has_spread = "change" in column.metric and not column.metric.endswith(
            ("_years", "_members")
        )
        cells.append(Cell(number(spread), "", spread) if has_spread else Cell("–"))
    lines = [*changes.rows, ("Standard deviation between learned models, corrected", cells)]
    return PageTable(changes.key, changes.title, changes.headings, lines)
