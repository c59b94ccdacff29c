"""Daily series on a small coarse grid and settings of a quantile mapping, for tests."""

from typing import Any

import numpy as np
import xarray as xr

from downbench.core.config.region.quantile_mapping import QuantileMapping

RAIN = {
    "trace_mm_day": 0.1,
    "least_wet_days": 10,
    "small_mm_day": 1.0,
    "small_cap": 2.0,
    "ceiling_mm_day": 1000.0,
}
SETTINGS: dict[str, Any] = {
    "fitted_on": "model",
    "reference": "truth",
    "method": "qdm",
    "variables": {"pr": "multiplicative", "tas": "additive"},
    "window_days": 31,
    "window_step_days": 15,
    "quantiles": 50,
    "interpolate": "quantiles",
    "tail_cap": 3.0,
    "cross_fit_blocks": None,
    "period_years": 100,
    "rain": RAIN,
    "temperature_limits_k": (200.0, 340.0),
    "seed": 1,
}
UNITS = {"pr": "mm day-1", "tas": "K"}


def mapping(**changed: Any) -> QuantileMapping:
    """Return these settings with changes; sections that no variable needs are left out."""
    settings = SETTINGS | changed
    if "pr" not in settings["variables"]:
        settings["rain"] = None
    if "tas" not in settings["variables"]:
        settings["temperature_limits_k"] = None
    return QuantileMapping.model_validate(settings)


def time(first_year: int, years: int, calendar: str = "standard") -> xr.DataArray:
    """Every day of so many years, without the 31 December that a 360-day year lacks."""
    last = f"{first_year + years - 1}-12-{30 if calendar == '360_day' else 31}"
    stamps = xr.date_range(
        f"{first_year}-01-01", last, calendar=calendar, use_cftime=calendar != "standard"
    )
    return xr.DataArray(stamps, dims="time", coords={"time": stamps})


def series(dates: xr.DataArray, **fields: np.ndarray) -> xr.Dataset:
    """A data set of fields (time, Y, X) at these times, on a grid of whole degrees."""
    rows, columns = next(iter(fields.values())).shape[1:]
    lat, lon = np.meshgrid(44.0 + np.arange(rows), 8.0 + np.arange(columns), indexing="ij")
    data = {
        name: (("time", "Y", "X"), values.astype(np.float32), {"units": UNITS[name]})
        for name, values in fields.items()
    }
    return xr.Dataset(data, {"time": dates, "lat": (("Y", "X"), lat), "lon": (("Y", "X"), lon)})


def season(dates: xr.DataArray) -> np.ndarray:
    """A cycle of the year, (time, 1, 1), between -1 and 1."""
    day = dates.dt.dayofyear.values
    return np.cos(2 * np.pi * (day - 200) / 365.25)[:, None, None]


def temperature(
    dates: xr.DataArray, seed: int, spread_k: float = 4.0, cells: int = 2
) -> np.ndarray:
    """(time, cells, cells) K: a season and independent normal weather."""
    weather = np.random.default_rng(seed).normal(size=(dates.size, cells, cells))
    return 285.0 + 8.0 * season(dates) + spread_k * weather


def rain(dates: xr.DataArray, seed: int, wet_share: float = 0.5, cells: int = 2) -> np.ndarray:
    """(time, cells, cells) mm day-1: independent days, zero or a gamma variate above 0.1."""
    rng = np.random.default_rng(seed)
    shape = (dates.size, cells, cells)
    amount = 0.1 + (1.2 + 0.5 * season(dates)) * rng.gamma(0.7, 6.0, shape)
    return np.where(rng.uniform(size=shape) < wet_share, amount, 0.0)
