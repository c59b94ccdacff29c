"""What a trained network errs by in every cell on average over the days of its training.

A few hundred steps leave errors that are constant in time. One pass over the training days shows
them; taken off, the climatology of the network is that of the target in every cell. They move what
the regression of every cell expects (`nets.cell_regression`).
"""

from collections.abc import Callable

import torch
from torch import Tensor

from downbench.core.variables import RAIN
from downbench.nets.batches import slices
from downbench.nets.conditioning import Condition
from downbench.nets.fields import NetworkFields
from downbench.nets.mean import NormalisedMeans
from downbench.nets.target_space import TargetSpace

DAYS_AT_ONCE = 32
TINY = 1e-12
FACTORS = (0.5, 2.0)
"""Bounds of the factor on rain [1]."""

# fields, number of the first time → means of the network, and its condition
Predict = Callable[[NetworkFields, int], tuple[NormalisedMeans, Condition]]


@torch.inference_mode()
def fit(fields: NetworkFields, space: TargetSpace, predict: Predict) -> Tensor:
    """Return the offsets (C [+ 1], y, x) that take off the mean errors over the times of `fields`.

    Normalised units; of rain, where it is a target, also the factor on its mean less 1. Zero
    where the target is always missing.

    Parameters
    ----------
    predict
        A normalised mean that the network does not have is NaN, and its offset zero.
    """
    sums = [torch.zeros((), dtype=torch.float64)] * 3
    for part in slices(len(fields), DAYS_AT_ONCE):
        days = fields.pick(part)
        terms = _terms(days, space, *predict(days, part.start))
        sums = [total + term.double().sum(dim=0) for total, term in zip(sums, terms, strict=True)]
    errors, counts, rain = sums
    offsets = errors / counts.clamp(min=1)
    if RAIN in space.names:
        lowest, highest = FACTORS
        offsets[-1] = (errors[-1] / rain.clamp(min=TINY)).clamp(lowest - 1, highest - 1)
    return offsets.float()


def _terms(
    days: NetworkFields, space: TargetSpace, means: NormalisedMeans, condition: Condition
) -> tuple[Tensor, Tensor, Tensor]:
    """Return targets less means and their presence (B, C [+ 1], y, x), and rain (B, y, x)."""
    error = space.normalise(days.target, condition.base) - means.normalised
    rain = torch.zeros_like(error[:, 0])
    if means.rain is not None:
        rain = means.rain
        excess = days.target[:, space.names.index(RAIN)] - rain
        error = torch.cat([error, excess[:, None]], dim=1)
    valid = torch.isfinite(error)
    return error.nan_to_num(), valid, rain * valid[:, -1]
