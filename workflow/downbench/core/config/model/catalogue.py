"""Reads `config/models.yaml`: applies `extends`, checks what models take from each other."""

from pathlib import Path
from typing import Any

from downbench.core.config import yamls
from downbench.core.config.messages import checked, unknown
from downbench.core.config.model.constraints import Physics
from downbench.core.config.model.families import FAMILIES
from downbench.core.config.model.model import COMMON_KEYS, Model, from_entry
from downbench.core.errors import UserError

LABS = Path(__file__).parents[3] / "labs"


def read_models(root: Path, file: Path) -> dict[str, Model]:
    """Every model of the YAML file `file` under the project's `root`.

    Raises
    ------
    UserError
        When a model names a lab, family, option, base or model to extend that does not exist.
    """
    entries = yamls.read(root, file)
    models = {name: _model(name, entries, file) for name in entries}
    for name, model in models.items():
        _check_needs(name, model, models, file)
        _check_base(name, model, models, file)
        _check_taken(name, model, models, file)
    return models


def _model(name: str, entries: dict[str, Any], file: Path) -> Model:
    entry = from_entry(name, _extended(name, entries, file))
    family = FAMILIES.get(entry.get("family"))
    if family:
        entry["options"] = checked(family, entry["options"], file, name, siblings=COMMON_KEYS)
    model = checked(Model, entry, file, name)
    if not (LABS / model.lab / f"{model.family}.py").exists():
        have = [lab for lab in LABS.iterdir() if (lab / f"{model.family}.py").exists()]
        raise UserError(
            f"{file}: {name}.family: lab '{model.lab}' has no module {model.family}.py; "
            f"labs that have it: {', '.join(lab.name for lab in have) or 'none'}"
        )
    return model


def _extended(name: str, entries: dict[str, Any], file: Path, chain: tuple = ()) -> dict[str, Any]:
    """The entry laid over the one it extends, and so on down the chain."""
    if name in chain:
        raise UserError(f"{file}: {' extends '.join((*chain, name))}: break this circle")
    entry = entries[name]
    if not isinstance(entry, dict):
        raise UserError(f"{file}: {name} = {entry!r}: write its keys below it (lab, family, …)")
    below = entry.get("extends")
    if below is None:
        return {key: value for key, value in entry.items() if key != "extends"}
    if below not in entries:
        raise UserError(f"{file}: {name}.extends: {unknown('model', below, sorted(entries))}")
    own = {key: value for key, value in entry.items() if key != "extends"}
    return yamls.merged(_extended(below, entries, file, (*chain, name)), own)


def _check_needs(name: str, model: Model, models: dict[str, Model], file: Path) -> None:
    """Every model that its training starts from exists, and none needs itself."""
    chain = [name]
    while model.needs is not None:
        key = "base" if model.shares_weights_with is None else "shares_weights_with"
        needed = model.needs
        if needed not in models:
            what = unknown("model", needed, sorted(models))
            raise UserError(f"{file}: {chain[-1]}.{key}: {what}")
        if needed in chain:
            raise UserError(f"{file}: {name}.{key}: {' needs '.join([*chain, needed])}: a circle")
        chain.append(needed)
        model = models[needed]


def _check_base(name: str, model: Model, models: dict[str, Model], file: Path) -> None:
    """A layer is not among the weights: a base without it would have means never trained."""
    base = models.get(model.base or "")
    if base is not None and base.physics and base.physics.trained["constraint"]:
        raise UserError(
            f"{file}: {name}.base = '{base.name}': that network was trained with a constraint "
            "layer, which does not travel with its weights: take a base without one"
        )


def _check_taken(name: str, model: Model, models: dict[str, Model], file: Path) -> None:
    """Weights can be taken only from a model that was trained as this one says of itself."""
    if model.shares_weights_with is None:
        return
    source, at = (
        models[model.shares_weights_with],
        f"{file}: {name}.shares_weights_with = '{model.shares_weights_with}'",
    )
    if source.shares_weights_with is not None:
        raise UserError(f"{at}: it has its own from '{source.shares_weights_with}': name that one")
    if (source.lab, source.family) != (model.lab, model.family):
        raise UserError(
            f"{at}: that is {source.lab}/{source.family}, this is {model.lab}/{model.family}: "
            "name a model of the same family"
        )
    if _trained_part(model) != _trained_part(source):
        raise UserError(
            f"{at}: physics.loss and a trained constraint belong to the training, which is the "
            "other model's: give both models the same, or train this one"
        )


def _trained_part(model: Model) -> dict[str, Any]:
    return (model.physics or Physics()).trained
