"""CorrDiff: a regression UNet for the mean, EDM for the residual (Mardani et al. 2025).

In normalised space x = E[x | y] + r; the mean is the base model's, frozen, and the diffusion
learns r, scaled to σ_data per variable, conditioned on the driver and on the mean. Residuals of
training days are smaller than those of new days, so samples are widened by what validation days
tell (`spread`).
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import xarray as xr

from downbench.core import rng
from downbench.core.config.model.budget import Training
from downbench.core.config.model.model import Model
from downbench.core.errors import UserError
from downbench.core.transforms import Transforms
from downbench.labs import constraint_terms, learned
from downbench.labs.base import Pairs, date_key
from downbench.labs.generative import edm
from downbench.labs.generative.guidance import Guide
from downbench.labs.generative.residual import SAMPLES_AT_ONCE, SIGMA_DATA, Residual
from downbench.nets import architecture, mean
from downbench.nets.architecture import Architecture
from downbench.nets.device import device
from downbench.nets.fields import Fields
from downbench.physics.loss import Spreads

SAMPLER = "sampler.json"


@dataclass(frozen=True)
class CorrDiff:
    """A trained residual diffusion; see `Trained`."""

    name: str
    network: Residual
    architecture: Architecture
    transforms: Transforms
    solver: str
    steps: int
    spreads: Spreads | None

    def sample(
        self, driver: xr.Dataset, static: xr.Dataset, members: int, seed: int
    ) -> xr.Dataset:
        """Members (T, M, y, x) in mm day-1 and K; noise from (seed, model, date, member)."""
        network = self.network.to(device())
        dates = [date_key(stamp) for stamp in driver["time"].values]
        shape = (len(self.transforms.targets), *self.architecture.static_shape[1:])

        def one_member(fields: Fields, member: int) -> np.ndarray:
            noise = torch.from_numpy(
                np.stack(
                    [
                        rng.generator(seed, self.name, date, member).standard_normal(
                            shape, dtype=np.float32
                        )
                        for date in dates
                    ]
                )
            ).to(fields.coarse.device)
            drawn = [
                network.draw(fields.pick(part), noise[part], self.solver, self.steps).cpu()
                for part in learned.in_parts(len(fields), SAMPLES_AT_ONCE)
            ]
            return torch.cat(drawn).numpy()

        return learned.draw(driver, self.transforms, members, one_member)

    def save(self, folder: Path) -> None:
        architecture.save(self.network, self.architecture, folder)
        constraint_terms.save(self.spreads, folder)
        (folder / SAMPLER).write_text(
            json.dumps({"solver": self.solver, "steps": self.steps}) + "\n"
        )


def fit(pairs: Pairs, model: Model, training: Training, seed: int, state: Path) -> CorrDiff:
    """Train the denoiser on what the base model's mean leaves of the training days."""
    if pairs.base is None:
        raise UserError(
            f"models.yaml: {model.name} has no base: name the UNet that gives the mean"
        )
    made = learned.setup(pairs, training, seed, model.physics)
    spreads = constraint_terms.spreads(made, pairs.transforms, model.physics)
    penalty = constraint_terms.penalty(spreads, pairs.transforms, model.physics)
    centre = mean.build(made.architecture, pairs.transforms)
    architecture.load_weights(centre, pairs.base)
    network = Residual(centre, made.architecture, pairs.transforms, _levels(model), penalty)
    network.measure(made.train)
    learned.optimise(network, made, model, training, seed, state)
    if pairs.region.splits.by == "year":  # one event is no sample of the weather to come
        _match_spread(network, made.validation, model, training, seed)
    network.guide = _guide(model, spreads)
    return CorrDiff(
        model.name,
        network,
        made.architecture,
        pairs.transforms,
        training.sampler,
        training.sampler_steps,
        spreads,
    )


def load(model: Model, bundle: Path) -> CorrDiff:
    """Read a bundle that `fit` and `save` have made; the mean travels in it."""
    transforms, built = learned.read_transforms(bundle), architecture.read(bundle)
    network = Residual(mean.build(built, transforms), built, transforms, _levels(model))
    architecture.load_weights(network, bundle)
    sampler, spreads = json.loads((bundle / SAMPLER).read_text()), constraint_terms.load(bundle)
    network.guide = _guide(model, spreads)
    return CorrDiff(
        learned.source_of_noise(model),
        network,
        built,
        transforms,
        sampler["solver"],
        sampler["steps"],
        spreads,
    )


def _guide(model: Model, spreads: Spreads | None) -> Guide | None:
    guidance = model.physics.guidance if model.physics else None
    return Guide(guidance, spreads.driver) if guidance else None


def _match_spread(
    network: Residual, validation: Fields, model: Model, training: Training, seed: int
) -> None:
    """Draw a few members of some validation days and match their spread to their error."""
    days, members = model.options.spread_days, model.options.spread_members
    if days is None:
        return
    chosen = validation.pick(torch.linspace(0, len(validation) - 1, days).long().unique())
    shape = (members, *chosen.target.shape)
    noise = rng.generator(seed, model.name, "spread").standard_normal(shape, dtype=np.float32)
    where = network.scale.device
    network.match_spread(
        chosen.to(where),
        torch.from_numpy(noise).to(where),
        training.sampler,
        training.sampler_steps,
    )


def _levels(model: Model) -> edm.NoiseLevels:
    options = model.options
    return edm.NoiseLevels(
        sigma_data=SIGMA_DATA,
        sigma_min=options.sigma_min,
        sigma_max=options.sigma_max,
        rho=options.rho,
        P_mean=options.P_mean,
        P_std=options.P_std,
    )
