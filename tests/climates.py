"""Synthetic climates of a few cells, for scores that do not pair days."""

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.scores.climate.daily_series import DailySeries, daily_series
from downbench.scores.evaluation_settings import evaluation_settings


def settings(replicates: int = 50) -> Evaluation:
    """Return the project's settings with few replicates."""
    settings = evaluation_settings(None)
    fewer = settings.bootstrap.model_copy(update={"replicates": replicates})
    return settings.model_copy(update={"bootstrap": fewer})


def days(
    first: int, years: int, months: tuple[int, ...] = tuple(range(1, 13))
) -> pd.DatetimeIndex:
    """Return every day of these months."""
    dates = pd.date_range(f"{first}-01-01", f"{first + years - 1}-12-31")
    return dates[dates.month.isin(months)]


def series(
    values: np.ndarray, time: pd.DatetimeIndex, name: str = "pr", start: int = 1
) -> DailySeries:
    """Return the series of one cell from (time,), or of a grid from (time, member, y, x)."""
    if values.ndim == 1:
        values = values[:, None, None, None]
    dims = ("time", "member", "y", "x")
    field = xr.DataArray(values.astype(np.float32), dims=dims, coords={"time": time}, name=name)
    return daily_series(field, start)


def weather(
    time: pd.DatetimeIndex, seed: int, cells: int = 6, members: int = 1, name: str = "pr"
) -> np.ndarray:
    """Return independent days (time, member, cells, cells): half of them dry, or near 290 K."""
    rng = np.random.default_rng(seed)
    shape = (len(time), members, cells, cells)
    if name == "pr":
        return rng.gamma(0.8, 8.0, shape) * (rng.random(shape) < 0.5)
    return 290 + 5 * rng.standard_normal(shape)
