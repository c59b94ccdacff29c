"""The conditional distribution p(fine day | coarse day), shared by the generator and the oracle.

Both sample through `fine_given_coarse`, so the oracle's distribution is the generator's by
construction. docs/methods/synthetic-region.md gives the equations.
"""

from collections.abc import Mapping

import numpy as np

from downbench.core.config.region.generator import FineNoise
from downbench.core.config.sources.synthetic import WEATHER_VARIABLES, SyntheticTarget
from downbench.sources.synthetic.fine_noise import Noise, part
from downbench.sources.synthetic.grid_blocks import GridBlocks
from downbench.sources.synthetic.ground import Ground
from downbench.sources.synthetic.rain import fine_rain
from downbench.sources.synthetic.random_fields import colour, power_law
from downbench.sources.synthetic.regime_distribution import fine_fields
from downbench.sources.synthetic.temperature import fine_temperature

CONDITIONS = WEATHER_VARIABLES
BATCH = 128


def fine_given_coarse(
    coarse: Mapping[str, np.ndarray], surface: Ground, options: SyntheticTarget, noise: Noise
) -> dict[str, np.ndarray]:
    """Sample fine fields from the distribution, a deterministic function of their noise.

    Parameters
    ----------
    coarse
        `pr` [mm day-1], `tasmax` [K], `uas`, `vas` [m s-1], each (days, Y, X).
    noise
        `fine_noise.white_noise` of each day, along a first axis.

    Returns
    -------
    dict
        `pr` [mm day-1] and `tasmax` [K], (days, y, x) float32. Their area-weighted block means
        are `coarse` to float32 precision; pr is exactly 0 or at least about 0.1 mm day-1.
    """
    days = len(coarse["pr"])
    parts = [
        _batch(
            {n: coarse[n][i : i + BATCH] for n in CONDITIONS},
            surface,
            options,
            part(noise, slice(i, i + BATCH)),
        )
        for i in range(0, days, BATCH)
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in ("pr", "tasmax")}


def conditions(
    coarse: Mapping[str, np.ndarray], surface: Ground, options: SyntheticTarget
) -> dict[str, np.ndarray]:
    """Return coarse days in float32 with temperature at sea level, `sea_level_k` [K]."""
    day = {name: np.asarray(coarse[name], np.float32) for name in CONDITIONS}
    lapse = np.float32(options.temperature_distribution.lapse_k_per_km)
    return day | {"sea_level_k": day["tasmax"] + lapse * surface.block_height_km}


def _batch(
    coarse: Mapping[str, np.ndarray], surface: Ground, options: SyntheticTarget, noise: Noise
) -> dict[str, np.ndarray]:
    day = conditions(coarse, surface, options)
    if options.regimes == "none":
        return _without_regimes(day, surface, options, noise["white"])
    return fine_fields(day, surface, options, noise)


def _without_regimes(
    day: Mapping[str, np.ndarray], surface: Ground, options: SyntheticTarget, white: np.ndarray
) -> dict[str, np.ndarray]:
    rain_noise, temperature_noise = _noise(day, surface, options.noise, white)
    return {
        "pr": fine_rain(day, surface, options.rain_distribution, rain_noise),
        "tasmax": fine_temperature(
            day, surface, options.temperature_distribution, rain_noise, temperature_noise
        ),
    }


def _noise(
    day: Mapping[str, np.ndarray], surface: Ground, options: FineNoise, white: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return two Gaussian fields (days, y, x) whose block means are zero.

    Both are standard normal before the smooth field with their block means is subtracted; that of
    rain is stretched along the day's wind.
    """
    u, v = (day[name].mean(axis=(-2, -1)) for name in ("uas", "vas"))
    speed = np.hypot(u, v)
    stretch = 1 + options.elongation * speed / (speed + options.elongation_wind_m_s)
    outer = options.outer_scale_km / surface.km
    rows, columns = surface.height_km.shape
    rain = power_law(options.size, options.rain_slope, outer, stretch, np.arctan2(v, u))
    temperature = power_law(options.size, options.temperature_slope, outer)
    fields = (colour(white[:, 0], rain), colour(white[:, 1], temperature))
    return tuple(_without_block_means(f[:, :rows, :columns], surface.blocks) for f in fields)


def _without_block_means(field: np.ndarray, blocks: GridBlocks) -> np.ndarray:
    return field - blocks.up_conserving(blocks.mean(field))
