"""Checks one ensemble against every law that its variables and its driver allow."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.core.errors import UserError
from downbench.core.variables import RAIN
from downbench.laws import bounds, mass, missing_variables, moisture
from downbench.laws.batch import Batch, make_batches
from downbench.laws.moisture import Moisture
from downbench.laws.temperature_scaling import Scaling
from downbench.physics import moisture_budget
from downbench.scores.alignment import aligned, common_variables
from downbench.scores.bootstrap import block_labels, resample
from downbench.scores.statistics import Means, Statistics, means, one_after_another
from downbench.scores.table import Row, Sample, table

SIGNED = ("budget_residual_quantile", "cc_rate")
"""Beginnings of the names of metrics that are no shares."""


@dataclass(frozen=True)
class Checked:
    """What the laws say of one ensemble.

    table : tidy, with the columns of `scores.table`
    statistics : variable → daily sums
    times : coordinates of the evaluated days, `time` and perhaps `event`
    not_run : the laws that could not be run, each with the field that is absent
    """

    table: pd.DataFrame
    statistics: dict[str, Statistics]
    times: dict[str, xr.Variable]
    not_run: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """An ensemble with all that it is checked against; fields on the evaluated days `index`.

    record, driver : the whole target (time, y, x) and driver (time, Y, X)
    labels : (time,) resampling block of each evaluated day
    """

    ensemble: xr.Dataset
    reference: xr.Dataset
    record: xr.Dataset
    driver: xr.Dataset
    settings: Evaluation
    index: np.ndarray
    labels: np.ndarray

    @property
    def variables(self) -> list[str]:
        """Variables that ensemble and reference share."""
        return common_variables(self.ensemble, self.reference)


def check(
    ensemble: xr.Dataset, target: xr.Dataset, driver: xr.Dataset, settings: Evaluation
) -> Checked:
    """Run the laws over an ensemble.

    Parameters
    ----------
    ensemble : (time, member, y, x)
        May be lazy: a few days are held at a time.
    target : (time, y, x)
        The truth with cell_area [m2], and all its days: they are the climate that rain and
        temperature are measured against.
    driver : (time, Y, X)
        The series that the ensemble was drawn from, with all its days.
    settings
        Section `evaluation`, with its part `physics`.

    Raises
    ------
    UserError
        When the ensemble must not be compared with the target (see `scores.alignment`), or the
        driver lacks a day, lies on another grid, or has a faulty moisture budget.
    """
    ensemble, reference = aligned(ensemble, target)
    labels = block_labels(reference["time"], settings.bootstrap.block_days)
    index = _days(driver, ensemble)
    case = Case(ensemble, reference, target, driver, settings, index, labels)
    statistics, scaling = _stream(case)
    times = {n: reference[n].variable for n in ("time", "event") if n in reference.variables}

    return Checked(_table(case, statistics, scaling), statistics, times, _not_run(case))


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


def _not_run(case: Case) -> tuple[str, ...]:
    return tuple(missing_variables.laws(case.ensemble, case.driver, case.variables))


def _stream(case: Case) -> tuple[dict[str, Statistics], Scaling | None]:
    """Daily sums of all laws and the counts of the scaling, a few days at a time."""
    budget, scaling = _budget(case), _scaling(case)
    parts: dict[str, list[Statistics]] = {name: [] for name in case.variables}
    for together in zip(*(_batches(case, name) for name in case.variables), strict=True):
        batches = dict(zip(case.variables, together, strict=True))
        for name, batch in batches.items():
            part = _daily(case, name, batch, budget)
            parts[name].append(part | bounds.daily(name, batches, case.settings.physics))
        if scaling is not None:
            scaling.add(batches[RAIN], batches[scaling.temperature])

    return {name: one_after_another(part) for name, part in parts.items()}, scaling


def _daily(case: Case, name: str, batch: Batch, budget: Moisture | None) -> Statistics:
    laws = case.settings.physics
    found = mass.daily(batch, name, laws) if name in case.driver else {}
    if name == RAIN and budget is not None:
        found |= moisture.daily(batch, budget, laws, case.settings.wet_day_mm_day)

    return found


def _budget(case: Case) -> Moisture | None:
    # A driver that brings fluxes but not all of the rest is a mistake, and told as one.
    begun = moisture_budget.available(case.driver) or moisture_budget.begun(case.driver)
    return moisture.of_days(case.driver, case.index) if begun and RAIN in case.variables else None


def _scaling(case: Case) -> Scaling | None:
    temperature = missing_variables.temperature(case.driver, case.variables)
    if temperature is None:
        return None
    days = (case.reference["time"], case.labels)
    options = case.settings.physics.clausius_clapeyron

    return Scaling(case.record, case.driver, temperature, days, options)


def _batches(case: Case, name: str) -> Iterator[Batch]:
    truth = case.reference[name].transpose("time", "y", "x").values
    area = case.reference["cell_area"].values.astype(np.float64)
    return make_batches(case.ensemble[name], truth, area, _coarse(case, name))


def _coarse(case: Case, name: str) -> np.ndarray:
    """The driver's variable (day, Y, X), missing everywhere where the driver has none."""
    if name not in case.driver:
        sides = (case.driver.sizes["Y"], case.driver.sizes["X"])
        return np.full((case.index.size, *sides), np.nan, np.float32)

    return case.driver[name].transpose("time", "Y", "X").values[case.index]


def _table(case: Case, statistics: dict[str, Statistics], scaling: Scaling | None) -> pd.DataFrame:
    """Rows with block-bootstrap intervals, as the scores have them."""
    bootstrap = case.settings.bootstrap
    counts = resample(case.labels, bootstrap.replicates, case.settings.seed)
    blocks = int(case.labels.max()) + 1
    members, times = case.ensemble.sizes["member"], case.labels.size
    tables = []
    for name, sums in statistics.items():
        rows = _rows(means(moisture.over_cells(sums), counts, blocks), name, case.settings)
        if name == RAIN and scaling is not None:
            rows += scaling.rows(counts)
        sample = Sample(name, "all", members, times, blocks, bootstrap.confidence)
        tables.append(table(rows, sample))

    return _within_bounds(pd.concat(tables, ignore_index=True))


def _rows(averages: Means, name: str, settings: Evaluation) -> list[Row]:
    rows: list[Row] = []
    if "mass_violation" in averages:
        rows += mass.rows(averages, name, settings.physics)
    rows += bounds.rows(averages)
    if "budget_violation" in averages:
        rows += moisture.rows(averages, settings.physics)

    return rows


def _within_bounds(made: pd.DataFrame) -> pd.DataFrame:
    """Intervals of shares stay between 0 and 1."""
    share = ~made["metric"].str.startswith(SIGNED)
    for bound in ("lower", "upper"):
        made[bound] = made[bound].where(~share, made[bound].clip(0, 1))

    return made
