"""Reads the whole configuration and checks that its parts fit together."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from downbench.core import figure_modules
from downbench.core.config import yamls
from downbench.core.config.cross_checks import check_budgets, check_claims, check_region
from downbench.core.config.dask_cluster import Dask
from downbench.core.config.datasets import Dataset
from downbench.core.config.evaluation import Evaluation
from downbench.core.config.experiment.catalogue import read_experiments
from downbench.core.config.experiment.experiment import Experiment
from downbench.core.config.messages import Mistakes, checked, unknown
from downbench.core.config.model import external_ensemble
from downbench.core.config.model.catalogue import read_models
from downbench.core.config.model.model import Model
from downbench.core.config.model.resources import BudgetWithResources
from downbench.core.config.region.region import Region
from downbench.core.config.region.region_file import (
    REGIONS,
    from_here,
    listed_datasets,
    read_region,
)
from downbench.core.config.region.split_check import require_splits
from downbench.core.config.run_settings import Settings
from downbench.core.constants import CLIMATE
from downbench.core.errors import UserError

DEFAULT = Path("config/default.yaml")
MODELS = Path("config/models.yaml")
EXPERIMENTS = Path("config/experiments.yaml")
LEAST_TRAINING_YEARS = 2
"""Of experiments with climate models."""


@dataclass(frozen=True)
class Project:
    """Everything a run is made of, checked."""

    region: Region
    budget: BudgetWithResources
    budget_name: str
    seed: int
    results_dir: str
    download_dir: str
    dask: Dask
    evaluation: Evaluation
    models: dict[str, Model]
    experiments: dict[str, Experiment]
    datasets: tuple[Dataset, ...]
    """What the region is made from, as far as config/datasets.csv lists it."""
    left_out: dict[str, str]
    """Experiments that the region cannot have, and what it lacks."""

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

    def lacks_samples(self, model: str, experiment: str, trained_on: str) -> str | None:
        """Return why an ensemble that was made elsewhere has not what an experiment scores."""
        section = self.models[model]
        if section.ensemble is None:
            return None
        splits = self.experiments[experiment].splits
        place = {"region": self.region.name, "trained_on": trained_on, "driver": trained_on}
        return external_ensemble.absence(section.ensemble, section.options, splits, **place)

    def lacks_runs(self, model: str, trained_on: str) -> str | None:
        """Return why an ensemble that was made elsewhere has not all runs of climate models."""
        section, climate = self.models[model], self.region.climate
        if section.ensemble is None or climate is None:
            return None
        pairs = climate.pairs(trained_on).values()
        drivers = [trained_on, *(name for pair in pairs for name in pair.drivers)]
        place = {"region": self.region.name, "trained_on": trained_on}
        reasons = (
            external_ensemble.absence(
                section.ensemble, section.options, [CLIMATE], **place, driver=driver
            )
            for driver in drivers
        )
        return next(filter(None, reasons), None)

    def may_run_freely(self, model: str, trained_on: str) -> bool:
        """Whether a model accepts a free-running driver, which has its own block means."""
        section = self.models[model]
        accepts = section.requires.driver_type is None and not section.is_constrained
        return accepts and self.lacks_runs(model, trained_on) is None

    @property
    def oracle(self) -> str:
        """The model that knows the distribution of the target; empty where none is listed."""
        return next((n for n, model in self.models.items() if model.family == "oracle"), "")

    def reuses_samples_of(self, model: str) -> str | None:
        """Return the model whose samples this one only constrains, if there is one."""
        section = self.models[model]
        if (
            section.bundle is not None
            or section.shares_weights_with is None
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
        absences = {
            (n, d): self.lacks_samples(n, experiment, d)
            for n in section.models
            for d in trained_on
        }
        names = tuple(
            n
            for n in section.models
            if any(self.takes_part(n, d) and absences[n, d] is None for d in trained_on)
        )
        offered = frozenset().union(*(self.region.offers(driver) for driver in trained_on))
        return section.model_copy(
            update={
                "models": names,
                "labels": {name: self.models[name].label or name for name in names},
                "descriptions": {
                    name: text for name in names if (text := self.models[name].description)
                },
                "external": tuple(n for n in names if self.models[n].ensemble is not None),
                "left_out": {
                    f"{self.models[n].label or n}, {d}": reason
                    for (n, d), reason in absences.items()
                    if reason is not None
                }
                | {
                    f"{self.models[n].label or n} under climate models, {d}": reason
                    for n in section.transferred
                    for d in trained_on
                    if n in names and (reason := self.lacks_runs(n, d))
                },
                "figures": tuple(f for f in section.figures if figure_modules.needs(f) <= offered),
                "constrained_models": tuple(
                    pair
                    for pair in section.constrained_models
                    if {pair.model, pair.unconstrained} <= set(names)
                ),
                "transferred": tuple(
                    n
                    for n in names
                    if n in section.transferred
                    and any(self.may_run_freely(n, driver) for driver in trained_on)
                ),
            }
        )


def load(overrides: Mapping[str, Any], root: Path) -> Project:
    """Return the configuration under `root`, with `overrides` (of `--config`) over default.yaml.

    Raises
    ------
    UserError
        With file, key, value and fix of every mistake in any of the files.
    """
    origin = Path(f"{DEFAULT} or --config") if overrides else DEFAULT
    mistakes = Mistakes()
    settings = mistakes.of(_settings, overrides, root, origin)
    models = mistakes.of(read_models, root, MODELS)
    experiments = mistakes.of(read_experiments, root, EXPERIMENTS, models)
    region = None
    if settings is not None:
        mistakes.of(check_budgets, settings, models, origin)
        mistakes.of(check_claims, experiments or {}, settings.evaluation, EXPERIMENTS)
        region = mistakes.of(read_region, settings, root, origin)
    datasets = None
    if region is not None:
        datasets = mistakes.of(listed_datasets, region, root)
        mistakes.of(check_region, region, settings.budgets[settings.budget], models, origin)
        mistakes.of(require_splits, region, REGIONS / f"{region.name}.yaml")
    mistakes.report()
    project = Project(
        region=region,
        budget=settings.budgets[settings.budget],
        budget_name=settings.budget,
        seed=settings.seed,
        results_dir=settings.results_dir,
        download_dir=from_here(settings.download_dir, root),
        dask=settings.dask,
        evaluation=settings.evaluation,
        models=models,
        experiments=experiments,
        datasets=datasets,
        left_out={},
    )
    lacking = {name: text for name in experiments if (text := _absent(project, name))}
    offered = {name: part for name, part in experiments.items() if name not in lacking}
    return replace(project, experiments=offered, left_out=lacking)


def _absent(project: Project, name: str) -> str:
    """Return what the region lacks of what an experiment needs; empty where it has all."""
    experiment, region = project.experiments[name], project.region
    if experiment.transferred and region.climate is None:
        return "climate.runs (`transferred` names models for climate models)"
    if not region.splits.warm and (experiment.transferred or "warm" in experiment.splits):
        return "splits.warm (the experiment scores the split `warm`)"
    if experiment.transferred and len(region.splits.train) < LEAST_TRAINING_YEARS:
        return "second year in splits.train (shifts of drivers are held against those of years)"
    for driver in region.trained_on:
        if not any(project.takes_part(model, driver) for model in experiment.models):
            return f"model of the experiment that can be trained on '{driver}' (see `requires`)"
    return ""


def _settings(overrides: Mapping[str, Any], root: Path, origin: Path) -> Settings:
    defaults = yamls.read(root, DEFAULT)
    settings = checked(Settings, yamls.merged(defaults, dict(overrides)), origin)
    if settings.budget not in settings.budgets:
        raise UserError(
            f"{origin}: {unknown('budget', settings.budget, sorted(settings.budgets))}"
        )
    return settings
