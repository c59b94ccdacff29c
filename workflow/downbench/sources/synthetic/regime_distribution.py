"""Fine fields given the coarse day with regimes, a deterministic function of noise."""

from collections.abc import Mapping

import numpy as np

from downbench.core.config.sources.synthetic import SyntheticTarget
from downbench.sources.synthetic import day_regimes
from downbench.sources.synthetic.cascade import fine_rain
from downbench.sources.synthetic.fine_noise import REGIMES, TEMPERATURE, Noise
from downbench.sources.synthetic.ground import Ground
from downbench.sources.synthetic.regime_temperature import fine_temperature


def fine_fields(
    day: Mapping[str, np.ndarray], surface: Ground, options: SyntheticTarget, noise: Noise
) -> dict[str, np.ndarray]:
    """Return `pr` [mm day-1] and `tasmax` [K] (days, y, x); `day` has `sea_level_k` too."""
    warm, wet = regimes_of(day, surface, options, noise[REGIMES])
    return {
        "pr": fine_rain(day, surface, options, wet, noise),
        "tasmax": fine_temperature(day, surface, options, warm, noise[TEMPERATURE]),
    }


def regimes_of(
    day: Mapping[str, np.ndarray], surface: Ground, options: SyntheticTarget, normal: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return temperature regime and rain state (days,) that scalars (days, 2) choose."""
    regimes = options.regimes
    phi = day_regimes.features(day, surface, regimes.features)
    of_temperature = day_regimes.temperature_probabilities(regimes.temperature, phi)
    warm = day_regimes.choose(of_temperature, normal[:, 0])
    of_rain = day_regimes.rain_probabilities(regimes.rain, phi)
    wet = day_regimes.choose(of_rain[np.arange(len(warm)), warm], normal[:, 1])
    return warm, wet
