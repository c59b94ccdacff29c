"""Made-up climates of a few cells, for scores that pair no days."""

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.scores.climate.daily_series import DailySeries, daily_series
from downbench.scores.settings import evaluation_settings


def settings(replicates: int = 50) -> Evaluation:
    """The project's settings with few replicates."""
    whole = evaluation_settings(None)
    fewer = whole.bootstrap.model_copy(update={"replicates": replicates})
    return whole.model_copy(update={"bootstrap": fewer})


def days(
    first: int, years: int, months: tuple[int, ...] = tuple(range(1, 13))
) -> pd.DatetimeIndex:
    """Every day of these months."""
    whole = pd.date_range(f"{first}-01-01", f"{first + years - 1}-12-31")
    return whole[whole.month.isin(months)]


def made(
    values: np.ndarray, time: pd.DatetimeIndex, name: str = "pr", start: int = 1
) -> DailySeries:
    """A series of (time,) spread over one cell, or of (time, member, y, x)."""
    if values.ndim == 1:
        values = values[:, None, None, None]
    dims = ("time", "member", "y", "x")
    field = xr.DataArray(values.astype(np.float32), dims=dims, coords={"time": time}, name=name)
    return daily_series(field, start)


def weather(
    time: pd.DatetimeIndex, seed: int, cells: int = 6, members: int = 1, name: str = "pr"
) -> np.ndarray:
    """Independent days (time, member, cells, cells): half of them dry, or about 290 K."""
    rng = np.random.default_rng(seed)
    shape = (len(time), members, cells, cells)
    if name == "pr":
        return rng.gamma(0.8, 8.0, shape) * (rng.random(shape) < 0.5)
    return 290 + 5 * rng.standard_normal(shape)
