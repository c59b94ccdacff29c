"""Spatial dropout whose mask can be held: one sample of the weights per ensemble member."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F


class ChannelDropout(nn.Module):
    """Drop whole feature channels with probability `p` (Tompson et al. 2015).

    In training every sample has its own mask. With `hold` set, one mask (1, C, 1, 1) serves all
    samples and days, so a member of the ensemble is one network (trap T26); with no mask held in
    evaluation mode nothing is dropped.
    """

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p
        self.held: np.random.Generator | None = None
        self.mask: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        """Drop channels: at random in training, with one fixed mask when held."""
        if self.training:
            return F.dropout2d(x, self.p)
        if self.held is None or self.p == 0:
            return x
        if self.mask is None:
            kept = self.held.random(x.shape[1]) >= self.p
            self.mask = torch.from_numpy((kept / (1 - self.p)).astype(np.float32))
        return x * self.mask.to(x.device)[None, :, None, None]

    def hold(self, generator: np.random.Generator | None) -> None:
        """Take the next mask from `generator` and keep it; None releases it."""
        self.held, self.mask = generator, None


def layers(network: nn.Module) -> Iterator[ChannelDropout]:
    """All dropout layers of a network, in order."""
    return (m for m in network.modules() if isinstance(m, ChannelDropout))


@contextmanager
def held(network: nn.Module, generator: np.random.Generator) -> Iterator[None]:
    """Hold one set of masks in the whole network: a sample of the weight posterior."""
    _hold(network, generator)
    try:
        yield
    finally:
        _hold(network, None)


def _hold(network: nn.Module, generator: np.random.Generator | None) -> None:
    for layer in layers(network):
        layer.hold(generator)
