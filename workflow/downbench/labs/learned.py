"""What the learned families of all labs do alike: read the pairs, build the network, tidy up."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import xarray as xr
from torch import Tensor, nn

from downbench.core import rng
from downbench.core import transforms as core_transforms
from downbench.core.config.model.budget import Training
from downbench.core.config.model.constraints import Physics
from downbench.core.config.model.model import Model
from downbench.core.transforms import Transforms
from downbench.labs.base import Pairs, date_key
from downbench.nets import fields, heads
from downbench.nets.architecture import Architecture
from downbench.nets.device import device, tell_unused
from downbench.nets.fields import Fields
from downbench.physics import moisture_budget

TRANSFORMS = "transforms.json"


@dataclass(frozen=True)
class Setup:
    """Everything that a network is built from and trained on."""

    architecture: Architecture
    static: np.ndarray
    weights: Tensor
    train: Fields
    validation: Fields


def source_of_noise(model: Model) -> str:
    """Name that seeds its noise: models of the same weights share it and compare as pairs."""
    return model.shares_weights_with or model.name


def setup(pairs: Pairs, training: Training, seed: int, physics: Physics | None = None) -> Setup:
    """Load the training and validation fields, size the network for them, seed its weights."""
    torch.manual_seed(rng.seed_of(seed, "weights") % 2**63)
    static = fields.static_layers(pairs.static, pairs.region.factor)
    budget = _budget(pairs.driver, physics)
    train = _fields(pairs.train_driver, pairs.train_target, pairs.transforms, budget)
    one_grid = pairs.region.splits.by == "year"
    if not one_grid:
        train = train.with_symmetries()
    ever_valid = torch.isfinite(train.target).any(dim=0).any(dim=0)
    return Setup(
        architecture=Architecture(
            channels=training.channels,
            blocks=training.blocks_per_level,
            seasonal=one_grid,
            position_channels=training.position_channels if one_grid else 0,
            static_shape=static.shape,
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
) -> Fields:
    """Driver and target of one split, with the rain of the moisture budget where it is wanted."""
    read = fields.read(driver, target, transforms)
    if budget is not None:
        rain = torch.from_numpy(budget.sel(time=driver["time"]).values.astype(np.float32))
        read = replace(read, budget=torch.where(read.valid[:, 0] > 0, rain, torch.nan))
    return read.complete()


def _budget(driver: xr.Dataset, physics: Physics | None) -> xr.DataArray | None:
    """The rain of the moisture budget (time, Y, X) [mm day-1], if a loss asks for it.

    A driver without the budget's terms runs the laws it can, and the log says which it cannot.

    Raises
    ------
    UserError
        When the driver brings terms of the budget, but not all, or not as they are wanted.
    """
    if physics is None or physics.loss is None or physics.loss.budget_weight == 0:
        return None
    missing = moisture_budget.missing_terms(driver)
    if missing and not moisture_budget.begun(driver):
        print(f"physics.loss without the moisture budget: the driver lacks {', '.join(missing)}")
        return None
    return moisture_budget.budget_rain(driver)


def optimise(
    network: nn.Module, made: Setup, model: Model, training: Training, seed: int, state: Path
) -> nn.Module:
    """Train a network on what `setup` has read, at the model's own learning rate if it has one."""
    # Only here: the training loop takes seconds to import, which every sampling would pay.
    from downbench.nets.training import Course, train

    course = Course.of(training, model.options.learning_rate, seed)
    return train(network, made.train, made.validation, training, course, state)


def read_transforms(bundle: Path) -> Transforms:
    """The statistics that travel with a bundle."""
    return core_transforms.read(bundle / TRANSFORMS)


def draw(
    driver: xr.Dataset,
    transforms: Transforms,
    members: int,
    one_member: Callable[[Fields, int], np.ndarray],
) -> xr.Dataset:
    """Assemble an ensemble from a function that gives one member of all days.

    `one_member(fields, member)` returns (T, C, y, x) in physical units, channels in the order
    of the transforms' targets.
    """
    tell_unused()
    read = fields.read(driver, None, transforms).to(device())
    with torch.inference_mode():
        drawn = np.stack([one_member(read, member) for member in range(members)], axis=1)
    drawn[~read.whole().cpu().numpy()] = np.nan
    return as_ensemble(drawn, transforms, driver["time"])


def draw_pixels(
    driver: xr.Dataset,
    transforms: Transforms,
    members: int,
    keys: tuple[int, str],
    laws: Callable[[Fields, int], list[heads.Law]],
) -> xr.Dataset:
    """Assemble an ensemble whose pixels are drawn one by one from `laws(fields, member)`.

    Noise is seeded by `keys` (seed, model), date and member.
    """
    dates = [date_key(stamp) for stamp in driver["time"].values]

    def one_member(read: Fields, member: int) -> np.ndarray:
        generators = [rng.generator(*keys, date, member) for date in dates]
        return heads.draw(laws(read, member), generators)

    return draw(driver, transforms, members, one_member)


def as_ensemble(values: np.ndarray, transforms: Transforms, time: xr.DataArray) -> xr.Dataset:
    """(T, M, C, y, x) physical values → data set of the target's variables."""
    dims = ("time", "member", "y", "x")
    return xr.Dataset(
        {
            name: (dims, values[:, :, i].astype(np.float32), {"units": by.units})
            for i, (name, by) in enumerate(transforms.targets.items())
        },
        coords={"time": time, "member": np.arange(values.shape[1])},
    )


def in_parts(count: int, size: int) -> Iterator[slice]:
    """Slices of at most `size` that cover range(count)."""
    return (slice(start, min(start + size, count)) for start in range(0, count, size))
