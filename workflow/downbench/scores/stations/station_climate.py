"""Climate of a grid at stations compared with that of the measurements, without pairing days.

Stations form one axis of a grid that is one cell wide, with their density weights as areas;
distributions, indices and the bootstrap over years are those of the fields.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.scores.climate import climate_comparison, climate_rows
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
    """Return the tidy table of one variable over all days of both.

    Parameters
    ----------
    variable
        Name of the variable.
    grid : (time, member, station)
    observed : (time, station)
        Of the same season-years and months.
    weight : (station,)
    settings
        Section `evaluation`.
    start_month
        Month in which a season-year begins.
    paired
        Are the days of the grid those of the measurements? Then a day without a measurement is
        left out of the grid too.
    """
    ensemble, reference = (_column(v, variable, start_month) for v in (grid, observed))
    if paired:
        values = np.where(np.isnan(reference.values), np.nan, ensemble.values)
        ensemble = replace(ensemble, values=values)
    comparison = climate_comparison.compare(
        ensemble, reference, weight[:, None], settings, paired=paired
    )
    rows = [
        *climate_rows.distribution_rows(comparison),
        *climate_rows.index_rows(comparison),
    ]
    years = min(len(ensemble.years), len(reference.years))
    members, times = grid.sizes["member"], grid.sizes["time"]
    confidence = settings.bootstrap.confidence
    return table(rows, Sample(variable, "all", members, times, years, confidence))


def _column(values: xr.DataArray, variable: str, start_month: int) -> DailySeries:
    """Return stations as a grid (time, member, y, x) that is one cell wide."""
    column = values.rename(station="y").expand_dims("x", axis=-1).rename(variable)
    return daily_series(column, start_month)
