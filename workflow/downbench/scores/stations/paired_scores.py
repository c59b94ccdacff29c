"""Scores of ensembles against stations on the same days.

Stations stand along one axis of a grid that is one cell wide, with their density weights for
areas: the metric families and the block bootstrap over days are those of the fields.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.scores.bootstrap import block_labels, resample
from downbench.scores.context import Climate, Context
from downbench.scores.geometry import CellPairs
from downbench.scores.metrics import crps
from downbench.scores.paired_fields import PairedFields, fields
from downbench.scores.registry import Family, daily_families
from downbench.scores.statistics import Statistics, means, on_days
from downbench.scores.table import SEASONS, Sample, table


@dataclass(frozen=True)
class AtStations:
    """Members and measurements of one variable.

    members : (time, member, station)
    observed : (time, station)
        NaN where missing; such a day counts nothing at that station.
    time : (time,)
    weight : (station,)
    """

    variable: str
    members: np.ndarray
    observed: np.ndarray
    time: xr.DataArray
    weight: np.ndarray

    @property
    def fields(self) -> PairedFields:
        """As fields on (time, member, station, 1)."""
        stamps = self.time.values.astype("datetime64[s]").astype(str)
        column = (self.observed[..., None], self.weight[:, None])
        return fields(self.members[..., None], *column, tuple(stamps))


def score(pairs: AtStations, settings: Evaluation) -> pd.DataFrame:
    """The tidy table of one variable, over all days and by season."""
    context = _context(pairs, settings)
    fine, statistics = pairs.fields, {}
    for family in _families(by_season=False):
        statistics |= family.daily(fine, context)
    season = np.asarray(pairs.time.dt.season.values, str)
    chosen = {name: season == name if name != "all" else season != "" for name in SEASONS}
    made = [
        _season(statistics, pairs.time, days, name, context)
        for name, days in chosen.items()
        if days.any()
    ]
    return pd.concat(made, ignore_index=True)


def _families(by_season: bool) -> list[Family]:
    """Return the families with metrics that mean something with a handful of stations."""
    return [family for family in daily_families() if family.at_stations(by_season)]


def station_means(pairs: AtStations) -> dict[str, np.ndarray]:
    """`crps`, `bias` and `mae_mean` of each station (station,), over its own days."""
    fine = pairs.fields
    hole = (fine.weight == 0)[..., 0]
    error = fine.deviation.mean(axis=1)[..., 0]
    values = {
        "crps": crps.fair_crps(fine.members, fine.reference)[..., 0],
        "bias": error,
        "mae_mean": np.abs(error),
    }
    count = np.maximum((~hole).sum(axis=0), 1)
    sums = {name: np.where(hole, 0.0, value).sum(axis=0) for name, value in values.items()}
    return {name: np.where(hole.all(axis=0), np.nan, one / count) for name, one in sums.items()}


def _season(
    statistics: Statistics, time: xr.DataArray, days: np.ndarray, season: str, context: Context
) -> pd.DataFrame:
    bootstrap = context.settings.bootstrap
    labels = block_labels(time[days], bootstrap.block_days)
    counts = resample(labels, bootstrap.replicates, context.settings.seed)
    blocks = int(labels.max()) + 1
    averages = means(on_days(statistics, days), counts, blocks)
    by_season = season != "all"
    rows = [
        row
        for family in _families(by_season)
        for row in family.rows(averages, context)
        if row.metric in family.at_stations(by_season)
    ]
    sample = Sample(
        context.variable, season, context.members, int(days.sum()), blocks, bootstrap.confidence
    )
    return table(rows, sample)


def _context(pairs: AtStations, settings: Evaluation) -> Context:
    """Without what only fields have: no pooling, no spectra, no pairs of cells."""
    nothing = np.zeros(0)
    return Context(
        variable=pairs.variable,
        settings=settings,
        members=pairs.members.shape[1],
        forecasts=int(np.isfinite(pairs.observed).sum()),
        pooling_factors=(1,),
        factor=1,
        perfect=False,
        window=None,
        pairs=CellPairs(nothing, nothing, nothing),
        climate=Climate(np.nan, np.nan, np.nan, ()),
    )
