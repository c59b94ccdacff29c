"""Fine rain given the coarse day: intermittent weights, scaled to exact block means."""

from collections.abc import Mapping

import numpy as np

from downbench.core.config.region.generator import RainDistribution
from downbench.core.spatial.block_correction import exact_ratio, scale_smoothly
from downbench.sources.synthetic.blocks import Blocks
from downbench.sources.synthetic.ground import Ground


def fine_rain(
    day: Mapping[str, np.ndarray], on: Ground, law: RainDistribution, noise: np.ndarray
) -> np.ndarray:
    """Rain (days, y, x) [mm day-1] whose block means are `day["pr"]`; see the law's page."""
    blocks, rain = on.blocks, day["pr"]
    warmth = _sigmoid((day["sea_level_k"] - law.warm_k) / law.warm_width_k)
    amount = np.log((rain + law.dry_mm_day) / np.float32(law.amount_scale_mm_day))
    threshold = law.threshold + law.threshold_warm * warmth - law.threshold_amount * amount
    latent = noise + _terrain_shift(day, on, law) - blocks.up(threshold.astype(np.float32))
    power = blocks.up((law.power + law.power_warm * (warmth - 0.5)).astype(np.float32))
    weights = _softplus(latent, np.float32(law.sharpness)) ** power

    return conserve_rain(weights * blocks.up(rain), rain, blocks, law)


def conserve_rain(
    first: np.ndarray, wanted: np.ndarray, blocks: Blocks, law: RainDistribution
) -> np.ndarray:
    """Bring block means of `first` (…, y, x) > 0 to `wanted` (…, Y, X) without visible edges.

    Smooth corrections come first, in which rain fades towards dry blocks. Then drizzle is set to
    zero, and one exact ratio per block closes the rest.
    """
    field = scale_smoothly(first, wanted, blocks, law.sweeps, law.fading_sweeps)
    dry = np.minimum(np.float32(law.dry_mm_day), wanted)
    field = np.where(field < blocks.nearest(dry), np.float32(0), field)

    return exact_ratio(field, wanted, blocks)


def _terrain_shift(day: Mapping[str, np.ndarray], on: Ground, law: RainDistribution) -> np.ndarray:
    """Shift of the latent (days, y, x) [1]: slopes that face the wind, and height."""
    lift = on.blocks.up(day["uas"]) * on.slope_east + on.blocks.up(day["vas"]) * on.slope_north
    exposed = np.tanh(lift / np.float32(law.exposure_scale_m2_km_s))
    height = on.height_km - on.height_smooth_km
    return np.float32(law.exposure) * exposed + np.float32(law.height_per_km) * height


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def _softplus(x: np.ndarray, sharpness: np.float32) -> np.ndarray:
    return np.logaddexp(np.float32(0), sharpness * x) / sharpness
