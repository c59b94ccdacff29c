"""Checks one ensemble against every law that its variables and its driver allow."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.core.errors import UserError
from downbench.physics import moisture_budget
from downbench.scores.alignment import common_variables
from downbench.scores.bootstrap import block_labels, resample
from downbench.scores.statistics import Statistics, means, one_after_another
from downbench.scores.table import Row, Sample, table
from downbench.steps.laws import bounds, mass, moisture
from downbench.steps.laws.batch import make_batches
from downbench.steps.laws.mass import RAIN

SIGNED = ("budget_residual_quantile", "cc_rate")
"""Beginnings of the names of metrics that are no share and may be negative."""


@dataclass(frozen=True)
class Checked:
    """Tidy table, daily sums per variable, and the laws that could not be run, with the reason."""

    table: pd.DataFrame
    statistics: dict[str, Statistics]
    not_run: tuple[str, ...]


def check(
    ensemble: xr.Dataset, reference: xr.Dataset, driver: xr.Dataset, settings: Evaluation
) -> Checked:
    """Run the laws over an aligned ensemble and reference (see `scores.alignment`).

    Parameters
    ----------
    ensemble : (time, member, y, x)
        May be lazy: a few days are held at a time.
    reference : (time, y, x)
        With cell_area [m2].
    driver : (time, Y, X)
        The series that the ensemble was drawn from, with all its days.
    settings
        Section `evaluation`, with its part `physics`.

    Raises
    ------
    UserError
        When the driver lacks a day, lies on another grid, or breaks its moisture budget.
    """
    index = _days(driver, ensemble)
    statistics, not_run = {}, _not_run(ensemble, driver)
    for name in common_variables(ensemble, reference):
        statistics[name] = _statistics(ensemble, reference, driver, name, index, settings)
    made = pd.concat(
        [_table(name, statistics[name], ensemble, reference, settings) for name in statistics],
        ignore_index=True,
    )

    return Checked(_within_bounds(made), statistics, tuple(not_run))


def _days(driver: xr.Dataset, ensemble: xr.Dataset) -> np.ndarray:
    """Positions of the ensemble's times in the driver."""
    found = driver.indexes["time"].get_indexer(ensemble.indexes["time"])
    if (found < 0).any():
        first = ensemble["time"].values[found < 0][0]
        raise UserError(
            f"the driver lacks {(found < 0).sum()} of the ensemble's {found.size} times, first "
            f"{first}: give --driver the series that the ensemble was drawn from"
        )

    return found


def _not_run(ensemble: xr.Dataset, driver: xr.Dataset) -> list[str]:
    """One sentence for each law that cannot be run, naming the field that is absent."""
    told = [
        f"mass conservation of {name}: the driver has no {name}"
        for name, field in ensemble.data_vars.items()
        if "member" in field.dims and name not in driver
    ]
    if not _has_budget(ensemble, driver):
        absent = moisture_budget.missing_terms(driver) or (f"{RAIN} of the ensemble",)
        told.append(f"moisture budget: absent are {', '.join(absent)}")
    if RAIN not in ensemble:
        told.append(f"rain not negative: the ensemble has no {RAIN}")

    return told


def _has_budget(ensemble: xr.Dataset, driver: xr.Dataset) -> bool:
    # A driver that brings fluxes but not all of the rest is a mistake, and told as one.
    wanted = moisture_budget.available(driver) or moisture_budget.begun(driver)
    return wanted and RAIN in ensemble


def _statistics(
    ensemble: xr.Dataset,
    reference: xr.Dataset,
    driver: xr.Dataset,
    name: str,
    index: np.ndarray,
    settings: Evaluation,
) -> Statistics:
    """Daily sums of all laws that look at one variable."""
    truth = reference[name].transpose("time", "y", "x").values
    area = reference["cell_area"].values.astype(np.float64)
    budget = None
    if name == RAIN and _has_budget(ensemble, driver):
        budget = moisture.of_days(driver, index)
    parts = []
    for batch in make_batches(ensemble[name], truth, area, _coarse(driver, name, index)):
        part: Statistics = {}
        if name in driver:
            part |= mass.daily(batch, name, settings.physics)
        if name == RAIN:
            part |= bounds.daily(batch)
        if budget is not None:
            part |= moisture.daily(batch, budget, settings.physics, settings.wet_day_mm_day)
        parts.append(part)

    return one_after_another(parts)


def _coarse(driver: xr.Dataset, name: str, index: np.ndarray) -> np.ndarray:
    """The driver's variable (day, Y, X), missing everywhere where the driver has none."""
    if name not in driver:
        return np.full((index.size, driver.sizes["Y"], driver.sizes["X"]), np.nan, np.float32)

    return driver[name].transpose("time", "Y", "X").values[index]


def _table(
    name: str,
    statistics: Statistics,
    ensemble: xr.Dataset,
    reference: xr.Dataset,
    settings: Evaluation,
) -> pd.DataFrame:
    """Rows of one variable with block-bootstrap intervals, as the scores have them."""
    labels = block_labels(reference["time"], settings.bootstrap.block_days)
    counts = resample(labels, settings.bootstrap.replicates, settings.seed)
    blocks = int(labels.max()) + 1
    averages = means(moisture.over_cells(statistics), counts, blocks)
    rows: list[Row] = []
    if "mass_violation" in averages:
        rows += mass.rows(averages, name, settings.physics)
    if "negative_rain" in averages:
        rows += bounds.rows(averages)
    if "budget_violation" in averages:
        rows += moisture.rows(averages, settings.physics)
    members, confidence = ensemble.sizes["member"], settings.bootstrap.confidence

    return table(rows, Sample(name, "all", members, labels.size, blocks, confidence))


def _within_bounds(made: pd.DataFrame) -> pd.DataFrame:
    """Intervals of shares stay between 0 and 1."""
    share = ~made["metric"].str.startswith(SIGNED)
    for bound in ("lower", "upper"):
        made[bound] = made[bound].where(~share, made[bound].clip(0, 1))

    return made
