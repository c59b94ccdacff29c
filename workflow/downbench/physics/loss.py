"""The physics-guided loss L_phy: squared violations of mass and moisture by block means.

    L_phy = w(t) ( mass Σ_v E[(m_v − x_v)² / V_v(x_v)] + budget E[(m_pr − b)² / V_b(x_pr)] )

m is the block mean of a prediction, x the driver, b = E − ∇·Q − dW/dt the rain that closes the
moisture budget, and w rises linearly from 0. E is over coarse cells, by valid area. V is the
variance that a departure may have: what bilinear interpolation violates, so that interpolation has
a loss of one, plus the estimated error of x (or b) against the block mean of the truth. That error
is zero with a perfect driver; elsewhere it keeps the loss from forcing what is false (trap T23).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor

from downbench.core.config.model.constraints import PhysicsLoss
from downbench.core.transforms import Transforms
from downbench.core.variables import RAIN
from downbench.nets.blocks import block_area, block_mean
from downbench.nets.fields import NetworkFields
from downbench.nets.losses import RAIN_FLOOR_MM_DAY
from downbench.nets.target_space import Upsample

BUDGET = "budget"
MEASURED_DAYS = 1024
"""Training days that the variances are measured on, at most [1]."""


def spread_of(name: str, coarse_rain: Tensor | None) -> Tensor | float:
    """What a variance is proportional to: the rain that is expected, 1 for temperature.

    The rain [mm day-1] of the driver counts, never that of the target: see `variance_of_rain`.
    """
    if name not in (RAIN, BUDGET):
        return 1.0
    return coarse_rain.nan_to_num(nan=0.0).clamp(min=0) + RAIN_FLOOR_MM_DAY


Spread = Annotated[float, Field(ge=0, allow_inf_nan=False)]


@dataclass(frozen=True)
class Spreads:
    """Mean squared departures over `spread_of`, per variable and for `budget`.

    interpolation : of the block means of the interpolated driver from the driver
    driver : of the driver from the block means of the target: its estimated error

    Units are mm day-1 for rain and K2 for temperature.
    """

    interpolation: dict[str, Spread]
    driver: dict[str, Spread]


def measure(fields: NetworkFields, transforms: Transforms, weights: Tensor) -> Spreads:
    """Both departures over training days, at most `MEASURED_DAYS` evenly spaced ones.

    Parameters
    ----------
    fields
        The training series, with its target.
    weights : (y, x)
        Cell areas, 0 where the target has no data.
    """
    days = fields.pick(torch.linspace(0, len(fields) - 1, MEASURED_DAYS).long().unique())
    names, index = list(transforms.targets), target_predictors(transforms)
    up = Upsample(tuple(days.coarse.shape[-2:]), transforms.factor)
    coarse = days.own(index)
    truth = block_mean(days.target, transforms.factor, weights)
    smooth = block_mean(up(days.coarse[:, index]), transforms.factor, weights)
    rain = coarse[:, names.index(RAIN)] if RAIN in names else None
    area = block_area(weights, transforms.factor)
    interpolation, driver = {}, {}
    for i, name in enumerate(names):
        by = spread_of(name, rain)
        interpolation[name] = _mean_square(smooth[:, i] - coarse[:, i], by, area)
        driver[name] = _mean_square(coarse[:, i] - truth[:, i], by, area)
    if days.budget is not None:
        error = days.budget - truth[:, names.index(RAIN)]
        driver[BUDGET] = _mean_square(error, spread_of(BUDGET, rain), area)
    return Spreads(interpolation, driver)


def _mean_square(departure: Tensor, by: Tensor | float, area: Tensor) -> float:
    """Squares over what they are proportional to, where the departure is known."""
    share = torch.isfinite(departure) * area
    squares = torch.where(torch.isfinite(departure), departure, 0.0) ** 2 / by * share
    return float(squares.sum() / share.sum().clamp(min=1e-12))


def target_predictors(transforms: Transforms) -> list[int]:
    """Places of the target's variables among the predictors."""
    names = list(transforms.predictors)
    return [names.index(name) for name in transforms.targets]


@dataclass(frozen=True)
class Penalty:
    """L_phy of predicted means (B, C, y, x) [mm day-1, K]."""

    section: PhysicsLoss
    transforms: Transforms
    spreads: Spreads

    def __call__(
        self,
        values: Tensor,
        fields: NetworkFields,
        weights: Tensor,
        progress: float,
        trust: Tensor | None = None,
    ) -> Tensor:
        """A scalar of order one for an interpolation once the weight has risen.

        Parameters
        ----------
        values : (B, C, y, x)
            Means, or estimates of the truth, in physical units.
        weights : (y, x)
            Cell areas, 0 where the target has no data.
        progress
            Share of the training that is over [1]; the weight depends on nothing else.
        trust : (B,), optional
            Weight of each sample [1].
        """
        means = block_mean(values, self.transforms.factor, weights)
        area = block_area(weights, self.transforms.factor)
        total = values.new_zeros(())
        for weight, index, target, variance in self._terms(fields):
            gap = means[:, index] - target
            share = torch.isfinite(gap) * area
            error = torch.where(torch.isfinite(gap), gap, 0.0) ** 2 / variance * share
            if trust is not None:
                error = error * trust[:, None, None]
            total = total + weight * error.sum() / share.sum().clamp(min=1e-12)
        return self._risen(progress) * total

    def _terms(self, fields: NetworkFields) -> Iterator[tuple[float, int, Tensor, Tensor | float]]:
        """(weight, channel, target mean (B, Y, X), variance) of every law that can be run."""
        names = list(self.transforms.targets)
        coarse = fields.own(target_predictors(self.transforms))
        rain = coarse[:, names.index(RAIN)] if RAIN in names else None
        for i, name in enumerate(names):
            variance = self._variance(name, name, rain)
            yield self.section.mass_weight, i, coarse[:, i], variance
        if fields.budget is not None and self.section.budget_weight > 0:
            variance = self._variance(RAIN, BUDGET, rain)
            yield self.section.budget_weight, names.index(RAIN), fields.budget, variance

    def _variance(self, name: str, of: str, rain: Tensor | None) -> Tensor | float:
        per_spread = self.spreads.interpolation[name] + self.spreads.driver[of]
        return per_spread * spread_of(name, rain)

    def _risen(self, progress: float) -> float:
        share = self.section.warm_up_share
        return 1.0 if progress >= share else progress / share
