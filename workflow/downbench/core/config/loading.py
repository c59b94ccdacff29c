"""Reads the whole configuration and checks that its parts fit together."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from downbench.core import figure_modules
from downbench.core.config import yamls
from downbench.core.config.dask_cluster import Dask
from downbench.core.config.evaluation import Evaluation
from downbench.core.config.experiment.experiment import Experiment
from downbench.core.config.messages import checked, unknown
from downbench.core.config.model.catalogue import read_models
from downbench.core.config.model.model import Model
from downbench.core.config.model.options import NetworkOptions
from downbench.core.config.model.resources import BudgetWithResources
from downbench.core.config.region.input_files import reads_files, require_files
from downbench.core.config.region.region import Region
from downbench.core.config.region.split_check import require_splits
from downbench.core.config.run_settings import Settings
from downbench.core.errors import UserError

DEFAULT = Path("config/default.yaml")
MODELS = Path("config/models.yaml")
EXPERIMENTS = Path("config/experiments.yaml")
REGIONS = Path("config/regions")


@dataclass(frozen=True)
class Project:
    """Everything a run is made of, checked."""

    region: Region
    budget: BudgetWithResources
    budget_name: str
    seed: int
    results_dir: str
    dask: Dask
    evaluation: Evaluation
    models: dict[str, Model]
    experiments: dict[str, Experiment]

    def takes_part(self, model: str, trained_on: str) -> bool:
        """Return whether a model makes sense for this region and training driver.

        Its key `requires` may exclude it, and forced block means need those of the target.
        """
        requires = self.models[model].requires
        driver_type = self.region.drivers[trained_on].type
        if self.models[model].is_constrained and driver_type != "perfect":
            return False
        if requires.known_distribution and not self.region.target.known_distribution:
            return False
        return requires.driver_type in (None, driver_type)

    def may_run_freely(self, model: str) -> bool:
        """Whether a model accepts a free-running driver, which has its own block means."""
        section = self.models[model]
        return section.requires.driver_type is None and not section.is_constrained

    @property
    def oracle(self) -> str:
        """The model that knows the distribution of the target; empty where none is listed."""
        return next((n for n, model in self.models.items() if model.family == "oracle"), "")

    def reuses_samples_of(self, model: str) -> str | None:
        """Return the model whose samples this one only constrains, if there is one."""
        section = self.models[model]
        if (
            section.shares_weights_with is None
            or section.physics is None
            or section.physics.guidance is not None
        ):
            return None
        unconstrained = self.models[section.shares_weights_with]
        same = section.options == unconstrained.options and unconstrained.physics is None
        return section.shares_weights_with if same else None

    def view(self, experiment: str, *trained_on: str) -> Experiment:
        """Return the experiment with the models that take part, their labels, and its figures."""
        section = self.experiments[experiment]
        names = tuple(n for n in section.models if any(self.takes_part(n, d) for d in trained_on))
        offered = frozenset().union(*(self.region.offers(driver) for driver in trained_on))
        return section.model_copy(
            update={
                "models": names,
                "labels": {name: self.models[name].label or name for name in names},
                "figures": tuple(f for f in section.figures if figure_modules.needs(f) <= offered),
                "constrained_models": tuple(
                    pair
                    for pair in section.constrained_models
                    if {pair.model, pair.unconstrained} <= set(names)
                ),
                "transferred": tuple(
                    n for n in names if n in section.transferred and self.may_run_freely(n)
                ),
            }
        )


def load(overrides: Mapping[str, Any], root: Path) -> Project:
    """Return the configuration under `root`, with `overrides` (of `--config`) over default.yaml.

    Raises
    ------
    UserError
        With file, key, value and fix of every mistake in one file.
    """
    defaults = yamls.read(root, DEFAULT)
    origin = Path(f"{DEFAULT} or --config") if overrides else DEFAULT
    settings = checked(Settings, yamls.merged(defaults, dict(overrides)), origin)
    if settings.budget not in settings.budgets:
        raise UserError(
            f"{origin}: {unknown('budget', settings.budget, sorted(settings.budgets))}"
        )
    models = read_models(root, MODELS)
    _check_patience(settings.budgets, models, origin)
    region = _region(settings, root, origin)
    experiments = _experiments(root, models, region)
    scored = [(name, split) for name, e in experiments.items() for split in e.splits]
    require_splits(region, scored, REGIONS / f"{region.name}.yaml")
    return Project(
        region=region,
        budget=settings.budgets[settings.budget],
        budget_name=settings.budget,
        seed=settings.seed,
        results_dir=settings.results_dir,
        dask=settings.dask,
        evaluation=settings.evaluation,
        models=models,
        experiments=experiments,
    )


def _check_patience(
    budgets: Mapping[str, BudgetWithResources], models: Mapping[str, Model], origin: Path
) -> None:
    """Refuse a patience that no training is long enough for: it would never stop one."""
    options = (model.options for model in models.values())
    shortest = min(part.samples_share for part in options if isinstance(part, NetworkOptions))
    for name, budget in budgets.items():
        training, validations = budget.training, budget.training.validations(shortest)
        if training.patience_validations >= validations:
            raise UserError(
                f"{origin}: budgets.{name}.training.patience_validations = "
                f"{training.patience_validations} can never stop a training of {validations} "
                f"validations (samples_share {shortest:g}): take {validations - 1} or less, or "
                "validate more often"
            )


def _region(settings: Settings, root: Path, origin: Path) -> Region:
    names = sorted(path.stem for path in (root / REGIONS).glob("*.yaml"))
    if settings.region not in names:
        raise UserError(
            f"{origin}: {unknown('region', settings.region, names)}, "
            f"or add {REGIONS / settings.region}.yaml"
        )
    file = REGIONS / f"{settings.region}.yaml"
    entry = yamls.read(root, file)
    region = checked(Region, entry, file)
    if region.name != settings.region:
        raise UserError(
            f"{file}: name = {region.name!r}: call it '{settings.region}', as its file"
        )
    if not region.trained_on:
        raise UserError(f"{file}: trained_on is missing: list at least one of the drivers")
    if not reads_files(region):
        return region
    placed = region.model_copy(update={"data_dir": _from_here(settings.data_dir, root)})
    require_files(placed, file, root)
    return placed


def _from_here(folder: str, root: Path) -> str:
    """Return a folder below the project's root relative to the working directory."""
    path = Path(folder).expanduser()
    return str(path) if path.is_absolute() else os.path.relpath(root / path)


