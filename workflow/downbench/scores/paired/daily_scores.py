"""The daily file: one mean per day of the headline statistics, so that models can be paired.

With spectra and, for rain, histograms of the values: distances of spectra and percentiles are
formed from their means over days, and paired like the CRPS.
"""

import numpy as np
import xarray as xr

from downbench.scores.context import Context
from downbench.scores.metric import DailyStatistic
from downbench.scores.metrics.spectra import detail_km, wavelengths
from downbench.scores.registry import daily_statistics_kept
from downbench.scores.statistics import Statistic, Statistics

OWN = ("wavelength", "bin")


def to_dataset(statistics: dict[str, Statistics], contexts: dict[str, Context]) -> xr.Dataset:
    """`{variable}_{statistic}` and `…_weight` on (time[, scale | percentile | threshold | …]).

    Wavelengths and bins are the variable's own dims; attribute `{variable}_detail_km` tells which
    wavelengths are too short for the coarse input.

    Parameters
    ----------
    statistics
        Daily sums per variable.
    contexts
        What they were taken with.
    """
    variables: dict[str, xr.Variable] = {}
    coordinates: dict[str, list[float]] = {}
    for variable, sums in statistics.items():
        for statistic in daily_statistics_kept():
            skipped = statistic.intermittent_only and not contexts[variable].is_rain
            if statistic.name in sums and not skipped:
                dim = _dimension(statistic, variable)
                variables |= _pair(f"{variable}_{statistic.name}", sums[statistic.name], dim)
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
    own = statistic.dimension in OWN
    return f"{variable}_{statistic.dimension}" if own else statistic.dimension


def _coordinates(variable: str, context: Context) -> dict[str, list[float]]:
    found = {
        "scale": list(context.pooling_factors),
        "percentile": list(context.settings.tail_percentiles),
        "threshold": list(context.settings.reliability_thresholds_mm_day),
    }
    if context.window is not None:
        found[f"{variable}_wavelength"] = list(wavelengths(context.window))

    return found


def _pair(name: str, one: Statistic, dim: str | None) -> dict[str, xr.Variable]:
    """Daily means and their weights; a weight that a whole day shares is kept once."""
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = one.total / one.weight
    weight = one.weight[:, 0] if one.weight.shape[1] == 1 else one.weight
    if dim is None:
        mean, weight = mean[:, 0], one.weight[:, 0]
    dims = ("time",) if dim is None else ("time", dim)

    return {
        name: xr.Variable(dims, mean),
        f"{name}_weight": xr.Variable(dims[: weight.ndim], weight.copy()),
    }


def from_dataset(daily: xr.Dataset, name: str) -> Statistic:
    """Daily sums of `name` again, (day, k); a day without weight counts nothing."""
    mean = daily[name].values.reshape(daily.sizes["time"], -1)
    weight = daily[f"{name}_weight"].values.reshape(len(mean), -1)

    return Statistic(np.where(weight > 0, mean, 0.0) * weight, weight)
