"""Climate of a grid at stations beside that of the measurements: no days are paired.

Stations stand along one axis of a grid that is one cell wide, with their density weights for
areas; distributions, indices and the bootstrap over years are those of the fields.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.scores.climate import climate_comparison
from downbench.scores.climate.daily_series import DailySeries, daily_series
from downbench.scores.table import Sample, table


def score(
    variable: str,
    grid: xr.DataArray,
    observed: xr.DataArray,
    weight: np.ndarray,
    settings: Evaluation,
    start_month: int,
    *,
    paired: bool,
) -> pd.DataFrame:
    """The tidy table of one variable over all days of both.

    Parameters
    ----------
    grid : (time, member, station)
    observed : (time, station)
        Of the same season-years and months.
    weight : (station,)
    start_month
        Month in which a season-year begins.
    paired
        Are the grid's days those of the measurements? Then a day without a measurement is left
        out of the grid too.
    """
    mine, theirs = (_column(one, variable, start_month) for one in (grid, observed))
    if paired:
        mine = replace(mine, values=np.where(np.isnan(theirs.values), np.nan, mine.values))
    both = climate_comparison.compare(mine, theirs, weight[:, None], settings, paired=paired)
    rows = [*climate_comparison.distribution_rows(both), *climate_comparison.index_rows(both)]
    years = min(len(mine.years), len(theirs.years))
    members, times = grid.sizes["member"], grid.sizes["time"]
    confidence = settings.bootstrap.confidence
    return table(rows, Sample(variable, "all", members, times, years, confidence))


def _column(values: xr.DataArray, variable: str, start_month: int) -> DailySeries:
    """Stations as a grid (time, member, y, x) that is one cell wide."""
    laid = values.rename(station="y").expand_dims("x", axis=-1).rename(variable)
    return daily_series(laid, start_month)