def _experiments(root: Path, models: dict[str, Model], region: Region) -> dict[str, Experiment]:
    """Return the experiments of the region: those about climate models need climate runs."""
    entries = yamls.read(root, EXPERIMENTS)
    experiments = (_experiment(name, entry, models) for name, entry in entries.items())
    return {e.name: e for e in experiments if region.climate or not e.transferred}


def _experiment(name: str, entry: Any, models: dict[str, Model]) -> Experiment:
    if not isinstance(entry, dict):
        raise UserError(
            f"{EXPERIMENTS}: {name} = {entry!r}: write its keys below it (title, models, …)"
        )
    experiment = checked(Experiment, {"name": name, **entry}, EXPERIMENTS, name)
    special = (experiment.reference_model, experiment.climatology_model)
    special += tuple(
        n for pair in experiment.constrained_models for n in (pair.model, pair.unconstrained)
    )
    special += experiment.claims.models if experiment.claims else ()
    special += experiment.transferred
    special += tuple(filter(None, (experiment.challenger, experiment.rival)))
    for model in (*experiment.models, *special):
        if model not in models:
            raise UserError(f"{EXPERIMENTS}: {name}: {unknown('model', model, sorted(models))}")
    for model in special:
        if model not in experiment.models:
            raise UserError(f"{EXPERIMENTS}: {name}: add '{model}' to {name}.models")
    figures = figure_modules.known()
    for figure in experiment.figures:
        if figure not in figures:
            raise UserError(f"{EXPERIMENTS}: {name}.figures: {unknown('figure', figure, figures)}")
    _check_constrained(experiment, models)
    return experiment


def _check_constrained(experiment: Experiment, models: dict[str, Model]) -> None:
    for pair in experiment.constrained_models:
        physics = models[pair.model].physics
        if physics is None or getattr(physics, pair.method) is None:
            raise UserError(
                f"{EXPERIMENTS}: {experiment.name}.constrained_models: '{pair.model}' has no "
                f"physics.{pair.method} in {MODELS}: name another method, or add that section"
            )
