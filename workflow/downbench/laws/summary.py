"""The NetCDF of a check: daily values for paired intervals, maps, and histograms."""

import numpy as np
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.core.variables import RAIN
from downbench.laws.check import CheckResult, over_cells
from downbench.laws.law_registry import laws
from downbench.scores.statistics import Statistics


def to_dataset(result: CheckResult, driver: xr.Dataset, settings: Evaluation) -> xr.Dataset:
    """Everything that figures and comparisons need.

    Returns
    -------
    xr.Dataset
        `{variable}_{statistic}` and `…_weight` on (time[, tolerance_percent | tolerance_k]), the
        daily mean and its weight; then the maps of each law; all with the suffixes of the floors.
    """
    variables: dict[str, xr.Variable] = {}
    for name, statistics in result.statistics.items():
        variables |= _daily(name, over_cells(statistics))
    grid = (driver.sizes["Y"], driver.sizes["X"])
    for name, statistics in result.statistics.items():
        for law in laws():
            variables |= law.maps(name, statistics, grid)
    checks = settings.physics
    coordinates = result.times | {
        "tolerance_percent": ("tolerance_percent", list(checks.rain_tolerance_percent)),
        "tolerance_k": ("tolerance_k", list(checks.temperature_tolerance_k)),
        "lat": driver["lat"].variable,
        "lon": driver["lon"].variable,
    }

    return xr.Dataset(variables, coordinates)


def _daily(variable: str, statistics: Statistics) -> dict[str, xr.Variable]:
    tolerance = "tolerance_percent" if variable == RAIN else "tolerance_k"
    left_out = {name for law in laws() for name in law.not_daily}
    variables = {}
    for name, statistic in statistics.items():
        if name in left_out:
            continue
        weight = np.broadcast_to(statistic.weight, statistic.total.shape).copy()
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = statistic.total / weight
        is_scalar = mean.shape[1] == 1
        dims = ("time",) if is_scalar else ("time", tolerance)
        for label, values in ((name, mean), (f"{name}_weight", weight)):
            variables[f"{variable}_{label}"] = xr.Variable(
                dims, values[:, 0] if is_scalar else values
            )

    return variables
