"""Fine rain given the coarse day: intermittent weights, scaled to exact block means."""

from collections.abc import Mapping

import numpy as np

from downbench.core.config.region.generator import RainDistribution
from downbench.sources.synthetic.block_correction import exact_ratio, scale_smoothly
from downbench.sources.synthetic.grid_blocks import GridBlocks
from downbench.sources.synthetic.ground import Ground


def fine_rain(
    day: Mapping[str, np.ndarray], surface: Ground, params: RainDistribution, noise: np.ndarray
) -> np.ndarray:
    """Return rain (days, y, x) [mm day-1] whose block means are `day["pr"]`."""
    blocks, rain = surface.blocks, day["pr"]
    warmth = _sigmoid((day["sea_level_k"] - params.warm_k) / params.warm_width_k)
    amount = np.log((rain + params.dry_mm_day) / np.float32(params.amount_scale_mm_day))
    threshold = (
        params.threshold + params.threshold_warm * warmth - params.threshold_amount * amount
    )
    latent = noise + _terrain_shift(day, surface, params) - blocks.up(threshold.astype(np.float32))
    power = blocks.up((params.power + params.power_warm * (warmth - 0.5)).astype(np.float32))
    weights = _softplus(latent, np.float32(params.sharpness)) ** power

    return conserve_rain(weights * blocks.up(rain), rain, blocks, params)


def conserve_rain(
    first: np.ndarray, block_means: np.ndarray, blocks: GridBlocks, params: RainDistribution
) -> np.ndarray:
    """Bring block means of `first` (…, y, x) > 0 to `block_means` (…, Y, X) without visible edges.

    Smooth corrections come first, in which rain fades towards dry blocks. Then drizzle is set to
    zero, and one exact ratio per block removes the remaining difference.
    """
    field = scale_smoothly(first, block_means, blocks, params.sweeps, params.fading_sweeps)
    dry = np.minimum(np.float32(params.dry_mm_day), block_means)
    field = np.where(field < blocks.nearest(dry), np.float32(0), field)

    return exact_ratio(field, block_means, blocks)


def _terrain_shift(
    day: Mapping[str, np.ndarray], surface: Ground, params: RainDistribution
) -> np.ndarray:
    """Return the shift of the latent (days, y, x) [1]: slopes that face the wind, and height."""
    lift = (
        surface.blocks.up(day["uas"]) * surface.slope_east
        + surface.blocks.up(day["vas"]) * surface.slope_north
    )
    exposed = np.tanh(lift / np.float32(params.exposure_scale_m2_km_s))
    height = surface.height_km - surface.height_smooth_km
    return np.float32(params.exposure) * exposed + np.float32(params.height_per_km) * height


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def _softplus(x: np.ndarray, sharpness: np.float32) -> np.ndarray:
    return np.logaddexp(np.float32(0), sharpness * x) / sharpness
