"""The daily file: one mean per day of the headline statistics, so that models can be paired."""

import numpy as np
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.scores.statistics import Statistic, Statistics

HEADLINE = {
    "crps": "scale",
    "crps_wet": None,
    "error": None,
    "absolute_error": None,
    "squared_error": None,
    "variance": None,
    "twcrps": "percentile",
    "brier": "threshold",
}


def to_dataset(
    statistics: dict[str, Statistics], factors: tuple[int, ...], settings: Evaluation
) -> xr.Dataset:
    """`{variable}_{statistic}` and `…_weight` on (time[, scale | percentile | threshold]).

    Parameters
    ----------
    statistics
        Daily sums per variable.
    factors
        Pooling factors that were scored [cells].
    settings
        Section `evaluation` of the configuration.
    """
    coordinates = {
        "scale": ("scale", list(factors)),
        "percentile": ("percentile", list(settings.tail_percentiles)),
        "threshold": ("threshold", list(settings.reliability_thresholds_mm_day)),
    }
    variables = {}
    for variable, sums in statistics.items():
        for name in (name for name in HEADLINE if name in sums):
            variables |= _pair(f"{variable}_{name}", sums[name], HEADLINE[name])
    used = {dim for variable in variables.values() for dim in variable.dims}

    return xr.Dataset(
        variables, {name: value for name, value in coordinates.items() if name in used}
    )


def _pair(name: str, one: Statistic, dim: str | None) -> dict[str, xr.Variable]:
    weight = np.broadcast_to(one.weight, one.total.shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = one.total / weight
    if dim is None:
        mean, weight = mean[:, 0], weight[:, 0]
    dims = ("time",) if dim is None else ("time", dim)

    return {name: xr.Variable(dims, mean), f"{name}_weight": xr.Variable(dims, weight.copy())}


def from_dataset(daily: xr.Dataset, name: str) -> Statistic:
    """Daily sums of `name` again, (day, k); a day without weight counts nothing."""
    mean = daily[name].values.reshape(daily.sizes["time"], -1)
    weight = daily[f"{name}_weight"].values.reshape(mean.shape)

    return Statistic(np.where(weight > 0, mean, 0.0) * weight, weight)
