"""Fine temperature given the coarse day: lapse, inversions, coast and a correlated residual."""

from collections.abc import Mapping

import numpy as np

from downbench.core.config.region.generator import TemperatureDistribution
from downbench.core.spatial.block_correction import exact_shift
from downbench.sources.synthetic.ground import Ground


def fine_temperature(
    day: Mapping[str, np.ndarray],
    on: Ground,
    law: TemperatureDistribution,
    rain_noise: np.ndarray,
    other_noise: np.ndarray,
) -> np.ndarray:
    """Temperature (days, y, x) [K] whose block means are `day["tasmax"]`; see the law's page."""
    blocks = on.blocks
    calm = np.exp(-np.hypot(day["uas"], day["vas"]) / np.float32(law.calm_wind_m_s))
    height = on.height_km - on.height_smooth_km
    land = on.land - blocks.up_conserving(blocks.mean(on.land))
    warmth = np.float32(law.land_contrast) * (day["sea_level_k"] - np.float32(law.land_neutral_k))
    residual = _correlated(rain_noise, other_noise, law.rain_correlation)
    detail = (
        -blocks.up(_lapse(day, calm, law)) * height
        + blocks.up(warmth) * land
        + blocks.up(_residual_sd(day, calm, law)) * _share_of_sea(on.land, law) * residual
    )
    smooth = day["tasmax"] - np.float32(law.land_neutral_k) - blocks.mean(detail)
    field = blocks.up_conserving(smooth) + detail

    # What is left to shift is rounding.
    return exact_shift(field.astype(np.float64) + law.land_neutral_k, day["tasmax"], blocks)


def _lapse(
    day: Mapping[str, np.ndarray], calm: np.ndarray, law: TemperatureDistribution
) -> np.ndarray:
    """Fall of temperature with height [K km-1], (days, Y, X); negative in an inversion."""
    cold = 1 / (1 + np.exp((day["sea_level_k"] - law.inversion_k) / law.inversion_width_k))
    return (law.lapse_k_per_km - law.inversion_k_per_km * cold * np.sqrt(calm)).astype(np.float32)


def _residual_sd(
    day: Mapping[str, np.ndarray], calm: np.ndarray, law: TemperatureDistribution
) -> np.ndarray:
    """Standard deviation of the residual over land [K], (days, Y, X)."""
    wet = day["pr"] / (day["pr"] + np.float32(law.residual_wet_mm_day))
    calm_rise, wet_fall = 1 + law.residual_calm * calm, 1 - law.residual_wet * wet
    return (law.residual_sd_k * calm_rise * wet_fall).astype(np.float32)


def _share_of_sea(land: np.ndarray, law: TemperatureDistribution) -> np.ndarray:
    return np.float32(law.residual_sea) + np.float32(1 - law.residual_sea) * land


def _correlated(first: np.ndarray, second: np.ndarray, correlation: float) -> np.ndarray:
    return np.float32(correlation) * first + np.float32(np.sqrt(1 - correlation**2)) * second
