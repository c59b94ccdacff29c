"""Daily file of a model: one mean per day of the statistics by which models are compared.

It holds spectra and, for rain, histograms of the values: distances of spectra and percentiles are
formed from their means over days, and paired like the CRPS.
"""

import numpy as np
import xarray as xr

from downbench.scores.context import Context
from downbench.scores.metric import DailyStatistic
from downbench.scores.metric_registry import daily_statistics_kept
from downbench.scores.metrics import patches
from downbench.scores.metrics.spectra import detail_km, wavelengths
from downbench.scores.statistics import Statistic, Statistics

PER_VARIABLE = ("wavelength", "bin")
"""Dimensions that each variable has for itself."""


def to_dataset(statistics: dict[str, Statistics], contexts: dict[str, Context]) -> xr.Dataset:
    """Return `{variable}_{statistic}` and `…_weight` on (time[, scale | percentile | …]).

    Wavelengths and bins are dimensions of each variable; wavelengths below the attribute
    `{variable}_detail_km` are not resolved by the coarse input.

    Parameters
    ----------
    statistics
        Daily sums per variable.
    contexts
        Context of each variable.
    """
    variables: dict[str, xr.Variable] = {}
    coordinates: dict[str, list[float]] = {}
    for variable, sums in statistics.items():
        for statistic in daily_statistics_kept():
            skipped = statistic.intermittent_only and not contexts[variable].is_intermittent
            if statistic.name in sums and not skipped:
                dim = _dimension(statistic, variable)
                variables |= _mean_and_weight(
                    f"{variable}_{statistic.name}", sums[statistic.name], dim
                )
        coordinates |= _coordinates(variable, contexts[variable])
    used = {dim for variable in variables.values() for dim in variable.dims}

    return xr.Dataset(
        variables,
        {name: (name, values) for name, values in coordinates.items() if name in used},
        {
            f"{name}_detail_km": detail_km(context)
            for name, context in contexts.items()
            if context.window is not None
        },
    )


def _dimension(statistic: DailyStatistic, variable: str) -> str | None:
    per_variable = statistic.dimension in PER_VARIABLE
    return f"{variable}_{statistic.dimension}" if per_variable else statistic.dimension


def _coordinates(variable: str, context: Context) -> dict[str, list[float]]:
    coordinates = {
        "scale": list(context.pooling_factors),
        "patch": list(patches.sides(context)),
        "percentile": list(context.settings.tail_percentiles),
        "threshold": list(context.settings.reliability_thresholds_mm_day),
    }
    if context.window is not None:
        coordinates[f"{variable}_wavelength"] = list(wavelengths(context.window))

    return coordinates


def _mean_and_weight(name: str, statistic: Statistic, dim: str | None) -> dict[str, xr.Variable]:
    """Return daily means and weights; a weight that all columns of a day share is kept once."""
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = statistic.total / statistic.weight
    weight = statistic.weight[:, 0] if statistic.weight.shape[1] == 1 else statistic.weight
    if dim is None:
        mean, weight = mean[:, 0], statistic.weight[:, 0]
    dims = ("time",) if dim is None else ("time", dim)

    return {
        name: xr.Variable(dims, mean),
        f"{name}_weight": xr.Variable(dims[: weight.ndim], weight.copy()),
    }


def from_dataset(daily: xr.Dataset, name: str) -> Statistic:
    """Return the daily sums of `name`, (day, k); a day without weight is zero."""
    mean = daily[name].values.reshape(daily.sizes["time"], -1)
    weight = daily[f"{name}_weight"].values.reshape(len(mean), -1)

    return Statistic(np.where(weight > 0, mean, 0.0) * weight, weight)
