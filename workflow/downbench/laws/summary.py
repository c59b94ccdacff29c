"""The NetCDF beside the table: daily values for paired intervals, maps, and the residuals."""

import numpy as np
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.core.variables import RAIN
from downbench.laws.batch import SOURCES
from downbench.laws.check import Checked
from downbench.laws.moisture import FED_BY, over_cells
from downbench.physics.residual_bins import EDGES_MM_DAY
from downbench.scores.statistics import Statistic, Statistics

RESIDUAL = "budget_residual"


def to_dataset(checked: Checked, driver: xr.Dataset, settings: Evaluation) -> xr.Dataset:
    """Everything that figures and comparisons need.

    Returns
    -------
    xr.Dataset
        `{variable}_{statistic}` and `…_weight` on (time[, tolerance_percent | tolerance_k]), the
        daily mean and what it weighs; `rain_without_moisture` and `rain_beyond_budget`, shares [1]
        on (Y, X) over all days and members; `budget_residual_count` on (residual_bin) with
        `residual_edge` [mm day-1]; all with the suffixes of the floors.
    """
    variables: dict[str, xr.Variable] = {}
    for name, statistics in checked.statistics.items():
        variables |= _daily(name, over_cells(statistics))
    rain = checked.statistics.get(RAIN, {})
    grid = (driver.sizes["Y"], driver.sizes["X"])
    for name in (f"{law}{source}" for law in FED_BY for source in SOURCES):
        if name in rain:
            variables[f"rain_{name}"] = xr.Variable(("Y", "X"), _share(rain[name]).reshape(grid))
    variables |= _residuals(rain)
    laws = settings.physics
    coordinates = checked.times | {
        "tolerance_percent": ("tolerance_percent", list(laws.rain_tolerance_percent)),
        "tolerance_k": ("tolerance_k", list(laws.temperature_tolerance_k)),
        "lat": driver["lat"].variable,
        "lon": driver["lon"].variable,
    }

    return xr.Dataset(variables, coordinates)


def _daily(variable: str, statistics: Statistics) -> dict[str, xr.Variable]:
    wide = "tolerance_percent" if variable == RAIN else "tolerance_k"
    made = {}
    for name, one in statistics.items():
        if name.startswith(RESIDUAL):
            continue
        weight = np.broadcast_to(one.weight, one.total.shape).copy()
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = one.total / weight
        alone = mean.shape[1] == 1
        dims = ("time",) if alone else ("time", wide)
        for label, values in ((name, mean), (f"{name}_weight", weight)):
            made[f"{variable}_{label}"] = xr.Variable(dims, values[:, 0] if alone else values)

    return made


def _share(one: Statistic) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return one.total.sum(axis=0) / one.weight.sum(axis=0)


def _residuals(statistics: Statistics) -> dict[str, xr.Variable]:
    found = {
        f"{RESIDUAL}_count{source}": xr.Variable(
            "residual_bin", statistics[f"{RESIDUAL}{source}"].total.sum(axis=0)
        )
        for source in SOURCES
        if f"{RESIDUAL}{source}" in statistics
    }
    if found:
        edges = xr.Variable("residual_edge", EDGES_MM_DAY, {"units": "mm day-1"})
        found["residual_edge"] = edges

    return found
