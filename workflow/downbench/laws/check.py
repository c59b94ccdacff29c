"""Checks one ensemble against every law that its variables and its driver allow."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.core.errors import UserError
from downbench.laws.batch import Batch, make_batches
from downbench.laws.law import Law, LawInputs
from downbench.laws.law_registry import laws
from downbench.scores.alignment import aligned
from downbench.scores.bootstrap import block_labels, resample
from downbench.scores.statistics import Statistic, Statistics, means, one_after_another
from downbench.scores.table import Sample, table


@dataclass(frozen=True)
class CheckResult:
    """Violations of one ensemble.

    table : tidy, with the columns of `scores.table`
    statistics : variable → daily sums
    times : coordinates of the evaluated days, `time` and perhaps `event`
    not_run : the laws that could not be run, each with the field that is absent
    """

    table: pd.DataFrame
    statistics: dict[str, Statistics]
    times: dict[str, xr.Variable]
    not_run: tuple[str, ...]


def check(
    ensemble: xr.Dataset, target: xr.Dataset, driver: xr.Dataset, settings: Evaluation
) -> CheckResult:
    """Run the laws over an ensemble.

    Parameters
    ----------
    ensemble : (time, member, y, x)
        May be lazy: a few days are held at a time.
    target : (time, y, x)
        With cell_area [m2], and all its days: they are the climate that rain and temperature are
        measured against.
    driver : (time, Y, X)
        The series that the ensemble was sampled from, with all its days.
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
    inputs = LawInputs(ensemble, reference, target, driver, settings, index, labels)
    checks = [law(inputs) for law in laws()]
    statistics = _stream(inputs, checks)
    times = {n: reference[n].variable for n in ("time", "event") if n in reference.variables}
    not_run = [s for law in laws() for s in law.skipped(driver, inputs.variables)]

    return CheckResult(_table(inputs, checks, statistics), statistics, times, tuple(not_run))


def over_cells(statistics: Statistics) -> Statistics:
    """Return the statistics with those kept per coarse cell summed to one value a day."""
    names = {name for law in laws() for name in law.per_coarse_cell}
    return {
        name: Statistic(
            statistic.total.sum(1, keepdims=True), statistic.weight.sum(1, keepdims=True)
        )
        if name in names
        else statistic
        for name, statistic in statistics.items()
    }


def _days(driver: xr.Dataset, ensemble: xr.Dataset) -> np.ndarray:
    """Positions of the ensemble's times in the driver."""
    index = driver.indexes["time"].get_indexer(ensemble.indexes["time"])
    if (index < 0).any():
        first = ensemble["time"].values[index < 0][0]
        raise UserError(
            f"the driver lacks {(index < 0).sum()} of the ensemble's {index.size} times, first "
            f"{first}: give --driver the series that the ensemble was sampled from"
        )

    return index


def _stream(inputs: LawInputs, checks: list[Law]) -> dict[str, Statistics]:
    """Return the daily sums of all laws by variable, a few days at a time."""
    parts: dict[str, list[Statistics]] = {name: [] for name in inputs.variables}
    for same_days in zip(*(_batches(inputs, name) for name in inputs.variables), strict=True):
        batches = dict(zip(inputs.variables, same_days, strict=True))
        for name in batches:
            statistics: Statistics = {}
            for law in checks:
                statistics |= law.daily(name, batches)
            parts[name].append(statistics)

    return {name: one_after_another(part) for name, part in parts.items()}


def _batches(inputs: LawInputs, name: str) -> Iterator[Batch]:
    reference = inputs.reference[name].transpose("time", "y", "x").values
    area = inputs.reference["cell_area"].values.astype(np.float64)
    return make_batches(inputs.ensemble[name], reference, area, _coarse(inputs, name))


def _coarse(inputs: LawInputs, name: str) -> np.ndarray:
    """The driver's variable (day, Y, X), missing everywhere where the driver has none."""
    driver = inputs.driver
    if name not in driver:
        sides = (driver.sizes["Y"], driver.sizes["X"])
        return np.full((inputs.index.size, *sides), np.nan, np.float32)

    return driver[name].transpose("time", "Y", "X").values[inputs.index]


def _table(
    inputs: LawInputs, checks: list[Law], statistics: dict[str, Statistics]
) -> pd.DataFrame:
    """Rows with block-bootstrap intervals, as the scores have them."""
    bootstrap = inputs.settings.bootstrap
    counts = resample(inputs.labels, bootstrap.replicates, inputs.settings.seed)
    blocks = int(inputs.labels.max()) + 1
    members, times = inputs.ensemble.sizes["member"], inputs.labels.size
    tables = []
    for name, sums in statistics.items():
        averages = means(over_cells(sums), counts, blocks)
        rows = [row for law in checks for row in law.rows(name, averages, counts)]
        sample = Sample(name, "all", members, times, blocks, bootstrap.confidence)
        tables.append(table(rows, sample))

    return pd.concat(tables, ignore_index=True)
