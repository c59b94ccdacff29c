"""Rates between two periods of one model, and those of the reference and of the coarse input."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.core.constants import GCM
from downbench.core.errors import UserError
from downbench.core.variables import RAIN
from downbench.laws import between_periods
from downbench.laws.between_periods import Period
from downbench.laws.checks import temperature_scaling
from downbench.physics.wet_climate import climate
from downbench.scores.alignment import refuse_fit_years
from downbench.scores.bootstrap import block_labels, resample
from downbench.scores.table import Row, Sample, table


@dataclass(frozen=True)
class Run:
    """One period: the members (time, member, y, x), and the driver that they were sampled from.

    labels : (time,) int, the resampling block of each day
    """

    ensemble: xr.Dataset
    driver: xr.Dataset
    labels: np.ndarray


def make_run(ensemble: xr.Dataset, driver: xr.Dataset, block_days: int) -> Run:
    """A period whose days are resampled in blocks.

    Raises
    ------
    UserError
        When the driver lacks a time of the ensemble.
    """
    missing = ~np.isin(ensemble["time"].values, driver["time"].values)
    if missing.any():
        raise UserError(
            f"driver of '{ensemble.attrs.get('model')}': {missing.sum()} of the ensemble's "
            f"{missing.size} times are not in it: give the series that it was sampled from"
        )
    return Run(ensemble, driver, block_labels(ensemble["time"], block_days))


def check(earlier: Run, later: Run, target: xr.Dataset, settings: Evaluation) -> pd.DataFrame:
    """Rates of the members, of the reference of the same days, and of the coarse input.

    Raises
    ------
    UserError
        For two models, two numbers of members, fit years, or fields without rain and temperature.
    """
    runs = (earlier, later)
    _refuse_unlike(earlier.ensemble, later.ensemble)
    temperature = _temperature(runs, target)
    options, bootstrap = settings.physics.clausius_clapeyron, settings.bootstrap
    means = {
        kind: climate(series, temperature, options.wet_mm_day, options.parts_of_year)
        for kind, series in (("fine", target), ("coarse", earlier.driver))
    }
    # Other seeds for the two periods: they are other days.
    counts = tuple(
        _per_block(run.labels, bootstrap.replicates, settings.seed + number)
        for number, run in enumerate(runs)
    )
    rows: list[Row] = []
    for source, kind, fields in _sources(runs, target):
        periods: tuple[Period, ...] = tuple(
            between_periods.period_of(field, temperature, means[kind], run.labels, options)
            for field, run in zip(fields, runs, strict=True)
        )
        rows += between_periods.rows(periods, counts, options, bootstrap.confidence, source)
    blocks = min(int(run.labels.max()) + 1 for run in runs)
    times = sum(run.labels.size for run in runs)
    members = earlier.ensemble.sizes["member"]

    return table(rows, Sample(RAIN, "all", members, times, blocks, bootstrap.confidence))


def _per_block(labels: np.ndarray, replicates: int, seed: int) -> np.ndarray:
    """Return how often each block is in each resampled series, (1 + replicates, block)."""
    return resample(labels, replicates, seed)[:, np.unique(labels, return_index=True)[1]]


def _sources(
    runs: tuple[Run, Run], target: xr.Dataset
) -> Iterator[tuple[str, str, list[xr.Dataset]]]:
    """Yield suffix, grid of the climate, and the field in both periods."""
    yield "", "fine", [run.ensemble for run in runs]
    if all(_paired(run.ensemble, target) for run in runs):
        yield "_reference", "fine", [_on_days(target, run) for run in runs]
    yield "_input", "coarse", [_on_days(run.driver, run) for run in runs]


def _on_days(series: xr.Dataset, run: Run) -> xr.Dataset:
    return series.isel(time=series.indexes["time"].get_indexer(run.ensemble.indexes["time"]))


def _paired(ensemble: xr.Dataset, target: xr.Dataset) -> bool:
    """Are its days those of the target? Then the model must not have seen them."""
    if ensemble.attrs.get("driver_type") == GCM:
        return False
    shared = np.isin(target["time"].values, ensemble["time"].values)
    if shared.sum() < ensemble.sizes["time"]:
        return False
    refuse_fit_years(ensemble, target.isel(time=shared))
    return True


def _temperature(runs: tuple[Run, Run], target: xr.Dataset) -> str:
    for run in runs:
        shared = [str(name) for name in run.ensemble.data_vars if name in target.data_vars]
        name = temperature_scaling.temperature(run.driver, shared)
        if name is None:
            raise UserError(
                f"ensemble of '{run.ensemble.attrs.get('model')}': the rate over warming needs pr "
                "and tas or tasmax in ensemble, target and driver"
            )
    return name


def _refuse_unlike(earlier: xr.Dataset, later: xr.Dataset) -> None:
    for quantity, first, second in (
        ("model", earlier.attrs.get("model"), later.attrs.get("model")),
        ("number of members", earlier.sizes["member"], later.sizes["member"]),
    ):
        if first != second:
            raise UserError(
                f"the two ensembles differ in {quantity} ({first} and {second}): a change between "
                "periods is that of one model"
            )
