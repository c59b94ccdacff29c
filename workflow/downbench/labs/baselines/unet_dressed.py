"""The deterministic UNet dressed with a fitted spread: what a generative model has to beat.

The trunk of the base model is frozen. A small head on its features gives a Gaussian around the
base model's temperature, and a Bernoulli-gamma law whose mean is the base model's rain.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
import xarray as xr
from torch import Tensor, nn
from torch.nn import functional as F

from downbench.core.config.model.budget import Training
from downbench.core.config.model.model import Model
from downbench.core.errors import UserError
from downbench.core.transforms import Transforms
from downbench.core.variables import RAIN
from downbench.labs import learned
from downbench.labs.base import Pairs
from downbench.nets import architecture, heads, mean
from downbench.nets.architecture import Architecture
from downbench.nets.device import device
from downbench.nets.fields import Fields
from downbench.nets.heads import BernoulliGamma, Gaussian
from downbench.nets.mean import MeanNetwork
from downbench.nets.target_space import DRY_MM_DAY

RAIN_HEAD = 3
RAIN_FLOOR_MM_DAY = 1e-3


class Dressed(nn.Module):
    """Frozen mean network, trained head: log std of temperature; logit, shape, power of rain."""

    def __init__(self, mean: MeanNetwork) -> None:
        super().__init__()
        self.mean = mean.requires_grad_(False)
        self.weights = mean.weights
        width, outputs = mean.unet.features, sum(self._width(n) for n in mean.space.names)
        self.head = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1),
            nn.SiLU(),
            nn.Conv2d(width, outputs * mean.unet.FOLD**2, 1),
        )

    @staticmethod
    def _width(name: str) -> int:
        return RAIN_HEAD if name == RAIN else 1

    def forward(self, fields: Fields) -> list[heads.Law]:
        with torch.no_grad():
            condition = self.mean.conditioning(fields)
            features = F.silu(self.mean.unet.norm(self.mean.unet.encode(condition.image)))
            centre = self.mean.physical(fields)
        raw = F.pixel_shuffle(self.head(features), self.mean.unet.FOLD)
        found, start = [], 0
        for i, name in enumerate(self.mean.space.names):
            part = raw[:, start : start + self._width(name)]
            start += self._width(name)
            found.append(self._law(name, part, centre[:, i]))
        return found

    def _law(self, name: str, part: Tensor, centre: Tensor) -> heads.Law:
        if name != RAIN:
            scale = self.mean.space.statistics[self.mean.space.names.index(name)].std
            return Gaussian(centre, scale * part[:, 0].clamp(-6, 6).exp())
        amount = centre.clamp(min=RAIN_FLOOR_MM_DAY)
        # A day cannot be wet with less rain than the threshold on average: bounds the odds.
        wet = (part[:, 0] + amount.log()).sigmoid().minimum(amount / DRY_MM_DAY * 0.9)
        shape, power = heads.bounded_shape(part[:, 1]), heads.bounded_power(part[:, 2])
        scale = (amount / wet - DRY_MM_DAY) / heads.mean_excess(shape, power)
        return BernoulliGamma(wet, shape, scale, power)

    def loss(self, fields: Fields, progress: float = 1.0) -> Tensor:
        """Mean negative log-likelihood of the valid cells, summed over variables."""
        return heads.nll(self(fields), fields.target, self.mean.weights)


@dataclass(frozen=True)
class UnetDressed:
    """A trained head on a frozen UNet; see `Trained`."""

    name: str
    network: Dressed
    architecture: Architecture
    transforms: Transforms

    def sample(
        self, driver: xr.Dataset, static: xr.Dataset, members: int, seed: int
    ) -> xr.Dataset:
        """Members (T, M, y, x) in mm day-1 and K, independent from pixel to pixel."""
        network = self.network.to(device())

        def laws(fields: Fields, member: int) -> list[heads.Law]:
            return network(fields)

        return learned.draw_pixels(driver, self.transforms, members, (seed, self.name), laws)

    def save(self, folder: Path) -> None:
        architecture.save(self.network, self.architecture, folder)


def fit(pairs: Pairs, model: Model, training: Training, seed: int, state: Path) -> UnetDressed:
    """Fit the head by maximum likelihood; the mean stays the base model's."""
    if pairs.base is None:
        raise UserError(f"models.yaml: {model.name} has no base: name the UNet that it dresses")
    made = learned.setup(pairs, training, seed)
    centre = mean.build(made.architecture, pairs.transforms)
    network = Dressed(architecture.load_weights(centre, pairs.base))
    learned.optimise(network, made, model, training, seed, state)
    return UnetDressed(model.name, network, made.architecture, pairs.transforms)


def load(model: Model, bundle: Path) -> UnetDressed:
    """Read a bundle that `fit` and `save` have made; the mean travels in it."""
    transforms, built = learned.read_transforms(bundle), architecture.read(bundle)
    network = architecture.load_weights(Dressed(mean.build(built, transforms)), bundle)
    return UnetDressed(model.name, network, built, transforms)
