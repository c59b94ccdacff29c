"""Monte Carlo dropout UNet with aleatoric heads (Gal and Ghahramani 2016; Kendall and Gal 2017).

A member is one draw of the dropout masks, held over the whole field and all days, and one draw
from the predictive law of every pixel: both kinds of uncertainty (trap T26). The second is
independent from pixel to pixel, so fine-scale spectra of its samples are white by construction.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
import xarray as xr
from torch import Tensor, nn

from downbench.core import rng
from downbench.core.config.model.budget import Training
from downbench.core.config.model.model import Model
from downbench.core.transforms import Transforms
from downbench.labs import constraint_terms, learned
from downbench.labs.base import Pairs
from downbench.nets import architecture, dropout, heads
from downbench.nets.architecture import Architecture
from downbench.nets.conditioning import Conditioning
from downbench.nets.device import device
from downbench.nets.fields import Fields
from downbench.nets.mean import Penalty
from downbench.nets.target_space import TargetSpace
from downbench.nets.unet import UNet
from downbench.physics.loss import Spreads


class LawNetwork(nn.Module):
    """Predicts one law per pixel and variable; see `heads`."""

    def __init__(
        self,
        conditioning: Conditioning,
        space: TargetSpace,
        weights: Tensor,
        backbone: dict,
        rate: float,
        penalty: Penalty | None = None,
    ) -> None:
        super().__init__()
        self.conditioning, self.space, self.penalty = conditioning, space, penalty
        self.register_buffer("weights", weights, persistent=True)
        self.unet = UNet(conditioning.channels, heads.channels(space), **backbone, dropout=rate)

    def forward(self, fields: Fields) -> list[heads.Law]:
        condition = self.conditioning(fields)
        return heads.laws(self.unet(condition.image), condition.base, self.space)

    def loss(self, fields: Fields, progress: float = 1.0) -> Tensor:
        """Mean negative log-likelihood of the valid cells, summed over variables, and penalty.

        The penalty is on the means of the laws: samples are independent from pixel to pixel, so
        their own block means scatter around those whatever the network does.
        """
        laws = self(fields)
        likelihood = heads.nll(laws, fields.target, self.weights)
        if self.penalty is None:
            return likelihood
        means = torch.stack([law.mean for law in laws], dim=1)
        return likelihood + self.penalty(means, fields, self.weights, progress)


@dataclass(frozen=True)
class McDropout:
    """A trained network whose dropout stays on in sampling; see `Trained`."""

    name: str
    network: LawNetwork
    architecture: Architecture
    transforms: Transforms
    spreads: Spreads | None

    def sample(
        self, driver: xr.Dataset, static: xr.Dataset, members: int, seed: int
    ) -> xr.Dataset:
        """Members (T, M, y, x) in mm day-1 and K: masks by (seed, member), noise by date too."""
        network = self.network.to(device())

        def laws(fields: Fields, member: int) -> list[heads.Law]:
            dropout.hold(network, rng.generator(seed, self.name, "mask", member))
            found = network(fields)
            dropout.hold(network, None)
            return found

        return learned.draw_pixels(driver, self.transforms, members, (seed, self.name), laws)

    def save(self, folder: Path) -> None:
        architecture.save(self.network, self.architecture, folder)
        constraint_terms.save(self.spreads, folder)


def fit(pairs: Pairs, model: Model, training: Training, seed: int, state: Path) -> McDropout:
    """Maximise the likelihood of the training days with dropout on."""
    made = learned.setup(pairs, training, seed, model.physics)
    spreads = constraint_terms.spreads(made, pairs.transforms, model.physics)
    network = LawNetwork(
        made.architecture.conditioning(pairs.transforms, made.static),
        TargetSpace(pairs.transforms),
        made.weights,
        made.architecture.backbone,
        model.options.dropout,
        constraint_terms.penalty(spreads, pairs.transforms, model.physics),
    )
    learned.optimise(network, made, model, training, seed, state)
    return McDropout(model.name, network, made.architecture, pairs.transforms, spreads)


def load(model: Model, bundle: Path) -> McDropout:
    """Read a bundle that `fit` and `save` have made."""
    transforms, built = learned.read_transforms(bundle), architecture.read(bundle)
    network = LawNetwork(
        built.conditioning(transforms),
        TargetSpace(transforms),
        built.cells,
        built.backbone,
        model.options.dropout,
    )
    return McDropout(
        learned.source_of_noise(model),
        architecture.load_weights(network, bundle),
        built,
        transforms,
        constraint_terms.load(bundle),
    )
