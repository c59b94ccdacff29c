"""What a model's section `physics` adds to its training and sampling, in any lab."""

import json
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from downbench.core.config.model.constraints import Physics
from downbench.core.errors import UserError
from downbench.core.transforms import Transforms
from downbench.labs.training_data import TrainingData
from downbench.nets.mean import Layer
from downbench.physics import constraints
from downbench.physics.loss import Penalty, Spreads, measure

FILE = "physics.json"
SPREADS = TypeAdapter(Spreads)


def spreads(data: TrainingData, transforms: Transforms, physics: Physics | None) -> Spreads | None:
    """Return the departures of interpolation and driver, where a constraint needs them."""
    if physics is None or not (physics.loss or physics.guidance):
        return None
    return measure(data.train, transforms, data.weights)


def penalty(
    measured: Spreads | None, transforms: Transforms, physics: Physics | None
) -> Penalty | None:
    """Return L_phy of a model, if it has one."""
    if physics is None or physics.loss is None:
        return None
    return Penalty(physics.loss, transforms, measured)


def layer(transforms: Transforms, physics: Physics | None) -> Layer | None:
    """Return the layer that is part of a network, if it has one."""
    constraint = physics.constraint if physics else None
    if constraint is None or not constraint.trained:
        return None
    return constraints.network_layer(transforms, constraint)


def save(measured: Spreads | None, folder: Path) -> None:
    """Write physics.json into a bundle, if there is something to write."""
    if measured is not None:
        (folder / FILE).write_text(json.dumps(asdict(measured), indent=1) + "\n")


def load(folder: Path) -> Spreads | None:
    """Read physics.json of a bundle, if it has one."""
    path = folder / FILE
    try:
        return SPREADS.validate_json(path.read_bytes()) if path.exists() else None
    except ValidationError as error:
        raise UserError(f"{path}: not usable: {error}; train the model again") from error
