"""Saturation vapour pressure and relative humidity.

    e_s(T) = A exp(B (T − 273.16) / (T + C))

with the constants of Tetens (1930), the WMO's guide (2008), Buck (1981) and Alduchov and Eskridge
(1996), over water or over ice. At 20 °C they differ by 0.25 %.
"""

from collections.abc import Mapping

import numpy as np

from downbench.physics.violation_rate import violated

WATER = {
    "tetens": (610.78, 17.269388, -35.86),
    "wmo": (611.2, 17.62, -30.04),
    "buck": (611.21, 17.502, -32.19),
    "alduchov": (610.94, 17.625, -30.12),
}
ICE = {
    "tetens": (610.78, 21.8745584, -7.66),
    "wmo": (611.2, 22.46, -0.54),
    "buck": (611.15, 22.542, 0.32),
    "alduchov": (611.21, 22.587, 0.7),
}
TRIPLE_POINT_K, ALL_ICE_K = 273.16, 250.16
MOLAR_RATIO = 0.622
HUMIDITY = "hurs"


def saturation_pressure_pa(
    temperature_k: np.ndarray, formula: str = "tetens", constants: Mapping = WATER
) -> np.ndarray:
    """Saturation vapour pressure [Pa], over water unless `constants` are those of `ICE`."""
    a, b, c = constants[formula]
    return a * np.exp(b * (temperature_k - TRIPLE_POINT_K) / (temperature_k + c))


def mixed_saturation_pressure_pa(temperature_k: np.ndarray) -> np.ndarray:
    """As the IFS has it: water above 273.16 K, ice below 250.16 K, a mixture between [Pa]."""
    share = np.clip((temperature_k - ALL_ICE_K) / (TRIPLE_POINT_K - ALL_ICE_K), 0, 1) ** 2
    water = saturation_pressure_pa(temperature_k, "buck")
    ice = saturation_pressure_pa(temperature_k, "alduchov", ICE)

    return share * water + (1 - share) * ice


def vapour_pressure_pa(specific_humidity: np.ndarray, pressure_pa: np.ndarray) -> np.ndarray:
    """Vapour pressure [Pa] of air with a specific humidity [1] at a pressure [Pa]."""
    return pressure_pa * specific_humidity / (MOLAR_RATIO + (1 - MOLAR_RATIO) * specific_humidity)


def relative_humidity_percent(
    specific_humidity: np.ndarray, pressure_pa: np.ndarray, temperature_k: np.ndarray
) -> np.ndarray:
    """Relative humidity [percent] over the mixed phase of the IFS."""
    vapour = vapour_pressure_pa(specific_humidity, pressure_pa)
    return 100 * vapour / mixed_saturation_pressure_pa(temperature_k)


def rate_percent_per_k(temperature_k: np.ndarray) -> np.ndarray:
    """Rise of the saturation vapour pressure over water with temperature [% K-1], after Tetens.

    The derivative of its logarithm, B (273.16 + C) / (T + C)².
    """
    _, b, c = WATER["tetens"]
    return 100 * b * (TRIPLE_POINT_K + c) / (temperature_k + c) ** 2


def supersaturated(humidity_percent: np.ndarray, tolerance_percent: float) -> np.ndarray:
    """Where relative humidity [percent], any shape, is beyond 100 by more than the tolerance.

    Analyses supersaturate over ice by a percent or two, so a tolerance is due.
    """
    return violated(np.maximum(humidity_percent - 100, 0), np.asarray(tolerance_percent))
