"""Fine temperature given the coarse day: lapse, inversions, coast and a correlated residual."""

from collections.abc import Mapping

import numpy as np

from downbench.core.config.region.generator import TemperatureDistribution
from downbench.sources.synthetic.block_correction import exact_shift
from downbench.sources.synthetic.ground import Ground


def fine_temperature(
    day: Mapping[str, np.ndarray],
    surface: Ground,
    params: TemperatureDistribution,
    rain_noise: np.ndarray,
    temperature_noise: np.ndarray,
) -> np.ndarray:
    """Return temperature (days, y, x) [K] whose block means are `day["tasmax"]`."""
    blocks = surface.blocks
    calm = np.exp(-np.hypot(day["uas"], day["vas"]) / np.float32(params.calm_wind_m_s))
    height = surface.height_km - surface.height_smooth_km
    land = surface.land - blocks.up_conserving(blocks.mean(surface.land))
    warmth = np.float32(params.land_contrast) * (
        day["sea_level_k"] - np.float32(params.land_neutral_k)
    )
    residual = _correlated(rain_noise, temperature_noise, params.rain_correlation)
    detail = (
        -blocks.up(_lapse(day, calm, params)) * height
        + blocks.up(warmth) * land
        + blocks.up(_residual_sd(day, calm, params))
        * _share_of_sea(surface.land, params)
        * residual
    )
    smooth = day["tasmax"] - np.float32(params.land_neutral_k) - blocks.mean(detail)
    field = blocks.up_conserving(smooth) + detail

    # Only rounding remains to be shifted.
    return exact_shift(field.astype(np.float64) + params.land_neutral_k, day["tasmax"], blocks)


def _lapse(
    day: Mapping[str, np.ndarray], calm: np.ndarray, params: TemperatureDistribution
) -> np.ndarray:
    """Return the fall of temperature with height [K km-1], (days, Y, X)."""
    cold = 1 / (1 + np.exp((day["sea_level_k"] - params.inversion_k) / params.inversion_width_k))
    return (params.lapse_k_per_km - params.inversion_k_per_km * cold * np.sqrt(calm)).astype(
        np.float32
    )


def _residual_sd(
    day: Mapping[str, np.ndarray], calm: np.ndarray, params: TemperatureDistribution
) -> np.ndarray:
    """Return the standard deviation of the residual over land [K], (days, Y, X)."""
    wet = day["pr"] / (day["pr"] + np.float32(params.residual_wet_mm_day))
    calm_rise, wet_fall = 1 + params.residual_calm * calm, 1 - params.residual_wet * wet
    return (params.residual_sd_k * calm_rise * wet_fall).astype(np.float32)


def _share_of_sea(land: np.ndarray, params: TemperatureDistribution) -> np.ndarray:
    return np.float32(params.residual_sea) + np.float32(1 - params.residual_sea) * land


def _correlated(first: np.ndarray, second: np.ndarray, correlation: float) -> np.ndarray:
    return np.float32(correlation) * first + np.float32(np.sqrt(1 - correlation**2)) * second
