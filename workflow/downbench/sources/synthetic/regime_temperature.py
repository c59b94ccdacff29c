"""Fine temperature given the coarse day and its regime: a Gaussian field about a mean field.

Given the regime, tasmax = B* (T - M d) + d with the detail d = m_k + s_k R xi: m_k a field, s_k a
number of the day, R a fixed linear map of white noise xi.
"""

from collections.abc import Mapping

import numpy as np
from scipy import ndimage

from downbench.core.config.sources.synthetic import SyntheticTarget
from downbench.sources.synthetic import foehn
from downbench.sources.synthetic.block_correction import exact_shift
from downbench.sources.synthetic.day_regimes import COLD_POOL, FOEHN
from downbench.sources.synthetic.ground import Ground
from downbench.sources.synthetic.random_fields import colour, power_law


def fine_temperature(
    day: Mapping[str, np.ndarray],
    surface: Ground,
    options: SyntheticTarget,
    regime: np.ndarray,
    white: np.ndarray,
) -> np.ndarray:
    """Return temperature (days, y, x) [K] with block means `day["tasmax"]`.

    Parameters
    ----------
    regime : (days,)
        Regime of each day, as `day_regimes` numbers them.
    white : (days, size, size)
        White noise.
    """
    spread = residual_sd(day, options, regime)[:, None, None]
    detail = mean_detail(day, surface, options, regime) + spread * residual(
        white, surface, options
    )
    return with_block_means(detail, day, surface, options)


def with_block_means(
    detail: np.ndarray, day: Mapping[str, np.ndarray], surface: Ground, options: SyntheticTarget
) -> np.ndarray:
    """Return a detail (days, y, x) plus the smooth field that gives it the coarse means."""
    blocks, neutral = surface.blocks, options.temperature_distribution.land_neutral_k
    smooth = day["tasmax"] - np.float32(neutral) - blocks.mean(detail)
    field = blocks.up_conserving(smooth) + detail

    # Only rounding remains to be shifted.
    return exact_shift(field.astype(np.float64) + neutral, day["tasmax"], blocks)


def residual(white: np.ndarray, surface: Ground, options: SyntheticTarget) -> np.ndarray:
    """Return coloured noise (days, y, x), less over sea, before its block means are taken off."""
    noise = options.noise
    amplitude = power_law(noise.size, noise.temperature_slope, noise.outer_scale_km / surface.km)
    rows, columns = surface.land.shape
    return sd_pattern(surface, options) * colour(white, amplitude)[:, :rows, :columns]


def sd_pattern(surface: Ground, options: SyntheticTarget) -> np.ndarray:
    """Return the sd of the residual (y, x) over that on land [1]."""
    sea = np.float32(options.temperature_distribution.residual_sea)
    return sea + (1 - sea) * surface.land


def residual_sd(
    day: Mapping[str, np.ndarray], options: SyntheticTarget, regime: np.ndarray
) -> np.ndarray:
    """Return the sd of the residual over land (days,) [K], float32."""
    params, regimes = options.temperature_distribution, options.regimes.temperature
    u, v, rain = (day[name].mean(axis=(-2, -1)) for name in ("uas", "vas", "pr"))
    calm = np.exp(-np.hypot(u, v) / params.calm_wind_m_s)
    wet = rain / (rain + params.residual_wet_mm_day)
    factor = np.array([1.0, regimes.foehn_sd, regimes.cold_pool_sd])[regime]
    spread = (1 + params.residual_calm * calm) * (1 - params.residual_wet * wet)
    return (params.residual_sd_k * factor * spread).astype(np.float32)


def mean_detail(
    day: Mapping[str, np.ndarray], surface: Ground, options: SyntheticTarget, regime: np.ndarray
) -> np.ndarray:
    """Return the detail (days, y, x) [K] that the regime of each day gives on average."""
    params, regimes = options.temperature_distribution, options.regimes.temperature
    warmth = day["sea_level_k"] - np.float32(params.land_neutral_k)
    contrast = surface.blocks.up(np.float32(params.land_contrast) * warmth)
    in_pool = regime == COLD_POOL
    lapse = np.where(in_pool, regimes.cold_pool_lapse_k_per_km, params.lapse_k_per_km)
    lapse = lapse.astype(np.float32)[:, None, None]
    detail = contrast * surface.land - lapse * surface.height_km
    days = np.flatnonzero(regime == FOEHN)
    detail[days] += _foehn(_subset(day, days), surface, options)
    detail[in_pool] -= _cold_pools(surface, options)
    return detail


def _foehn(day: Mapping[str, np.ndarray], surface: Ground, options: SyntheticTarget) -> np.ndarray:
    """Return the warming (days, y, x) [K] of air that comes down, more in strong wind."""
    regimes = options.regimes.temperature
    u, v = (day[name].mean(axis=(-2, -1)) for name in ("uas", "vas"))
    strength = np.tanh(surface.wind_across(u, v) / options.regimes.features.across_m_s)
    rate = np.float32(regimes.foehn_k_per_km) * strength.astype(np.float32)
    return rate[:, None, None] * foehn.of_wind(surface.descents_km, u, v)


def _cold_pools(surface: Ground, options: SyntheticTarget) -> np.ndarray:
    """Return the cooling (y, x) [K] of hollows and valleys on land."""
    regimes = options.regimes.temperature
    width = regimes.hollow_km / surface.km
    rim = ndimage.gaussian_filter(surface.height_km, width, mode="nearest")
    depth = np.maximum(rim - surface.height_km, 0) / np.float32(regimes.cold_pool_depth_km)
    return np.float32(regimes.cold_pool_k) * (1 - np.exp(-depth)) * surface.land


def _subset(day: Mapping[str, np.ndarray], days: np.ndarray) -> dict[str, np.ndarray]:
    return {name: values[days] for name, values in day.items()}
