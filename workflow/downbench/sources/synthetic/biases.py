"""Drivers with known faults: a reanalysis of the same days, and free runs of a climate model."""

import numpy as np
import xarray as xr

from downbench.core.config.region.synthetic import Reanalysis, Simulation, SyntheticOptions
from downbench.core.rng import generator
from downbench.sources.synthetic.weather import ar1_fields

WEATHER = ("pr", "tasmax", "uas", "vas")


def seen(truth: xr.Dataset, options: SyntheticOptions, km: float) -> xr.Dataset:
    """The coarse truth (time, Y, X) as the reanalysis sees it: smoothed, biased, with error.

    The errors are Gaussian fields correlated in space and from day to day; that of rain is
    log-normal with mean one, so that `rain_factor` is the whole mean bias.
    """
    faults = options.reanalysis
    error = {name: _error(options, truth, km, name) for name in WEATHER}
    log_error = faults.rain_log_sd * error["pr"] - 0.5 * faults.rain_log_sd**2
    smooth = {name: _smoothed(truth[name].values, faults) for name in WEATHER}
    shift, spread = faults.temperature_bias_k, faults.temperature_sd_k
    return truth[list(WEATHER)].assign(
        pr=(truth.pr.dims, smooth["pr"] * faults.rain_factor * np.exp(log_error)),
        tasmax=(truth.pr.dims, smooth["tasmax"] + shift + spread * error["tasmax"]),
        uas=(truth.pr.dims, smooth["uas"] + faults.wind_sd_m_s * error["uas"]),
        vas=(truth.pr.dims, smooth["vas"] + faults.wind_sd_m_s * error["vas"]),
    )


def _error(options: SyntheticOptions, truth: xr.Dataset, km: float, name: str) -> np.ndarray:
    rng = generator(options.seed, "reanalysis", name)
    shape, memory = truth.pr.shape, options.reanalysis.error_persistence
    return ar1_fields(options.weather, shape, km, memory, rng)


def _smoothed(field: np.ndarray, faults: Reanalysis) -> np.ndarray:
    """Move each cell (days, Y, X) towards the mean of its 3 x 3 neighbourhood."""
    padded = np.pad(field, ((0, 0), (1, 1), (1, 1)), mode="edge")
    rows, columns = field.shape[-2:]
    box = sum(padded[:, i : i + rows, j : j + columns] for i in range(3) for j in range(3)) / 9
    return (1 - faults.smoothing) * field + faults.smoothing * box


def simulated(free: xr.Dataset, options: SyntheticOptions, name: str) -> xr.Dataset:
    """A free run (time, Y, X) of the true climate with the biases of simulation `name`.

    Temperature: its weather is widened, its trend is not; a bias and a warming are added. Rain:
    the warming's Clausius–Clapeyron factor, then a bent quantile curve
    f s (p / s)^e, then drizzle on a share of the dry cell-days.
    """
    faults, weather = options.simulations[name], options.weather
    weather_k = faults.temperature_spread * (free.anomaly - free.trend)
    warmth = weather_k + free.trend + faults.warming_k
    scale = weather.rain_scale_mm_day
    wetter = (1 + weather.cc_rate_percent_per_k / 100) ** faults.warming_k
    rain = faults.rain_factor * scale * (wetter * free.pr / scale) ** faults.rain_exponent
    return free[["uas", "vas"]].assign(
        pr=_with_drizzle(rain, faults, generator(options.seed, "drizzle", name)),
        tasmax=free.season + warmth + faults.temperature_bias_k,
    )


def _with_drizzle(
    rain: xr.DataArray, faults: Simulation, rng: np.random.Generator
) -> xr.DataArray:
    chosen = rng.random(rain.shape) < faults.drizzle_share
    drizzle = rng.exponential(faults.drizzle_mm_day, rain.shape)
    return rain.where(rain > 0, np.where(chosen, drizzle, 0.0))
