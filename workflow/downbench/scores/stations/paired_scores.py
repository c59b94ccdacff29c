"""Scores of ensembles against stations on the same days.

Stations form one axis of a grid that is one cell wide, with their density weights as areas: the
metric families and the block bootstrap over days are those of the fields.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.scores.bootstrap import block_labels, resample
from downbench.scores.context import Context, ReferenceClimate
from downbench.scores.geometry import CellPairs
from downbench.scores.metric_registry import Family, daily_families
from downbench.scores.metrics import crps
from downbench.scores.paired_fields import PairedFields, fields
from downbench.scores.statistics import Statistics, counted_days, means, on_days
from downbench.scores.table import SEASONS, Sample, table


@dataclass(frozen=True)
class StationPairs:
    """Members and measurements of one variable at stations.

    members : (time, member, station)
    observed : (time, station)
        NaN where missing; such a day has no weight at that station.
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

    def select(self, mask: np.ndarray) -> "StationPairs":
        """Return the stations in `mask` (station,)."""
        members, observed = self.members[..., mask], self.observed[:, mask]
        return StationPairs(self.variable, members, observed, self.time, self.weight[mask])


def score(pairs: StationPairs, settings: Evaluation) -> pd.DataFrame:
    """Return the tidy table of one variable, over all days and by season."""
    context = _context(pairs, settings)
    fine, statistics = pairs.fields, {}
    for family in _families(by_season=False):
        statistics |= family.daily(fine, context)
    season_of_day = np.asarray(pairs.time.dt.season.values, str)
    tables = []
    for season in SEASONS:
        days = (season_of_day == season) | (season == "all")
        if days.any():
            tables.append(_season(statistics, pairs.time, days, season, context))
    return pd.concat(tables, ignore_index=True)


def _families(by_season: bool) -> list[Family]:
    """Return the families with metrics that are meaningful for a handful of stations."""
    return [family for family in daily_families() if family.at_stations(by_season)]


def station_means(pairs: StationPairs) -> dict[str, np.ndarray]:
    """Return `crps`, `bias` and `mae_mean` of each station (station,), over its valid days."""
    fine = pairs.fields
    missing = (fine.weight == 0)[..., 0]
    error = fine.deviation.mean(axis=1)[..., 0]
    values = {
        "crps": crps.fair_crps(fine.members, fine.reference)[..., 0],
        "bias": error,
        "mae_mean": np.abs(error),
    }
    count = np.maximum((~missing).sum(axis=0), 1)
    sums = {name: np.where(missing, 0.0, value).sum(axis=0) for name, value in values.items()}
    absent = missing.all(axis=0)
    return {name: np.where(absent, np.nan, total / count) for name, total in sums.items()}


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
    times = int((days & counted_days(statistics)).sum())
    sample = Sample(context.variable, season, context.members, times, blocks, bootstrap.confidence)
    return table(rows, sample)


def _context(pairs: StationPairs, settings: Evaluation) -> Context:
    """Return a context without what only fields have: pooling, spectra, pairs of cells."""
    empty = np.zeros(0)
    return Context(
        variable=pairs.variable,
        settings=settings,
        members=pairs.members.shape[1],
        forecasts=int(np.isfinite(pairs.observed).sum()),
        pooling_factors=(1,),
        factor=1,
        perfect=False,
        window=None,
        pairs=CellPairs(empty, empty, empty),
        climate=ReferenceClimate(np.nan, np.nan, np.nan, ()),
    )
