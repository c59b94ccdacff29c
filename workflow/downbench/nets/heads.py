"""Predictive distributions per pixel: Gaussian temperature, Bernoulli-gamma rain (Cannon 2008).

Rain above the dry threshold u follows a gamma distribution shifted by u; below it counts as dry.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from downbench.core.variables import VARIABLES
from downbench.nets.losses import RAIN_FLOOR_MM_DAY, masked_mean
from downbench.nets.target_space import DRY_MM_DAY, TargetSpace

# Bounds keep the likelihood finite; they lie far outside fitted values.
LOG_BOUND = 6.0
SHAPE_BOUND = 3.0
POWER_BOUND = 1.0
PROBABILITY_FLOOR = 1e-6
SMALLEST_EXCESS_MM_DAY = 1e-3
SMALL_ARGUMENT = 1e-3
"""Below it the series of the incomplete gamma function has two terms, and no underflow."""

BERNOULLI_GAMMA_CHANNELS = 4
GAUSSIAN_CHANNELS = 2


def channels(space: TargetSpace) -> int:
    """Output channels that the heads of all target variables need."""
    return sum(_width(name) for name in space.names)


def _width(name: str) -> int:
    is_intermittent = VARIABLES[name].is_intermittent
    return BERNOULLI_GAMMA_CHANNELS if is_intermittent else GAUSSIAN_CHANNELS


@dataclass(frozen=True)
class Gaussian:
    """mean, std : (…, y, x) [K]."""

    mean: Tensor
    std: Tensor

    def nll(self, value: Tensor) -> Tensor:
        """Negative log density, same shape [ln K-1, without ln √2π]."""
        return self.std.log() + 0.5 * ((value - self.mean) / self.std) ** 2

    def log_density(self, value: Tensor) -> Tensor:
        """Log density, same shape [ln K-1]."""
        return -self.nll(value) - 0.5 * math.log(2 * math.pi)

    def widened(self, factor: Tensor) -> "Gaussian":
        """The same mean, with `factor` times the standard deviation."""
        return replace(self, std=self.std * factor)

    def sample(self, day: int, generator: np.random.Generator) -> np.ndarray:
        """One sample (y, x) of one day, independent from pixel to pixel."""
        mean, std = self.mean[day].cpu().numpy(), self.std[day].cpu().numpy()
        return mean + std * generator.standard_normal(mean.shape, dtype=np.float32)


@dataclass(frozen=True)
class BernoulliGamma:
    """wet : (…, y, x) probability of rain ≥ u; the excess over u is scale · G^(1 / power).

    G is gamma distributed with the given shape [1]; scale in mm day-1. This is the generalised
    gamma distribution (Stacy 1962); power 1 is the gamma distribution, larger powers have lighter
    tails.
    """

    wet: Tensor
    shape: Tensor
    scale: Tensor
    power: Tensor

    @property
    def mean(self) -> Tensor:
        """(…, y, x) [mm day-1], dry days counted."""
        return self.wet * (DRY_MM_DAY + self.scale * mean_excess(self.shape, self.power))

    def nll(self, rain: Tensor) -> Tensor:
        """Negative log of the mixed density, same shape (METHODS 8.4; Cannon 2008)."""
        return -self._mixed(rain, self._log_density_of_excess(rain - DRY_MM_DAY))

    def log_density(self, rain: Tensor) -> Tensor:
        """Log of the mass below u, of the density from u on [ln (mm day-1)-1], same shape.

        The first 0.001 mm day-1 from u on share their mean density. A shape below 1 has no
        largest density there, and rain that was rounded to u would decide every mean.
        """
        excess = rain - DRY_MM_DAY
        smallest = self._log_probability_of_smallest() - math.log(SMALLEST_EXCESS_MM_DAY)
        is_smallest = excess < SMALLEST_EXCESS_MM_DAY
        return self._mixed(
            rain, torch.where(is_smallest, smallest, self._log_density_of_excess(excess))
        )

    def _mixed(self, rain: Tensor, log_density: Tensor) -> Tensor:
        wet = self.wet.clamp(PROBABILITY_FLOOR, 1 - PROBABILITY_FLOOR)
        return torch.where(rain >= DRY_MM_DAY, wet.log() + log_density, torch.log1p(-wet))

    def _log_density_of_excess(self, excess: Tensor) -> Tensor:
        """Log density given rain, of at least the smallest excess [ln (mm day-1)-1]."""
        log_excess = excess.clamp(min=SMALLEST_EXCESS_MM_DAY).log()
        scaled = self.power * (log_excess - self.scale.log())
        return (
            self.power.log() - log_excess + self.shape * scaled - torch.lgamma(self.shape)
        ) - scaled.exp()

    def _log_probability_of_smallest(self) -> Tensor:
        """Log probability, given rain, of less than the smallest excess."""
        shape = self.shape.double()
        scaled = self.power * (math.log(SMALLEST_EXCESS_MM_DAY) - self.scale.log())
        argument = scaled.double().exp()
        series = shape * scaled - torch.lgamma(shape + 1) - argument * shape / (shape + 1)
        exact = torch.special.gammainc(shape, argument).log()
        return torch.where(argument < SMALL_ARGUMENT, series, exact).to(self.shape.dtype)

    def widened(self, factor: Tensor) -> "BernoulliGamma":
        """The same probability and mean of rain, with `factor` times the spread of log rain."""
        power = self.power / factor
        ratio = mean_excess(self.shape, self.power) / mean_excess(self.shape, power)
        return replace(self, power=power, scale=self.scale * ratio)

    def sample(self, day: int, generator: np.random.Generator) -> np.ndarray:
        """One sample (y, x) [mm day-1] of one day, independent from pixel to pixel."""
        wet, shape, scale, power = (
            t[day].cpu().numpy() for t in (self.wet, self.shape, self.scale, self.power)
        )
        rains = generator.random(wet.shape, dtype=np.float32) < wet
        excess = generator.standard_gamma(shape) ** (1 / power) * scale
        return np.where(rains, DRY_MM_DAY + excess, 0.0).astype(np.float32)


def mean_excess(shape: Tensor, power: Tensor) -> Tensor:
    """Mean of G^(1 / power): Γ(shape + 1 / power) / Γ(shape)."""
    return (torch.lgamma(shape + 1 / power) - torch.lgamma(shape)).exp()


def bounded_shape(raw: Tensor) -> Tensor:
    """Return a raw channel as the shape of the gamma distribution."""
    return raw.clamp(-SHAPE_BOUND, SHAPE_BOUND).exp()


def bounded_power(raw: Tensor) -> Tensor:
    """Return a raw channel as the power of the generalised gamma; zero is the gamma itself."""
    return (POWER_BOUND * torch.tanh(raw / POWER_BOUND)).exp()


Distribution = Gaussian | BernoulliGamma


def distributions(raw: Tensor, base: Tensor, space: TargetSpace) -> list[Distribution]:
    """Read the network's raw channels as one distribution per target variable.

    Parameters
    ----------
    raw : (B, channels(space), y, x)
        Unbounded outputs.
    base : (B, C, y, x)
        Interpolated driver [mm day-1, K]: the scale of rain and the origin of temperature, so that
        zero output is already a sensible guess.
    """
    parts: list[Distribution] = []
    channels_of = raw.split([_width(name) for name in space.names], dim=1)
    for index, (name, part) in enumerate(zip(space.names, channels_of, strict=True)):
        by = space.statistics[index]
        if VARIABLES[name].is_intermittent:
            parts.append(_bernoulli_gamma(part, base[:, index]))
        else:
            std = by.std * part[:, 1].clamp(-LOG_BOUND, LOG_BOUND).exp()
            parts.append(Gaussian(base[:, index] + by.std * part[:, 0], std))
    return parts


def _bernoulli_gamma(part: Tensor, base: Tensor) -> BernoulliGamma:
    scale = part[:, 2].clamp(-LOG_BOUND, LOG_BOUND).exp() * (base.clamp(min=0) + RAIN_FLOOR_MM_DAY)
    return BernoulliGamma(
        wet=part[:, 0].sigmoid(),
        shape=bounded_shape(part[:, 1]),
        scale=scale,
        power=bounded_power(part[:, 3]),
    )


def nll(distributions: list[Distribution], target: Tensor, weights: Tensor) -> Tensor:
    """Sum over variables of the area-weighted mean negative log-likelihood of the valid cells."""
    return sum(
        masked_mean(distribution.nll(torch.nan_to_num(target[:, i])), target[:, i], weights)
        for i, distribution in enumerate(distributions)
    )


def log_density(components: Iterable[Sequence[Distribution]], target: Tensor) -> Tensor:
    """Log density of an equally weighted mixture of distributions per pixel.

    Parameters
    ----------
    components
        Distributions (B, y, x) of all variables, by component.
    target : (B, C, y, x)
        mm day-1 and K, NaN where missing.

    Returns
    -------
    (B, C, y, x)
        [nat], NaN where the target is.
    """
    total, count = torch.full_like(target, -torch.inf), 0
    for parts in components:
        logs = [part.log_density(target[:, i]) for i, part in enumerate(parts)]
        total, count = torch.logaddexp(total, torch.stack(logs, dim=1)), count + 1
    return torch.where(torch.isfinite(target), total - math.log(count), torch.nan)


def widened(distributions: Sequence[Distribution], factors: Tensor) -> list[Distribution]:
    """Distributions with `factors` (C,) times their spread, about the same means."""
    return [part.widened(factors[i]) for i, part in enumerate(distributions)]


def sample(distributions: list[Distribution], generators: list[np.random.Generator]) -> np.ndarray:
    """One sample of every day, (T, C, y, x) in physical units, each day from its own generator."""
    return np.stack(
        [
            np.stack([part.sample(day, generator) for part in distributions])
            for day, generator in enumerate(generators)
        ]
    )
