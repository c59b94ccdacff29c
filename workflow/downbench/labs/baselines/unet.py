"""Deterministic UNet: the conditional mean, trained with squared error."""

from dataclasses import dataclass
from pathlib import Path

import xarray as xr

from downbench.core.config.model.budget import Training
from downbench.core.config.model.model import Model
from downbench.core.transforms import Transforms
from downbench.labs import constraint_terms, learned
from downbench.labs.base import Pairs
from downbench.nets import architecture, mean
from downbench.nets.architecture import Architecture
from downbench.nets.device import device
from downbench.nets.mean import MeanNetwork
from downbench.physics.loss import Spreads

DETERMINISTIC = 1


@dataclass(frozen=True)
class Unet:
    """A trained regression network; see `Trained`."""

    network: MeanNetwork
    architecture: Architecture
    transforms: Transforms
    spreads: Spreads | None

    def sample(
        self, driver: xr.Dataset, static: xr.Dataset, members: int, seed: int
    ) -> xr.Dataset:
        """One member: the mean (T, 1, y, x) in mm day-1 and K."""
        network = self.network.to(device())
        return learned.draw(
            driver,
            self.transforms,
            DETERMINISTIC,
            lambda fields, member: network.physical(fields).cpu().numpy(),
        )

    def save(self, folder: Path) -> None:
        architecture.save(self.network, self.architecture, folder)
        constraint_terms.save(self.spreads, folder)


def fit(pairs: Pairs, model: Model, training: Training, seed: int, state: Path) -> Unet:
    """Train on squared errors of normalised targets and of rain itself (trap T21)."""
    made = learned.setup(pairs, training, seed, model.physics)
    spreads = constraint_terms.spreads(made, pairs.transforms, model.physics)
    network = mean.build(
        made.architecture,
        pairs.transforms,
        made.static,
        made.weights,
        constraint_terms.layer(pairs.transforms, model.physics),
        constraint_terms.penalty(spreads, pairs.transforms, model.physics),
        model.options.dropout,
    )
    learned.optimise(network, made, model, training, seed, state)
    return Unet(network, made.architecture, pairs.transforms, spreads)


def load(model: Model, bundle: Path) -> Unet:
    """Read a bundle that `fit` and `save` have made."""
    transforms, built = learned.read_transforms(bundle), architecture.read(bundle)
    network = mean.build(
        built, transforms, layer=constraint_terms.layer(transforms, model.physics)
    )
    network = architecture.load_weights(network, bundle)
    return Unet(network, built, transforms, constraint_terms.load(bundle))
