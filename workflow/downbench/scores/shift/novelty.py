"""How far a day lies outside of what a model was trained on.

The distance of a day is that to its k-th nearest training day, in the space of leading patterns
with variance one. Each block of training years is measured against the other blocks, and so is
the driver; its days are ranked among those of the block (cross-conformal, Vovk 2015,
doi:10.1007/s10472-013-9368-4). The index of a day is the share of training days that lie nearer:
uniform between zero and one for days like those of the training years, near one for days the like
of which a model has not seen. It looks for days outside of the cloud; a cloud that is crammed into
a corner is for two_sample to tell.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from scipy.spatial import cKDTree

from downbench.core.config.evaluation import Evaluation
from downbench.core.errors import UserError
from downbench.scores.bootstrap import resample
from downbench.scores.shift import principal_components
from downbench.scores.shift.coarse_days import CoarseDays
from downbench.scores.table import SEASONS, Row, Sample, table

FAR = 0.95


@dataclass(frozen=True)
class Outness:
    """Of each day, (time,): `index` in 0 … 1, and `distance` over the training days' median.

    NaN on a day that lacks a value.
    """

    index: np.ndarray
    distance: np.ndarray


def measure(
    training: CoarseDays, driver: CoarseDays, components: int, folds: int, neighbours: int
) -> Outness:
    """How far the driver's days lie outside of the training days.

    Parameters
    ----------
    components
        Patterns of each predictor.
    folds
        Blocks of consecutive training years.
    neighbours
        The k of the k-th nearest training day.

    Raises
    ------
    UserError
        When there are fewer than two training years.
    """
    every = np.unique(training.years)
    if every.size < 2:
        raise UserError("the distance from the training days needs two training years: add one")
    known = principal_components.fit(training.fields, components)
    seen, asked = (principal_components.project(known, days.fields) for days in (training, driver))
    whole = np.isfinite(seen).all(axis=1)
    seen, years = seen[whole], training.years[whole]
    valid = np.isfinite(asked).all(axis=1)
    nearer, distance, own = np.zeros(valid.sum()), np.zeros(valid.sum()), []
    blocks = np.array_split(every, min(folds, every.size))
    for block in blocks:
        inside = np.isin(years, block)
        others = cKDTree(seen[~inside])
        of_block, found = (
            _to_neighbour(others, d, neighbours) for d in (seen[inside], asked[valid])
        )
        nearer += np.searchsorted(np.sort(of_block), found)
        distance += found / len(blocks)
        own.append(of_block)

    made = np.full((2, len(asked)), np.nan)
    made[:, valid] = nearer / len(seen), distance / np.median(np.concatenate(own))
    return Outness(*made)


def _to_neighbour(seen: cKDTree, asked: np.ndarray, neighbours: int) -> np.ndarray:
    found, _ = seen.query(asked, k=[min(neighbours, seen.n)])
    return found[:, 0]


def shares(index: np.ndarray, driver: CoarseDays, evaluation: Evaluation) -> pd.DataFrame:
    """Share of days whose index is above 0.95, per season, with intervals by resampled years.

    Days like those of the training years have 0.05.
    """
    tables = []
    for season in SEASONS:
        chosen = (driver.seasons == season) | (season == "all")
        far, years = index[chosen], driver.years[chosen]
        valid = np.isfinite(far)
        if not valid.any():
            continue
        number = np.unique(years[valid], return_inverse=True)[1]
        days, beyond = (np.bincount(number, w) for w in (np.ones(valid.sum()), far[valid] > FAR))
        draws = resample(np.arange(days.size), evaluation.bootstrap.replicates, evaluation.seed)
        row = Row("out_of_training_share", draws @ beyond / (draws @ days), threshold=FAR)
        confidence = evaluation.bootstrap.confidence
        sample = Sample("all", season, 1, int(valid.sum()), days.size, confidence)
        tables.append(table([row], sample).assign(lower=lambda t: t["lower"].clip(0)))
    return pd.concat(tables, ignore_index=True)


def to_dataset(time: xr.DataArray, found: Outness) -> xr.Dataset:
    """Index and distance of every day, the latter over the median of the training days'."""
    fields = {
        "out_of_training": (
            found.index,
            "share of training days that lie nearer to training days of other years",
        ),
        "training_distance": (
            found.distance,
            "distance from the training days over the median of their own",
        ),
    }
    made = {
        name: ("time", values.astype(np.float32), {"units": "1", "long_name": words})
        for name, (values, words) in fields.items()
    }
    return xr.Dataset(made, {"time": time})
