"""The one backbone of all learned models: same network, fair comparison.

A UNet of residual blocks after Song et al. (2021) and Karras et al. (2022), small enough for
two CPU cores: the image is folded into channels first (space to depth), so that most of the
work is done on half the resolution.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from downbench.nets.dropout import ChannelDropout

GROUP_CHANNELS = 8
NOISE_FEATURES = 64
STEM_KERNEL = 1
"""Cells of the folded image along one side that a feature of the stem sees.

The fold has put 2 × 2 neighbours into channels, and the blocks look further: 3 × 3 would cost a
fifth of all operations.
"""


class Block(nn.Module):
    """x + conv(drop(act(scale · norm(conv(act(norm(x)))) + shift))): (B, C, h, w) to (B, D, …)."""

    def __init__(self, inputs: int, outputs: int, dropout: float, embedding: int | None) -> None:
        super().__init__()
        self.norm1, self.norm2 = _norm(inputs), _norm(outputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.drop = ChannelDropout(dropout)
        self.skip = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()
        self.modulate = nn.Linear(embedding, 2 * outputs) if embedding else None
        nn.init.zeros_(self.conv2.weight)
        nn.init.zeros_(self.conv2.bias)

    def forward(self, x: Tensor, embedding: Tensor | None) -> Tensor:
        """Return the features of the block."""
        h = self.norm2(self.conv1(F.silu(self.norm1(x))))
        if self.modulate is not None:
            scale, shift = self.modulate(embedding)[:, :, None, None].chunk(2, dim=1)
            h = h * (1 + scale) + shift
        return self.skip(x) + self.conv2(self.drop(F.silu(h)))


class NoiseEmbedding(nn.Module):
    """c_noise (B,) → (B, embedding): random Fourier features (Tancik et al. 2020), then an MLP."""

    def __init__(self, embedding: int) -> None:
        super().__init__()
        self.register_buffer("frequencies", torch.randn(NOISE_FEATURES // 2) * 4)
        self.mlp = nn.Sequential(
            nn.Linear(NOISE_FEATURES, embedding),
            nn.SiLU(),
            nn.Linear(embedding, embedding),
            nn.SiLU(),
        )

    def forward(self, c_noise: Tensor) -> Tensor:
        """Return the embedding of noise levels (B,)."""
        angles = c_noise[:, None] * self.frequencies[None, :]
        return self.mlp(torch.cat([angles.cos(), angles.sin()], dim=1))


class UNet(nn.Module):
    """(B, inputs, y, x) [, c_noise (B,)] → (B, outputs, y, x).

    Parameters
    ----------
    inputs, outputs
        Image channels.
    channels
        Feature channels per level, finest (half the image's resolution) first.
    blocks
        Residual blocks per level on each side.
    dropout
        Probability of dropping a feature channel inside each block.
    noisy
        Whether a noise level is an input (diffusion) or not (regression).
    stem_kernel
        Side of the first convolution's kernel.
    """

    FOLD = 2

    def __init__(
        self,
        inputs: int,
        outputs: int,
        channels: Sequence[int],
        blocks: int,
        dropout: float = 0.0,
        noisy: bool = False,
        stem_kernel: int = STEM_KERNEL,
    ) -> None:
        super().__init__()
        fold = self.FOLD**2
        embedding = 4 * channels[0] if noisy else None
        self.embed = NoiseEmbedding(embedding) if embedding else None
        self.stem = nn.Conv2d(inputs * fold, channels[0], stem_kernel, padding=stem_kernel // 2)
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        width, widths = channels[0], []
        for level in channels:
            for _ in range(blocks):
                self.down.append(Block(width, level, dropout, embedding))
                width = level
            widths.append(width)
        self.middle = Block(width, width, dropout, embedding)
        for level in reversed(channels):
            for number in range(blocks):
                skip = level if number == 0 else 0
                self.up.append(Block(width + skip, level, dropout, embedding))
                width = level
        self.blocks = blocks
        self.features = width
        self.norm = _norm(width)
        self.head = nn.Conv2d(width, outputs * fold, 3, padding=1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)
        self.to(memory_format=torch.channels_last)

    def forward(self, x: Tensor, c_noise: Tensor | None = None) -> Tensor:
        """Return the output channels on the fine grid."""
        return F.pixel_shuffle(self.head(F.silu(self.norm(self.encode(x, c_noise)))), self.FOLD)

    def encode(self, x: Tensor, c_noise: Tensor | None = None) -> Tensor:
        """Features before the head: (B, channels[0], y / 2, x / 2)."""
        embedding = self.embed(c_noise) if self.embed is not None else None
        h = self.stem(
            F.pixel_unshuffle(x, self.FOLD).contiguous(memory_format=torch.channels_last)
        )
        skips = []
        for number, block in enumerate(self.down):
            if number and number % self.blocks == 0:
                h = F.avg_pool2d(h, 2, ceil_mode=True)
            h = block(h, embedding)
            if (number + 1) % self.blocks == 0:
                skips.append(h)
        h = self.middle(h, embedding)
        for number, block in enumerate(self.up):
            if number % self.blocks == 0:
                skip = skips.pop()
                h = torch.cat([_fit(h, skip), skip], dim=1)
            h = block(h, embedding)
        return h


def _fit(h: Tensor, like: Tensor) -> Tensor:
    """Bring coarser features to the size of `like`; nearest neighbour keeps blocks aligned."""
    if h.shape[-2:] == like.shape[-2:]:
        return h
    h = F.interpolate(h, scale_factor=2, mode="nearest")
    return h[..., : like.shape[-2], : like.shape[-1]]


def _norm(channels: int) -> nn.GroupNorm:
    return nn.GroupNorm(max(1, channels // GROUP_CHANNELS), channels)
