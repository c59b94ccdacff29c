"""Datasets that accompany a score table: daily statistics of all variables, and example days."""

from collections.abc import Mapping

import numpy as np
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.scores import example_days
from downbench.scores.evaluation import VariableScores
from downbench.scores.paired import daily_scores

ATTRIBUTES = ("model", "trained_on", "driver", "split", "seed", "region", "fit_years")
SCORES = "scores_sha256"
"""Attribute of the daily file: the SHA-256 of the score table that was written with it."""


def daily_dataset(
    scores: Mapping[str, VariableScores], ensemble: xr.Dataset, reference: xr.Dataset
) -> xr.Dataset:
    """Return the headline statistics of every day, from which models are compared in pairs."""
    statistics = {name: variable.statistics for name, variable in scores.items()}
    contexts = {name: variable.context for name, variable in scores.items()}
    daily = daily_scores.to_dataset(statistics, contexts)
    daily = daily.assign_coords(_coordinates(reference, ("time", "event")))

    return daily.assign_attrs(_attributes(ensemble), members=ensemble.sizes["member"])


def example_day_maps(
    scores: Mapping[str, VariableScores],
    ensemble: xr.Dataset,
    reference: xr.Dataset,
    settings: Evaluation,
) -> xr.Dataset:
    """Return the maps of the example days."""
    area = reference["cell_area"].values
    fields = {name: reference[name].values for name in scores}
    days = example_days.days_to_show(fields, area, settings.wet_day_mm_day)
    index = list(days.values())
    maps: dict[str, xr.Variable] = {}
    for name, variable in scores.items():
        # One day at a time: fancy indexing of a lazy store may read all days in between.
        members = np.stack([ensemble[name].isel(time=day).values for day in index])
        values = reference[name].isel(time=index).values
        maps |= example_days.variable_maps(name, members, values, area, variable.context.factor)
    dataset = xr.Dataset(maps, _coordinates(reference, ("lat", "lon", "orog", "land")))
    dataset = dataset.assign_coords(
        kind=("day", list(days)), time=("day", reference["time"].values[index])
    )

    return dataset.assign_attrs(_attributes(ensemble))


def _coordinates(reference: xr.Dataset, names: tuple[str, ...]) -> dict[str, xr.Variable]:
    return {name: reference[name].variable for name in names if name in reference.variables}


def _attributes(ensemble: xr.Dataset) -> dict[str, str]:
    return {name: ensemble.attrs[name] for name in ATTRIBUTES if name in ensemble.attrs}
