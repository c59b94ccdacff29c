"""Reads `config/models.yaml`: applies `extends`, checks what models take from each other."""

from pathlib import Path
from typing import Any

from downbench.core.config import yamls
from downbench.core.config.messages import Mistakes, checked, unknown
from downbench.core.config.model import registry
from downbench.core.config.model.constraints import Physics
from downbench.core.config.model.external_ensemble import ExternalEnsemble
from downbench.core.config.model.model import COMMON_KEYS, Model, from_entry
from downbench.core.config.model.options import GenerativeOptions
from downbench.core.errors import UserError

SHARE_TOLERANCE = 1e-9


def read_models(root: Path, file: Path) -> dict[str, Model]:
    """Return every model of the YAML file `file` under the project's `root`.

    Raises
    ------
    UserError
        With every model that names a lab, family, option, base or model to extend that does not
        exist.
    """
    entries, mistakes = yamls.read(root, file), Mistakes()
    models = {name: mistakes.of(_model, name, entries, file) for name in entries}
    if mistakes:
        raise UserError(_without_inherited(str(mistakes), entries, file))
    for name in models:
        mistakes.of(_check_relations, name, models, file)
    mistakes.report()
    return models


def trainings(name: str, models: dict[str, Model]) -> list[str]:
    """Return a model and all that it builds on, each once, those that come first at the end."""
    parents = models[name].parents.values()
    chain = [name, *(n for parent in parents for n in trainings(parent, models))]
    return list(dict.fromkeys(chain))


def _check_relations(name: str, models: dict[str, Model], file: Path) -> None:
    """Check what a model takes from others."""
    _check_parents(name, models, file)
    _check_bases(name, models[name], models, file)
    _check_samples(name, models, file)
    _check_shared_weights(name, models[name], models, file)


def _without_inherited(message: str, entries: dict[str, Any], file: Path) -> str:
    """Leave out mistakes that a model has from the one that it extends, which are listed there."""
    lines = message.splitlines()
    inherited = {
        line.replace(f"{file}: {entry['extends']}", f"{file}: {name}", 1)
        for name, entry in entries.items()
        if isinstance(entry, dict) and "extends" in entry
        for line in lines
        if line.startswith(f"{file}: {entry['extends']}")
    }
    return "\n".join(line for line in lines if line not in inherited)


def _model(name: str, entries: dict[str, Any], file: Path) -> Model:
    entry = from_entry(name, _extended(name, entries, file))
    if entry.get("ensemble") is not None:
        options = entry["options"]
        entry["options"] = checked(ExternalEnsemble, options, file, name, siblings=COMMON_KEYS)
    elif entry.get("family") in registry.families():
        entry["options"] = _options(name, entry["family"], entry["options"], file)
    return checked(Model, entry, file, name)


def _options(name: str, family: str, options: dict[str, Any], file: Path) -> Any:
    """Check the options of one entry, with those of its process if it has one."""
    is_generative = issubclass(registry.family_options()[family], GenerativeOptions)
    process, processes = options.get("process"), registry.processes()
    if is_generative and "process" in options and process not in processes:
        what = unknown("process", str(process), sorted(processes))
        raise UserError(f"{file}: {name}.process: {what}")
    section = registry.options_class(family, options)
    return checked(section, options, file, name, siblings=COMMON_KEYS)


def _extended(name: str, entries: dict[str, Any], file: Path, chain: tuple = ()) -> dict[str, Any]:
    """Lay an entry over the one it extends, and so on down the chain."""
    if name in chain:
        raise UserError(f"{file}: {' extends '.join((*chain, name))}: break this circle")
    entry = entries[name]
    if not isinstance(entry, dict):
        raise UserError(f"{file}: {name} = {entry!r}: write its keys below it (lab, family, …)")
    below = entry.get("extends")
    keys = {key: value for key, value in entry.items() if key != "extends"}
    if below is None:
        return keys
    if below not in entries:
        raise UserError(f"{file}: {name}.extends: {unknown('model', below, sorted(entries))}")
    inherited = _extended(below, entries, file, (*chain, name))
    inherited.pop("bundle", None)  # that bundle is of the other model alone
    return yamls.merged(inherited, keys)


def _check_parents(
    name: str, models: dict[str, Model], file: Path, chain: tuple[str, ...] = ()
) -> None:
    """Check that every model a training starts from exists, and that none needs itself."""
    model = models[name]
    for role, parent in model.parents.items():
        key = f"bases.{role}" if model.shares_weights_with is None else "shares_weights_with"
        path = (*chain, name, parent)
        if parent not in models:
            raise UserError(f"{file}: {name}.{key}: {unknown('model', parent, sorted(models))}")
        if models[parent].ensemble is not None:
            raise UserError(
                f"{file}: {name}.{key} = '{parent}': that is an ensemble, which has no weights: "
                "name a model that is trained here, or a bundle"
            )
        if parent in path[:-1]:
            raise UserError(f"{file}: {name}.{key}: {' needs '.join(path)}: break this circle")
        _check_parents(parent, models, file, path[:-1])


def _check_bases(name: str, model: Model, models: dict[str, Model], file: Path) -> None:
    """Refuse a base with a layer: it is not among the weights, so its means were never trained."""
    for role, base in model.bases.items():
        physics = models[base].physics if base in models else None
        if physics and physics.trained["constraint"]:
            raise UserError(
                f"{file}: {name}.bases.{role} = '{base}': that network was trained with a "
                "constraint layer, which does not travel with its weights: take a base without one"
            )


def _check_samples(name: str, models: dict[str, Model], file: Path) -> None:
    """Refuse a model that sees more samples, counting its bases, than a model without bases."""
    trained = (models[n] for n in trainings(name, models) if not models[n].shares_weights_with)
    shares = [getattr(model.options, "samples_share", 0.0) for model in trained]
    if sum(shares) > 1 + SHARE_TOLERANCE:
        total = f"{' + '.join(f'{share:g}' for share in shares)} = {sum(shares):g}"
        raise UserError(
            f"{file}: {name}.samples_share: its own and its bases' samples are {total} times the "
            "budget's: write shares of 1 or less in all, such as 0.5 for both"
        )


def _check_shared_weights(name: str, model: Model, models: dict[str, Model], file: Path) -> None:
    """Check that the model whose weights this one takes was trained as this one says."""
    if model.shares_weights_with is None:
        return
    source = models[model.shares_weights_with]
    key = f"{file}: {name}.shares_weights_with = '{source.name}'"
    if source.shares_weights_with is not None:
        raise UserError(
            f"{key}: it has its own from '{source.shares_weights_with}': name that one"
        )
    if (source.lab, source.family) != (model.lab, model.family):
        raise UserError(
            f"{key}: that is {source.lab}/{source.family}, this is {model.lab}/{model.family}: "
            "name a model of the same family"
        )
    if _trained_part(model) != _trained_part(source):
        raise UserError(
            f"{key}: physics.loss and a trained constraint belong to the training, which is the "
            "other model's: give both models the same, or train this one"
        )


def _trained_part(model: Model) -> dict[str, Any]:
    return (model.physics or Physics()).trained
