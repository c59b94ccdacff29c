"""Regimes of a day: which of them the coarse day makes likely, and the choice by noise."""

from collections.abc import Mapping

import numpy as np
from scipy.special import ndtr, softmax

from downbench.core.config.region.generator_regimes import (
    Features,
    Logit,
    RainRegimes,
    TemperatureRegimes,
)
from downbench.sources.synthetic.ground import Ground

NEUTRAL, FOEHN, COLD_POOL = 0, 1, 2
STATES = 3
CONSTANT = ("constant", "across", "calm", "warm", "wet")


def features(day: Mapping[str, np.ndarray], surface: Ground, scales: Features) -> np.ndarray:
    """Return features (days, 5) of coarse days: 1, across, calm, warm, wet.

    `day` holds `pr`, `uas`, `vas` and `sea_level_k` on (days, Y, X).
    """
    u, v, rain, warmth = (
        day[name].astype(np.float64).mean(axis=(-2, -1))
        for name in ("uas", "vas", "pr", "sea_level_k")
    )
    across = surface.wind_across(u, v) / scales.across_m_s
    calm = np.exp(-np.hypot(u, v) / scales.calm_m_s)
    warm = np.tanh((warmth - scales.neutral_k) / scales.warm_k)
    wet = rain / (rain + scales.wet_mm_day)
    return np.stack([np.ones_like(u), np.tanh(across), calm, warm, wet], axis=-1)


def temperature_probabilities(regimes: TemperatureRegimes, phi: np.ndarray) -> np.ndarray:
    """Return P(neutral, foehn, cold pool | coarse day), (days, 3)."""
    return softmax(_logits((None, regimes.foehn, regimes.cold_pool), phi), axis=-1)


def rain_probabilities(regimes: RainRegimes, phi: np.ndarray) -> np.ndarray:
    """Return P(rain state | temperature regime, coarse day), (days, temperature, rain)."""
    logits = _logits((None, regimes.embedded, regimes.convective), phi)
    return softmax(logits[:, None, :] + np.asarray(regimes.coupling), axis=-1)


def choose(probabilities: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """Return the state (…) that standard normals (…) choose by probabilities (…, states)."""
    below = np.cumsum(probabilities, axis=-1)[..., :-1]
    return (ndtr(normal.astype(np.float64))[..., None] > below).sum(axis=-1)


def _logits(regimes: tuple[Logit | None, ...], phi: np.ndarray) -> np.ndarray:
    weights = [[getattr(r, n) if r else 0.0 for n in CONSTANT] for r in regimes]
    return phi @ np.array(weights).T
