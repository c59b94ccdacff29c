"""Novelty of a day: how far it lies outside the training days of a model.

The distance of a day is that to its k-th nearest training day, in the space of leading principal
components with variance one. Each block of training years is measured against the other blocks,
and so is the driver; its days are ranked among those of the block (cross-conformal prediction).
The index of a day is the share of training days that lie nearer: uniform between zero and one for
days like those of the training years, near one for days without precedent in training. It detects
days outside the training distribution; a distribution that is merely narrower is detected by
`two_sample`.

References
----------
Vovk, V. (2015): Cross-conformal predictors. Annals of Mathematics and Artificial Intelligence 74,
9–28, doi:10.1007/s10472-013-9368-4.
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

OUTSIDE = 0.95
"""Index above which a day counts as out of distribution."""


@dataclass(frozen=True)
class Novelty:
    """Novelty of each day; NaN on a day that lacks a value.

    index : (time,)
        Share of nearer training days, 0 … 1.
    distance : (time,)
        Distance over the median of the training days' own [1].
    """

    index: np.ndarray
    distance: np.ndarray


def measure(
    training: CoarseDays, driver: CoarseDays, components: int, folds: int, neighbours: int
) -> Novelty:
    """Return the novelty of the driver's days with respect to the training days.

    Parameters
    ----------
    training, driver
        Days of both series.
    components
        Principal components of each predictor.
    folds
        Blocks of consecutive training years.
    neighbours
        The k of the k-th nearest training day.

    Raises
    ------
    UserError
        When there are fewer than two training years.
    """
    years = np.unique(training.years)
    if years.size < 2:
        raise UserError("the distance from the training days needs two training years: add one")
    basis = principal_components.fit(training.fields, components)
    trained, queried = (
        principal_components.project(basis, days.fields) for days in (training, driver)
    )
    complete = np.isfinite(trained).all(axis=1)
    trained, labels = trained[complete], training.years[complete]
    valid = np.isfinite(queried).all(axis=1)
    blocks = np.array_split(years, min(folds, years.size))
    masks = [np.isin(labels, block) for block in blocks]
    novelty = np.full((2, len(queried)), np.nan)
    novelty[:, valid] = _cross_conformal(trained, queried[valid], masks, neighbours)
    return Novelty(*novelty)


def _cross_conformal(
    trained: np.ndarray, queried: np.ndarray, masks: list[np.ndarray], neighbours: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return index and relative distance of queried days, averaged over blocks of training days.

    Parameters
    ----------
    trained, queried : (time, feature)
    masks : (time,) bool each
        Training days of each block.
    neighbours
        The k of the k-th nearest training day.
    """
    nearer, distance, within = np.zeros(len(queried)), np.zeros(len(queried)), []
    for inside in masks:
        rest = cKDTree(trained[~inside])
        of_block = _to_neighbour(rest, trained[inside], neighbours)
        of_query = _to_neighbour(rest, queried, neighbours)
        nearer += np.searchsorted(np.sort(of_block), of_query)
        distance += of_query / len(masks)
        within.append(of_block)
    return nearer / len(trained), distance / np.median(np.concatenate(within))


def _to_neighbour(tree: cKDTree, points: np.ndarray, neighbours: int) -> np.ndarray:
    distance, _ = tree.query(points, k=[min(neighbours, tree.n)])
    return distance[:, 0]


def shares(index: np.ndarray, driver: CoarseDays, evaluation: Evaluation) -> pd.DataFrame:
    """Return the share of days with an index above 0.95, per season, with intervals over years.

    Days like those of the training years have 0.05.
    """
    tables = []
    for season in SEASONS:
        days = (driver.seasons == season) | (season == "all")
        valid = days & np.isfinite(index)
        if valid.any():
            rows = _season_rows(index[valid] > OUTSIDE, driver.years[valid], season, evaluation)
            tables.append(rows)
    return pd.concat(tables, ignore_index=True)


def _season_rows(
    outside: np.ndarray, labels: np.ndarray, season: str, evaluation: Evaluation
) -> pd.DataFrame:
    number = np.unique(labels, return_inverse=True)[1]
    days, novel = (np.bincount(number, w) for w in (np.ones(outside.size), outside))
    counts = resample(np.arange(days.size), evaluation.bootstrap.replicates, evaluation.seed)
    share = counts @ novel / (counts @ days)
    row = Row("out_of_distribution_share", share, threshold=OUTSIDE)
    confidence = evaluation.bootstrap.confidence
    sample = Sample("all", season, 1, outside.size, days.size, confidence)
    return table([row], sample).assign(lower=lambda t: t["lower"].clip(0))


def to_dataset(time: xr.DataArray, novelty: Novelty) -> xr.Dataset:
    """Return index and relative distance of every day, for NetCDF."""
    fields = {
        "out_of_distribution": (
            novelty.index,
            "share of training days that lie nearer to training days of other years",
        ),
        "training_distance": (
            novelty.distance,
            "distance from the training days over the median of their own",
        ),
    }
    variables = {
        name: ("time", values.astype(np.float32), {"units": "1", "long_name": long_name})
        for name, (values, long_name) in fields.items()
    }
    return xr.Dataset(variables, {"time": time})
