"""A linear regression in every fine cell: the part of a target that no network has to learn.

What the terrain does to a cell is the same map on every day. A convolutional network of few
training steps learns that map slowly and with errors that are constant in time; the normal
equations give it in seconds. Networks learn the departures from it.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from downbench.core.variables import RAIN
from downbench.nets.batches import slices
from downbench.nets.fields import NetworkFields
from downbench.nets.losses import RAIN_FLOOR_MM_DAY
from downbench.nets.target_space import TargetSpace

RIDGE = 1e-3
"""Share of each regressor's sum of squares that is added to it."""
TINY = 1e-12
FACTORS = (0.2, 5.0)
"""Bounds of the factor on interpolated rain [1]."""
DAYS_AT_ONCE = 32

# fields → (regressors (B, P, y, x), interpolated driver (B, C, y, x) in mm day-1 and K)
Regressors = Callable[[NetworkFields], tuple[Tensor, Tensor]]


class CellRegression(nn.Module):
    """Coefficients (C [+ 1], P, y, x) of P regressors, zero until they are fitted.

    The first C give the normalised targets; one more, where rain is a target, the factor on the
    interpolated rain less 1, because mean rain is not the inverse transform of a mean (trap T21).
    """

    def __init__(self, space: TargetSpace, regressors: int, shape: tuple[int, int]) -> None:
        super().__init__()
        self.space = space
        rows = len(space.names) + (RAIN in space.names)
        self.register_buffer("coefficients", torch.zeros(rows, regressors, *shape))
        self.register_buffer("offsets", torch.zeros(rows, *shape))
        absolute = torch.tensor(space.absolute, dtype=torch.float32)[:, None, None]
        self.register_buffer("absolute", absolute, persistent=False)

    def forward(self, regressors: Tensor, base: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return what is expected of targets, each (B, C, y, x).

        Normalised, as networks see it; the same with offsets, departures apart, which are zero;
        and in mm day-1 and K, with offsets.

        base : (B, C, y, x) interpolated driver.
        """
        fitted = torch.einsum("bpyx,kpyx->bkyx", regressors, self.coefficients)
        inputs = fitted[:, : len(self.space.names)]
        moved = fitted + self.offsets
        expected = [
            self._rain(base[:, i], fitted[:, -1])
            if is_absolute
            else base[:, i] + self.space.statistics[i].std * moved[:, i]
            for i, is_absolute in enumerate(self.space.absolute)
        ]
        origin = moved[:, : len(self.space.names)] * self.absolute
        return inputs, origin, torch.stack(expected, dim=1)

    def _rain(self, base: Tensor, excess: Tensor) -> Tensor:
        """Return expected rain (B, y, x); networks scale it after the floor, as offsets do."""
        expected = base * (1 + excess).clamp(*FACTORS)
        return (expected + RAIN_FLOOR_MM_DAY) * (1 + self.offsets[-1]) - RAIN_FLOOR_MM_DAY

    @torch.no_grad()
    def fit(self, fields: NetworkFields, regressors: Regressors) -> None:
        """Set the coefficients by least squares over the times of `fields`, cell by cell."""
        rows, count, height, width = self.coefficients.shape
        moments = torch.zeros(rows, height * width, count + 1, count + 1, dtype=torch.float64)
        for part in slices(len(fields), DAYS_AT_ONCE):
            days = fields.pick(part)
            for row, (x, y) in enumerate(self._equations(days, *regressors(days))):
                by_cell = _by_cell(torch.cat([x, y[:, None]], dim=1))
                moments[row] += by_cell.mT @ by_cell
        squares, products = moments[..., :count, :count], moments[..., :count, count]
        diagonal = squares.diagonal(dim1=-2, dim2=-1)
        solved = torch.linalg.solve(squares + torch.diag_embed(RIDGE * diagonal + TINY), products)
        self.coefficients.copy_(solved.mT.reshape(self.coefficients.shape))

    def _equations(
        self, days: NetworkFields, regressors: Tensor, base: Tensor
    ) -> list[tuple[Tensor, Tensor]]:
        """Return regressors (B, P, y, x) and regressand (B, y, x) of each row, zero if missing."""
        target = self.space.normalise(days.target, base)
        valid = torch.isfinite(target)
        pairs = [
            (regressors * valid[:, i, None], target[:, i].nan_to_num())
            for i in range(len(self.space.names))
        ]
        if RAIN in self.space.names:
            i = self.space.names.index(RAIN)
            rain = base[:, i].clamp(min=0)
            weight = valid[:, i] / (rain + RAIN_FLOOR_MM_DAY).sqrt()
            excess = days.target[:, i].nan_to_num() - rain
            pairs.append((regressors * (rain * weight)[:, None], excess * weight))
        return pairs


def _by_cell(values: Tensor) -> Tensor:
    """(B, P, y, x) → (y · x, B, P), by a transposition of a matrix, which torch does fast."""
    days, count = values.shape[:2]
    return values.reshape(days * count, -1).t().contiguous().view(-1, days, count)
