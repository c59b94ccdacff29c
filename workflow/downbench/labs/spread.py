"""A factor on the spread of an ensemble, fitted on days that nothing was trained on.

A network errs less on the days that it was trained on than on new ones: on small data its members
are too narrow. Validation days show by how much, by the same rule for every family of ensembles.
"""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from downbench.core import rng
from downbench.core.config.model.model import Model
from downbench.labs.base import Pairs
from downbench.labs.training_data import TrainingData
from downbench.nets import heads
from downbench.nets.fields import NetworkFields

STEPS = (0.2, 0.1, 0.05, 0.025)
"""Distances of the factors that are tried about the best so far, at first about 1."""
NEIGHBOURS = (0, -2, -1, 1, 2)

# factors (C,) → members (M, B, C, y, x) in mm day-1 and K
MembersAt = Callable[[Tensor], Tensor]
# fields → distributions of all variables, by member
MembersOf = Callable[[NetworkFields], Sequence[Sequence[heads.Distribution]]]


def calibration_days(model: Model, pairs: Pairs, data: TrainingData) -> NetworkFields | None:
    """Return evenly spaced validation days; None where the spread stays as it was learned."""
    count = model.options.spread_days
    # One event is no sample of the weather to come.
    if count is None or pairs.region.splits.by != "year":
        return None
    return data.validation.pick(torch.linspace(0, len(data.validation) - 1, count).long().unique())


def fit_spread(
    network: nn.Module,
    members_of: MembersOf,
    model: Model,
    pairs: Pairs,
    data: TrainingData,
    seed: int,
) -> None:
    """Set `network.spread` (C,) to the best factors on validation days, if there are such days."""
    days = calibration_days(model, pairs, data)
    if days is None:
        return
    days = days.to(network.spread.device)
    with torch.inference_mode():
        network.spread = best_factors_of_distributions(
            members_of(days), days.target, network.weights, (seed, model.name)
        )


def best_factors(members_at: MembersAt, target: Tensor, weights: Tensor) -> Tensor:
    """Return the factors (C,) on the spread with the lowest fair CRPS, by variable [1].

    Parameters
    ----------
    members_at
        At least two members, of the same random numbers for all factors.
    target : (B, C, y, x)
        mm day-1 and K, NaN where missing.
    weights : (y, x)
        Cell weights; 0 where the grid has no data.
    """
    best = torch.ones(target.shape[1], device=target.device)
    for step in STEPS:
        tried = torch.stack([best + step * n for n in NEIGHBOURS])
        losses = [_crps(members_at(factors), target, weights) for factors in tried]
        best = tried.gather(0, torch.stack(losses).argmin(dim=0)[None])[0]
    return best


def _crps(members: Tensor, target: Tensor, weights: Tensor) -> Tensor:
    """Return the fair CRPS (Ferro 2014) of each variable (C,), over valid cells."""
    count = len(members)
    error = (members - target.nan_to_num()).abs().mean(dim=0)
    distance = torch.zeros_like(error)
    for shift in range(1, count):
        distance += (members - members.roll(shift, dims=0)).abs().mean(dim=0)
    valid = torch.isfinite(target) * weights
    crps = (error - distance / (2 * (count - 1))) * valid
    return crps.sum(dim=(0, 2, 3)) / valid.sum(dim=(0, 2, 3)).clamp(min=1e-12)


def best_factors_of_distributions(
    members: Sequence[Sequence[heads.Distribution]],
    target: Tensor,
    weights: Tensor,
    seeds: Sequence[int | str],
) -> Tensor:
    """Return the factors (C,) for samples of distributions per pixel.

    Parameters
    ----------
    members
        Distributions (B, y, x) of all variables, by member.
    target, weights
        As for `best_factors`.
    seeds
        Keys of the random numbers.
    """
    return best_factors(partial(_samples, members, seeds), target, weights)


def _samples(
    members: Sequence[Sequence[heads.Distribution]], seeds: Sequence[int | str], factors: Tensor
) -> Tensor:
    samples = [
        heads.sample(heads.widened(part, factors), _generators(seeds, i, len(part[0].mean)))
        for i, part in enumerate(members)
    ]
    return torch.from_numpy(np.stack(samples)).to(factors.device)


def _generators(seeds: Sequence[int | str], member: int, days: int) -> list[np.random.Generator]:
    return [rng.generator(*seeds, "spread", member, day) for day in range(days)]
