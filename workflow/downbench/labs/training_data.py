"""What a network is trained on: fields of both splits, and the architecture that fits them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
import xarray as xr
from torch import Tensor, nn

from downbench.core import rng
from downbench.core.config.model.budget import Training
from downbench.core.config.model.constraints import Physics
from downbench.core.transforms import Transforms
from downbench.labs.base import Pairs
from downbench.nets import cell_offsets, fields
from downbench.nets.architecture import Architecture
from downbench.nets.conditioning import Condition
from downbench.nets.fields import NetworkFields
from downbench.nets.mean import NormalisedMeans
from downbench.nets.unet import STEM_KERNEL
from downbench.physics import moisture_budget


@dataclass(frozen=True)
class TrainingData:
    """Fields of the training and the validation split, and what a network is sized by.

    static : (layers, y, x); weights : (y, x) cell areas over their mean, 0 without data
    """

    architecture: Architecture
    static: np.ndarray
    weights: Tensor
    train: NetworkFields
    validation: NetworkFields


def fit_regression(network: nn.Module, data: TrainingData) -> None:
    """Fit the regression of every cell, if the network has one of its own, to training days."""
    conditioning = getattr(network, "conditioning", None)
    if conditioning is not None:
        conditioning.fit_regression(data.train)


def fit_offsets(
    network: nn.Module,
    data: TrainingData,
    expect: Callable[[NetworkFields, np.random.Generator], tuple[NormalisedMeans, Condition]],
    seed: int,
) -> int:
    """Take the average errors of a trained network off its regression of every cell.

    Parameters
    ----------
    expect
        Fields and random numbers → means of the network and its condition.

    Returns
    -------
    Times that the network was evaluated on; none where it has no such regression.
    """
    regression = network.conditioning.regression
    if regression is None:
        return 0

    def predict(fields: NetworkFields, start: int) -> tuple[NormalisedMeans, Condition]:
        return expect(fields, rng.generator(seed, "offsets", start))

    days = data.train.to(regression.offsets.device)
    regression.offsets.copy_(cell_offsets.fit(days, regression.space, predict))
    return len(days)


def read(
    pairs: Pairs, training: Training, seed: int, physics: Physics | None = None
) -> TrainingData:
    """Load both splits, size a network for them, and seed its weights."""
    torch.manual_seed(rng.seed_of(seed, "weights") % 2**63)
    static = fields.static_layers(pairs.static, pairs.region.factor)
    budget = _budget_rain(pairs.driver, physics)
    train = _fields(pairs.train_driver, pairs.train_target, pairs.transforms, budget)
    is_one_grid = pairs.region.splits.by == "year"
    if not is_one_grid:
        train = train.with_symmetries()
    ever_valid = torch.isfinite(train.target).any(dim=0).any(dim=0)
    return TrainingData(
        architecture=Architecture(
            channels=training.channels,
            blocks=training.blocks_per_level,
            seasonal=is_one_grid,
            position_channels=training.position_channels if is_one_grid else 0,
            static_shape=static.shape,
            regressed=is_one_grid,
            stem_kernel=STEM_KERNEL,
        ),
        static=static,
        weights=torch.from_numpy(fields.cell_weights(pairs.static)) * ever_valid,
        train=train,
        validation=_fields(
            pairs.validation_driver, pairs.validation_target, pairs.transforms, budget
        ),
    )


def _fields(
    driver: xr.Dataset, target: xr.Dataset, transforms: Transforms, budget: xr.DataArray | None
) -> NetworkFields:
    """Return driver and target of one split, with the rain of the moisture budget if given."""
    tensors = fields.read(driver, target, transforms)
    if budget is not None:
        rain = torch.from_numpy(budget.sel(time=driver["time"]).values.astype(np.float32))
        tensors = replace(tensors, budget=torch.where(tensors.valid[:, 0] > 0, rain, torch.nan))
    return tensors.complete()


def _budget_rain(driver: xr.Dataset, physics: Physics | None) -> xr.DataArray | None:
    """Return the rain of the moisture budget (time, Y, X) [mm day-1], if a loss asks for it.

    A driver without the terms of the moisture budget is trained on the other laws, and the log
    names the missing terms.

    Raises
    ------
    UserError
        When the driver has some terms of the moisture budget, but not all, or in other units.
    """
    if physics is None or physics.loss is None or physics.loss.budget_weight == 0:
        return None
    missing = moisture_budget.missing_terms(driver)
    if missing and not moisture_budget.begun(driver):
        print(f"physics.loss without the moisture budget: the driver lacks {', '.join(missing)}")
        return None
    return moisture_budget.budget_rain(driver)
