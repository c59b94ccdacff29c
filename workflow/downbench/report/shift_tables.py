"""Table of predictor shift: distance of the input from the training data."""

from collections.abc import Iterator

import pandas as pd

from downbench.core.stages import TRAINING
from downbench.report.page_table import Cell, Heading, PageTable
from downbench.report.transfer_columns import ClimateColumn
from downbench.report.transfer_tables import STAGES, cell, rows_of
from downbench.scores.climate.driver_chain import FUTURE

JOINT = (
    ClimateColumn(
        "two_sample_auc",
        "Separability",
        "1",
        "Area under the ROC curve of a classifier that separates days of this input from training "
        "days, in years that it was not fitted on: 0.5 means inseparable, 1 perfectly separable.",
    ),
    ClimateColumn(
        "two_sample_auc_null",
        "by chance",
        "1",
        "The same with the years of both samples shuffled; the interval covers 95 % of shuffles.",
    ),
    ClimateColumn(
        "out_of_distribution_share",
        "Out of distribution",
        "%",
        "Share of days farther from all training days than 95 % of training days are from those "
        "of other years; 5 % for days like the training days.",
        factor=100,
    ),
)
EACH = ClimateColumn(
    "wasserstein_normalised",
    "Distance of inputs",
    "sd",
    "Wasserstein distance of a predictor's daily values in a cell from those of the training "
    "days, in standard deviations, mean over cells. Sampling uncertainty contributes to it.",
)
COLUMNS = (*JOINT, EACH)


def shift_tables(table: pd.DataFrame, trained_on: str) -> Iterator[PageTable]:
    """One table of a training driver: a line per driver; none where no shift was measured."""
    shifts = table[(table["part"] == "shift") & (table["season"] == "all")]
    if shifts.empty:
        return
    predictors = [name for name in shifts["variable"].unique() if name != "all"]
    headings = [
        Heading(c.metric, c.heading, c.unit, c.meaning, "for information") for c in JOINT
    ] + [
        Heading(f"{EACH.metric}-{name}", f"{EACH.heading}: {name}", EACH.unit, EACH.meaning,
                "for information")
        for name in predictors
    ]  # fmt: skip
    lines = [
        (_name(driver_rows.iloc[0]), _cells(driver_rows, predictors))
        for _, driver_rows in shifts.groupby("driver", sort=False)
    ]
    yield PageTable(
        f"{trained_on}-shift", "Input: distance from the training days", headings, lines
    )


def _cells(rows: pd.DataFrame, predictors: list[str]) -> list[Cell]:
    joint = rows[rows["variable"] == "all"]
    return [cell(rows_of(joint, column), column) for column in JOINT] + [
        cell(rows_of(rows[rows["variable"] == name], EACH), EACH) for name in predictors
    ]


def _name(row: pd.Series) -> str:
    """A driver by its place in the chain."""
    if row["stage"] == TRAINING:
        return "training driver, years not used for training"
    return f"{row['run']}, {STAGES[row['stage']]}" + (
        ", future" if row["period"] == FUTURE else ""
    )
