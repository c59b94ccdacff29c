"""Drivers with known biases: a reanalysis of the target's days, and runs of a climate model."""

import numpy as np
import xarray as xr

from downbench.core.config.region.generator import ReanalysisErrors, Simulation
from downbench.core.config.sources.synthetic import WEATHER_VARIABLES, SyntheticTarget
from downbench.core.rng import generator
from downbench.sources.synthetic.weather import ar1_fields


def as_reanalysis(
    weather: xr.Dataset, options: SyntheticTarget, errors: ReanalysisErrors, km: float
) -> xr.Dataset:
    """Return the coarse weather (time, Y, X) as a reanalysis: smoothed, biased, with error.

    The errors are Gaussian fields correlated in space and from day to day; that of rain is
    log-normal with mean one, so that `rain_factor` is the mean bias.
    """
    persistence = errors.error_persistence
    noise = {name: _noise(options, persistence, weather, km, name) for name in WEATHER_VARIABLES}
    log_error = errors.rain_log_sd * noise["pr"] - 0.5 * errors.rain_log_sd**2
    smooth = {name: _smoothed(weather[name].values, errors) for name in WEATHER_VARIABLES}
    shift, spread = errors.temperature_bias_k, errors.temperature_sd_k
    return weather[list(WEATHER_VARIABLES)].assign(
        pr=(weather.pr.dims, smooth["pr"] * errors.rain_factor * np.exp(log_error)),
        tasmax=(weather.pr.dims, smooth["tasmax"] + shift + spread * noise["tasmax"]),
        uas=(weather.pr.dims, smooth["uas"] + errors.wind_sd_m_s * noise["uas"]),
        vas=(weather.pr.dims, smooth["vas"] + errors.wind_sd_m_s * noise["vas"]),
    )


def _noise(
    options: SyntheticTarget, persistence: float, weather: xr.Dataset, km: float, name: str
) -> np.ndarray:
    rng = generator(options.seed, "reanalysis", name)
    return ar1_fields(options.weather, weather.pr.shape, km, persistence, rng)


def _smoothed(field: np.ndarray, errors: ReanalysisErrors) -> np.ndarray:
    """Move each cell (days, Y, X) towards the mean of its 3 x 3 neighbourhood."""
    padded = np.pad(field, ((0, 0), (1, 1), (1, 1)), mode="edge")
    rows, columns = field.shape[-2:]
    box = sum(padded[:, i : i + rows, j : j + columns] for i in range(3) for j in range(3)) / 9
    return (1 - errors.smoothing) * field + errors.smoothing * box


def as_simulation(
    run: xr.Dataset, options: SyntheticTarget, simulation: Simulation, name: str
) -> xr.Dataset:
    """Return a free run (time, Y, X) of the target's climate with the biases of a simulation.

    Temperature: its weather is widened, its trend is not; a bias and a warming are added. Rain:
    the warming's Clausius–Clapeyron factor, then a bent quantile curve f s (p / s)^e, then drizzle
    on a share of the dry cell-days.
    """
    constants = options.weather
    weather_k = simulation.temperature_spread * (run.anomaly - run.trend)
    warmth = weather_k + run.trend + simulation.warming_k
    scale = constants.rain_scale_mm_day
    wetter = (1 + constants.cc_rate_percent_per_k / 100) ** simulation.warming_k
    exponent = simulation.rain_exponent
    rain = simulation.rain_factor * scale * (wetter * run.pr / scale) ** exponent
    return run[["uas", "vas"]].assign(
        pr=_with_drizzle(rain, simulation, generator(options.seed, "drizzle", name)),
        tasmax=run.season + warmth + simulation.temperature_bias_k,
    )


def _with_drizzle(
    rain: xr.DataArray, simulation: Simulation, rng: np.random.Generator
) -> xr.DataArray:
    is_drizzle = rng.random(rain.shape) < simulation.drizzle_share
    drizzle = rng.exponential(simulation.drizzle_mm_day, rain.shape)
    return rain.where(rain > 0, np.where(is_drizzle, drizzle, 0.0))
