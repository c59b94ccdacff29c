"""Reads `config/models.yaml`: applies `extends`, checks `base` and labs."""

from pathlib import Path
from typing import Any

from downbench.core.config import yamls
from downbench.core.config.families import FAMILIES
from downbench.core.config.messages import checked, unknown
from downbench.core.config.models import COMMON_KEYS, Model, from_entry
from downbench.core.errors import UserError

LABS = Path(__file__).parents[2] / "labs"


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
        _check_base(name, model, models, file)
    return models


def _model(name: str, entries: dict[str, Any], file: Path) -> Model:
    entry = from_entry(name, _extended(name, entries, file))
    family = FAMILIES.get(entry.get("family"))
    if family:
        entry["options"] = checked(family, entry["options"], file, name, beside=COMMON_KEYS)
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


def _check_base(name: str, model: Model, models: dict[str, Model], file: Path) -> None:
    chain = [name]
    while model.base is not None:
        if model.base not in models:
            raise UserError(f"{file}: {name}.base: {unknown('model', model.base, sorted(models))}")
        if model.base in chain:
            raise UserError(
                f"{file}: {name}.base: {' needs '.join([*chain, model.base])}: a circle"
            )
        chain.append(model.base)
        model = models[model.base]
