"""Fits a model, or takes the trained bundle of the model that it shares weights with."""

import shutil
from pathlib import Path

from downbench.core.config.model.budget import Training
from downbench.core.config.model.model import WEIGHTS, Model
from downbench.core.errors import UserError
from downbench.labs.base import Pairs, Trained, family

SHARED = "shared_weights"


def fit(model: Model, pairs: Pairs, training: Training, seed: int, state: Path) -> Trained:
    """Return the model of an entry of `config/models.yaml`; see `labs.base` for the arguments.

    Raises
    ------
    UserError
        When it shares the weights of a model whose bundle is not among `pairs.bases`.
    """
    if model.shares_weights_with is None:
        return family(model).fit(pairs, model, training, seed, state)
    if WEIGHTS not in pairs.bases:
        raise UserError(
            f"models.yaml: {model.name} takes the weights of {model.shares_weights_with}: give "
            f"the bundle of that model with --base {WEIGHTS}=PATH"
        )
    return family(model).load(model, _shared(model, pairs, training, seed, state))


def _shared(model: Model, pairs: Pairs, training: Training, seed: int, state: Path) -> Path:
    """Return the bundle with the weights, and what guidance needs to know beyond them."""
    bundle = pairs.bases[WEIGHTS]
    if model.physics is None or model.physics.guidance is None:
        return bundle
    # torch takes seconds to import, and most models do without.
    from downbench.labs import constraint_terms, training_data

    folder = shutil.copytree(bundle, state / SHARED, dirs_exist_ok=True)
    data = training_data.read(pairs, training, seed, model.physics)
    spreads = constraint_terms.spreads(data, pairs.transforms, model.physics)
    constraint_terms.save(spreads, folder)
    return folder
