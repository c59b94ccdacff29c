"""How a model's section `physics` becomes part of its training and sampling, in any lab."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path

from downbench.core.config.model.budget import Training
from downbench.core.config.model.constraints import Physics
from downbench.core.config.model.model import Model
from downbench.core.errors import UserError
from downbench.core.transforms import Transforms
from downbench.labs import learned
from downbench.labs.base import Pairs, Trained, family
from downbench.labs.learned import Setup
from downbench.nets.mean import Layer
from downbench.physics import constraints
from downbench.physics.loss import Penalty, Spreads, measure

FILE = "physics.json"
BORROWED = "borrowed"


def spreads(made: Setup, transforms: Transforms, physics: Physics | None) -> Spreads | None:
    """What the training days say of interpolation and driver, where a way to obey needs it."""
    if physics is None or not (physics.loss or physics.guidance):
        return None
    return measure(made.train, transforms, made.weights)


def penalty(
    found: Spreads | None, transforms: Transforms, physics: Physics | None
) -> Penalty | None:
    """L_phy of a model, if it has one."""
    if physics is None or physics.loss is None:
        return None
    return Penalty(physics.loss, transforms, found)


def layer(transforms: Transforms, physics: Physics | None) -> Layer | None:
    """The layer that is part of a network, if it has one."""
    constraint = physics.constraint if physics else None
    if constraint is None or not constraint.trained:
        return None
    return constraints.network_layer(transforms, constraint)


def borrowed(model: Model, pairs: Pairs, training: Training, seed: int, state: Path) -> Trained:
    """The bundle at `pairs.base` as another model: its weights, this model's way of sampling."""
    folder = shutil.copytree(pairs.base, state / BORROWED, dirs_exist_ok=True)
    if model.physics is not None and model.physics.guidance is not None:
        made = learned.setup(pairs, training, seed, model.physics)
        save(spreads(made, pairs.transforms, model.physics), folder)
    return family(model).load(model, folder)


def save(found: Spreads | None, folder: Path) -> None:
    """Write physics.json into a bundle, where there is something to write."""
    if found is not None:
        (folder / FILE).write_text(json.dumps(asdict(found), indent=1) + "\n")


def load(folder: Path) -> Spreads | None:
    """Read physics.json of a bundle, if it has one."""
    path = folder / FILE
    try:
        return Spreads(**json.loads(path.read_bytes())) if path.exists() else None
    except (TypeError, ValueError) as error:
        raise UserError(f"{path}: not usable: {error}; train the model again") from error
