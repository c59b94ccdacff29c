"""A model that is a trained network: fit, load, save and sample, for the families of all labs.

A family builds its network and samples one member from it; `NetworkFamily` makes of that the two
functions of the model protocol (`labs.base`)::

    FAMILY = NetworkFamily(build, sample)
    fit, load = FAMILY.fit, FAMILY.load
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
import xarray as xr
from torch import Tensor, nn

from downbench.core import rng
from downbench.core import transforms as core_transforms
from downbench.core.config.model.budget import Training
from downbench.core.config.model.model import Model
from downbench.core.config.model.options import GenerativeOptions, Sampler
from downbench.core.errors import UserError
from downbench.core.transforms import Transforms
from downbench.labs import constraint_terms, training_data
from downbench.labs.base import LogDensity, Pairs, date_key
from downbench.labs.network_datasets import as_ensemble, as_log_density
from downbench.labs.training_data import TrainingData
from downbench.nets import architecture as architectures
from downbench.nets import fields, heads, mean
from downbench.nets.architecture import Architecture
from downbench.nets.conditioning import Condition
from downbench.nets.device import device, warn_unused_accelerators
from downbench.nets.fields import NetworkFields
from downbench.nets.mean import Layer, MeanNetwork, NormalisedMeans
from downbench.physics.loss import Penalty, Spreads

TRANSFORMS = "transforms.json"


@dataclass(frozen=True)
class NetworkContext:
    """What a network is built from, in training as when it is read from a bundle.

    `static` (layers, y, x) and `weights` (y, x) are None, and `bases` too, when the network is
    read from a bundle: they are among its weights.
    """

    model: Model
    architecture: Architecture
    transforms: Transforms
    spreads: Spreads | None
    static: np.ndarray | None = None
    weights: Tensor | None = None
    bases: Mapping[str, Path] | None = None

    @property
    def layer(self) -> Layer | None:
        """The constraint layer of the network, if the model has one."""
        return constraint_terms.layer(self.transforms, self.model.physics)

    @property
    def penalty(self) -> Penalty | None:
        """The physics-guided part of the loss, if the model has one."""
        return constraint_terms.penalty(self.spreads, self.transforms, self.model.physics)

    def base_network(self, role: str) -> MeanNetwork:
        """Return the mean network of the base with this role, with its weights in training.

        Raises
        ------
        UserError
            When the model has no such base.
        """
        network = mean.build(self.architecture, self.transforms)
        if self.bases is None:
            return network
        if role not in self.bases:
            raise UserError(
                f"config/models.yaml: {self.model.name} has no base '{role}': add "
                f"`bases: {{{role}: MODEL}}`, with a model of family unet"
            )
        return architectures.load_weights(network, self.bases[role])


@dataclass(frozen=True)
class Member:
    """One member of an ensemble: the source of its noise, and the sampler.

    `name` seeds the noise: models of the same weights share it, so that they compare as pairs.
    """

    number: int
    name: str
    seed: int
    dates: tuple[str, ...]
    sampler: Sampler | None

    def generator(self, *keys: str | int) -> np.random.Generator:
        """Return the generator of these keys; the same keys give the same numbers."""
        return rng.generator(self.seed, self.name, *keys)

    def generators(self) -> list[np.random.Generator]:
        """Return one generator per day."""
        return [self.generator(date, self.number) for date in self.dates]


Components = Callable[
    [nn.Module, NetworkFields, Sequence[Member]], Iterable[Sequence[heads.Distribution]]
]

Expect = Callable[
    [nn.Module, NetworkFields, np.random.Generator], tuple[NormalisedMeans, Condition]
]


@dataclass(frozen=True)
class NetworkFamily:
    """A family of networks.

    build
        NetworkContext → network with `loss(fields, progress)`; see `nets.training`.
    sample
        (network, fields, member) → (time, variable, y, x) in physical units, variables in the
        order of the transforms' targets.
    prepare
        Called with the network and the training data before the training; unless it is given, it
        fits the linear regression of every cell, from which the network learns the departures.
    expect
        (network, fields, random numbers) → means of the trained network and its condition, whose
        average error in every cell over the days of training is taken off; None for a network
        without a regression of its own.
    calibrate
        Called with the network, model, pairs, training data and seed after the training.
    components
        (network, fields, members) → distributions per pixel of all variables, for each component
        of the mixture that the members are samples of; None without such densities.
    is_deterministic
        One member for any ensemble size.
    context_days
        Days before and after a day that the network needs, see `labs.base.Trained`.
    """

    build: Callable[[NetworkContext], nn.Module]
    sample: Callable[[nn.Module, NetworkFields, Member], np.ndarray]
    _: KW_ONLY
    prepare: Callable[[nn.Module, TrainingData], None] = training_data.fit_regression
    expect: Expect | None = None
    calibrate: Callable[[nn.Module, Model, Pairs, TrainingData, int], None] | None = None
    components: Components | None = None
    is_deterministic: bool = False
    context_days: int = 0

    def fit(
        self, pairs: Pairs, model: Model, training: Training, seed: int, state: Path
    ) -> "NetworkModel":
        """Train the network; see `labs.base`."""
        # Only here: the training loop takes seconds to import, which every sampling would pay.
        from downbench.labs import optimisation

        data = training_data.read(pairs, training, seed, model.physics)
        spreads = constraint_terms.spreads(data, pairs.transforms, model.physics)
        context = NetworkContext(
            model,
            data.architecture,
            pairs.transforms,
            spreads,
            data.static,
            data.weights,
            pairs.bases,
        )
        network = self.build(context)
        self.prepare(network, data)
        optimisation.optimise(network, data, model, training, seed, state)
        evaluated = 0
        if self.expect is not None:
            expect = partial(self.expect, network)
            evaluated = training_data.fit_offsets(network, data, expect, seed)
        if self.calibrate is not None:
            self.calibrate(network, model, pairs, data, seed)
        trained = self._model(context, network)
        first = pairs.validation_driver.isel(time=slice(0, 1)).load()
        sample = partial(trained.sample, first, pairs.static, 1, seed)
        optimisation.record(network, data, training, sample, state, evaluated)
        return trained

    def load(self, model: Model, bundle: Path) -> "NetworkModel":
        """Read a bundle that `NetworkModel.save` has written; see `labs.base`."""
        context = NetworkContext(
            model,
            architectures.read(bundle),
            core_transforms.read(bundle / TRANSFORMS),
            constraint_terms.load(bundle),
        )
        network = architectures.build_for(partial(self.build, context), bundle)
        return self._model(context, architectures.load_weights(network, bundle))

    def _model(self, context: NetworkContext, network: nn.Module) -> "NetworkModel":
        options = context.model.options
        is_generative = isinstance(options, GenerativeOptions)
        return NetworkModel(self, context, network, options.calibration if is_generative else None)


@dataclass(frozen=True)
class NetworkModel:
    """A trained network; see `labs.base.Trained`.

    `sampler` is that of the calibration until it is replaced.
    """

    family: NetworkFamily
    context: NetworkContext
    network: nn.Module
    sampler: Sampler | None

    @property
    def context_days(self) -> int:
        """Days before and after a day that the network needs."""
        return self.family.context_days

    def sample(
        self, driver: xr.Dataset, static: xr.Dataset, members: int, seed: int
    ) -> xr.Dataset:
        """Return members (time, member, y, x) in mm day-1 and K; see `labs.base`."""
        warn_unused_accelerators()
        count = 1 if self.family.is_deterministic else members
        tensors = fields.read(driver, None, self.context.transforms).to(device())
        with torch.inference_mode():
            samples = [
                self.family.sample(self.network.to(device()), tensors, member)
                for member in self._members(driver["time"], count, seed)
            ]
        values = np.stack(samples, axis=1)
        values[~tensors.has_values().cpu().numpy()] = np.nan
        return as_ensemble(values, self.context.transforms, driver["time"])

    def log_density(self, static: xr.Dataset, members: int, seed: int) -> LogDensity:
        """Return the log density of the mixture of all members; see `labs.base.CellDensity`."""
        components = self.family.components
        if components is None:
            raise UserError(f"{self.context.model.name}: its family has no density of cells")

        def of_days(driver: xr.Dataset, target: xr.Dataset) -> xr.Dataset:
            tensors = fields.read(driver, target, self.context.transforms).to(device())
            of_members = self._members(driver["time"], members, seed)
            with torch.inference_mode():
                parts = components(self.network.to(device()), tensors, of_members)
                values = heads.log_density(parts, tensors.target).cpu().numpy()
            values[~tensors.has_values().cpu().numpy()] = np.nan
            return as_log_density(values, self.context.transforms, driver["time"])

        return of_days

    def _members(self, time: xr.DataArray, count: int, seed: int) -> list[Member]:
        name = self.context.model.shares_weights_with or self.context.model.name
        dates = tuple(map(date_key, time.values))
        return [Member(i, name, seed, dates, self.sampler) for i in range(count)]

    def save(self, folder: Path) -> None:
        """Write weights, architecture and, if the model has them, the spreads of its physics."""
        architectures.save(self.network, self.context.architecture, folder)
        constraint_terms.save(self.context.spreads, folder)
