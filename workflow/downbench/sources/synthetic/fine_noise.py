"""Standard normal noise of fine days: the only source of chance in the distribution."""

from collections.abc import Iterable, Mapping

import numpy as np

from downbench.core.config.sources.synthetic import SyntheticTarget

Noise = Mapping[str, np.ndarray]
"""Arrays by name: of one day, or of several along the first axis."""

REGIMES, TEMPERATURE, RAIN = "regimes", "temperature", "rain"
CHANNELS = 9
"""Normals of a node of the cascade: its state, then activation and weight of four children."""


def white_noise(rng: np.random.Generator, options: SyntheticTarget, factor: int) -> Noise:
    """Return the noise of one fine day, float32.

    Without regimes `white` (2, size, size). With them two scalars of `regimes`, `temperature`
    (size, size), and `rain_n` (9, n, n) for each level of the cascade with n nodes along a side.
    """
    size = options.noise.size
    if options.regimes == "none":
        return {"white": _normal(rng, (2, size, size))}
    noise = {REGIMES: _normal(rng, (2,)), TEMPERATURE: _normal(rng, (size, size))}
    for side in sides(size, factor):
        noise[level_name(side)] = _normal(rng, (CHANNELS, side, side))
    return noise


def sides(cells: int, factor: int) -> list[int]:
    """Return nodes along a side of `cells` fine cells, from blocks down to pairs of cells."""
    return [cells // width for width in _widths(factor)]


def level_name(side: int) -> str:
    """Return the name of the noise of a level of the cascade."""
    return f"{RAIN}_{side}"


def stacked(days: Iterable[Noise]) -> Noise:
    """Return the noise of several days along a new first axis."""
    days = list(days)
    return {name: np.stack([day[name] for day in days]) for name in days[0]}


def part(noise: Noise, days: slice) -> Noise:
    """Return the noise of some of several days."""
    return {name: values[days] for name, values in noise.items()}


def _widths(factor: int) -> list[int]:
    return [factor] + (_widths(factor // 2) if factor > 2 else [])


def _normal(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return rng.standard_normal(shape, dtype=np.float32)
