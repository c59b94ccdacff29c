"""What an experiment consists of: its models, pages, figures and tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from snakemake.iocontainers import Wildcards

from downbench.core.config.experiment.experiment import Experiment
from downbench.core.config.loading import Project
from downbench.dag import paths
from downbench.dag.functions import PathsOf, arguments
from downbench.dag.paths import fill

FIGURE_ENDINGS = ("png", "pdf")


class View(NamedTuple):
    """An experiment with one training driver, and the part of it that takes place there."""

    name: str
    trained_on: str
    experiment: Experiment


@dataclass(frozen=True)
class Experiments:
    """Paths of the experiments of a project.

    Methods with `names` return the paths of these experiments, or of all.
    """

    project: Project

    def views(self, *names: str) -> list[View]:
        """Every experiment with every training driver."""
        return [
            View(name, trained_on, self.project.view(name, trained_on))
            for name in names or self.project.experiments
            for trained_on in self.project.region.trained_on
        ]

    def view(self, wildcards: Wildcards) -> Experiment:
        """Return the experiment of a job, with the models of its training driver."""
        return self.project.view(wildcards.experiment, wildcards.trained_on)

    def pages(self, *names: str) -> list[str]:
        """HTML pages, after them the front page."""
        pages = [self._fill(paths.PAGE, page=name) for name in names or self.project.experiments]
        return [*pages, self._fill(paths.FRONT_PAGE)]

    def figures(self, *names: str) -> list[str]:
        """Figures as PNG and as PDF."""
        return [
            self._fill(
                paths.FIGURE,
                experiment=name,
                trained_on=trained_on,
                figure=figure,
                ending=ending,
            )
            for name, trained_on, experiment in self.views(*names)
            for figure in experiment.figures
            for ending in FIGURE_ENDINGS
        ]

    def comparisons(self, *names: str, split_count: int | None = None) -> list[str]:
        """Comparisons of all models, of the first `split_count` splits or of all."""
        return [
            self._fill(
                paths.COMPARISON,
                experiment=name,
                trained_on=trained_on,
                driver=trained_on,
                split=split,
            )
            for name, trained_on, experiment in self.views(*names)
            for split in experiment.splits[:split_count]
        ]

    def score_tables(self) -> list[str]:
        """Tables of scores, and of laws, of all models of all experiments, for each split."""
        laws = (paths.PHYSICS_TABLE,)
        tables = (
            self._fill(template, trained_on=driver, model=model, driver=driver, split=split)
            for _, driver, experiment in self.views()
            for template in (paths.SCORES, *(laws if experiment.claims else ()))
            for model in experiment.models
            for split in experiment.splits
        )
        return sorted(set(tables))

    def driver_chains(self, *names: str) -> list[str]:
        """Tables of the driver chain, of experiments that apply models to climate models."""
        return [
            self._fill(paths.DRIVER_CHAIN, experiment=name, trained_on=trained_on)
            for name, trained_on, experiment in self.views(*names)
            if experiment.transferred
        ]

    def bundle_checks(self) -> list[str]:
        """Checks of the bundles of all models."""
        return sorted(
            {
                self._fill(paths.BUNDLE_CHECK, trained_on=trained_on, model=model)
                for _, trained_on, experiment in self.views()
                for model in experiment.models
                if self.project.models[model].ensemble is None
            }
        )

    def of_each_model(self, template: str) -> PathsOf:
        """Input function: one file per model, of the experiment's first split if none is named."""

        def files(wildcards: Wildcards) -> list[str]:
            experiment = self.view(wildcards)
            values = {"split": experiment.splits[0], **wildcards}
            return [fill(template, values, model=model) for model in experiment.models]

        return files

    def daily_scores(self, split: str) -> PathsOf:
        """Input function: daily scores of all models, of one split of the training driver."""

        def files(wildcards: Wildcards) -> list[str]:
            return [
                fill(
                    paths.DAILY_SCORES,
                    wildcards,
                    model=model,
                    driver=wildcards.trained_on,
                    split=split,
                )
                for model in self.view(wildcards).models
            ]

        return files

    def of_physics(self, files: PathsOf) -> PathsOf:
        """Input function: these files, if the experiment makes claims about physical laws."""

        def claimed(wildcards: Wildcards) -> list[str]:
            claims = self.project.experiments[wildcards.experiment].claims
            return files(wildcards) if claims else []

        return claimed

    def model_arguments(self, files: Iterable[str], wildcards: Wildcards) -> list[str]:
        """`MODEL=PATH` for one file of each model, in the experiment's order."""
        models = self.view(wildcards).models
        return [f"{model}={path}" for model, path in zip(models, files, strict=False)]

    def physics_argument(self, files: Iterable[str], wildcards: Wildcards) -> str:
        """`--physics MODEL=PATH …`, or nothing if there are no files."""
        return arguments("physics", self.model_arguments(files, wildcards))

    def _fill(self, template: str, **values: str) -> str:
        return fill(template, region=self.project.region.name, **values)
