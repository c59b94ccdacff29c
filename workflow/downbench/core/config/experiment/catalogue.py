"""Reads `config/experiments.yaml`: checks names, models and figures of every experiment."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from downbench.core import figure_modules
from downbench.core.config import yamls
from downbench.core.config.experiment.experiment import Experiment
from downbench.core.config.messages import Mistakes, checked, unknown
from downbench.core.config.model.model import Model
from downbench.core.errors import UserError

WORKFLOW = Path(__file__).parents[4]
RULE = re.compile(r"^(?:rule|checkpoint|use rule \w+ as) (\w+)", re.MULTILINE)
FRONT_PAGE = "index"


def read_experiments(
    root: Path, file: Path, models: Mapping[str, Model] | None
) -> dict[str, Experiment]:
    """Return every experiment of the YAML file `file` under the project's `root`.

    Parameters
    ----------
    models
        The models of the project; None where they cannot be read, and are not compared.

    Raises
    ------
    UserError
        With every experiment that has a name of a rule or page, or a model, figure or constraint
        that does not exist.
    """
    mistakes = Mistakes()
    entries = yamls.read(root, file)
    experiments = [
        mistakes.of(_experiment, n, entry, models, file) for n, entry in entries.items()
    ]
    mistakes.report()
    return {experiment.name: experiment for experiment in experiments}


@cache
def rule_names() -> frozenset[str]:
    """Return the names of all rules of the workflow, and of the front page."""
    files = [WORKFLOW.parent / "Snakefile", *(WORKFLOW / "rules").glob("*.smk")]
    names = (name for file in files if file.is_file() for name in RULE.findall(file.read_text()))
    return frozenset({*names, FRONT_PAGE})


def _experiment(
    name: str, entry: Any, models: Mapping[str, Model] | None, file: Path
) -> Experiment:
    if name in rule_names():
        raise UserError(
            f"{file}: {name}: a target or page of the workflow has this name: choose another one, "
            f"such as {name}1"
        )
    if not isinstance(entry, dict):
        raise UserError(f"{file}: {name} = {entry!r}: write its keys below it (title, models, …)")
    experiment = checked(Experiment, {"name": name, **entry}, file, name)
    if models is not None:
        _check_models(experiment, models, file)
    for figure in experiment.figures:
        if figure not in figure_modules.known():
            what = unknown("figure", figure, figure_modules.known())
            raise UserError(f"{file}: {name}.figures: {what}")
        figure_modules.describe(figure)
    return experiment


def _check_models(experiment: Experiment, models: Mapping[str, Model], file: Path) -> None:
    name, special = experiment.name, _models_with_a_role(experiment)
    for model in (*experiment.models, *special):
        if model not in models:
            raise UserError(f"{file}: {name}: {unknown('model', model, sorted(models))}")
    for model in special:
        if model not in experiment.models:
            raise UserError(f"{file}: {name}: add '{model}' to {name}.models")
    labels = [models[model].label or model for model in experiment.models]
    repeated = [label for index, label in enumerate(labels) if label in labels[:index]]
    if repeated:
        raise UserError(
            f"{file}: {name}.models: two of them have the label '{repeated[0]}', and figures and "
            "tables could not tell them apart: change `label` in config/models.yaml"
        )
    for pair in experiment.constrained_models:
        physics = models[pair.model].physics
        if physics is None or getattr(physics, pair.method) is None:
            raise UserError(
                f"{file}: {name}.constrained_models: '{pair.model}' has no physics.{pair.method} "
                "in config/models.yaml: name another method, or add that section"
            )


def _models_with_a_role(experiment: Experiment) -> tuple[str, ...]:
    """Return models that an experiment names beside those that it compares."""
    pairs = ((pair.model, pair.unconstrained) for pair in experiment.constrained_models)
    return (
        experiment.reference_model,
        experiment.climatology_model,
        *(name for pair in pairs for name in pair),
        *(experiment.claims.models if experiment.claims else ()),
        *experiment.transferred,
        *filter(None, (experiment.challenger, experiment.rival)),
    )
