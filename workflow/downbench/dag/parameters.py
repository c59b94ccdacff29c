"""Sections of the configuration as parameters of rules.

A rule has the keys that its numbers depend on and no others, so a change of any other key runs
nothing again.
"""

import json
from dataclasses import dataclass

from snakemake.iocontainers import Wildcards

from downbench.core.config.datasets import Dataset
from downbench.core.config.loading import Project
from downbench.core.provenance import canonical
from downbench.dag.experiments import Experiments

OF_CLIMATE_MODELS = ("transferred", "tolerances")
"""Keys of an experiment that only the tables on climate models depend on."""


@dataclass(frozen=True)
class Parameters:
    """Parameter functions of a project; each returns one section as JSON."""

    project: Project

    def training(self, wildcards: Wildcards) -> str:
        """The training budget."""
        return canonical(self.project.budget.training)

    def climate_sampling(self, wildcards: Wildcards) -> str:
        """How much is sampled for a climatology."""
        return canonical(self.project.budget.climate)

    def evaluation(self, wildcards: Wildcards) -> str:
        """Settings of the scores alone: a tolerance of a law scores no ensemble again."""
        return canonical(self.project.evaluation, exclude={"physics", "shift", "redraws"})

    def evaluation_of_laws(self, wildcards: Wildcards) -> str:
        """Settings of the scores with the tolerances of physical laws."""
        return canonical(self.project.evaluation, exclude={"shift", "redraws"})

    def evaluation_of_shift(self, wildcards: Wildcards) -> str:
        """Settings of the scores with those of predictor shift."""
        return canonical(self.project.evaluation, exclude={"physics", "redraws"})

    def region_of_page(self, wildcards: Wildcards) -> str:
        """The region, with the datasets that its page cites."""
        region = json.loads(canonical(self.project.region))
        datasets = [
            {"title": row.title, "terms": self._with_window(row).terms}
            for row in self.project.datasets
        ]
        return json.dumps(region | {"datasets": datasets}, sort_keys=True)

    def _with_window(self, row: Dataset) -> Dataset:
        """Return a dataset with the day that its downloads choose, by variable if several."""
        days: dict[str, list[str]] = {}
        for download in self.project.region.downloads.values():
            if download.dataset == row.dataset:
                days.setdefault(download.window or row.day, []).extend(download.variables)
        if len(days) > 1:
            texts = (f"{day} ({', '.join(dict.fromkeys(names))})" for day, names in days.items())
            return row.model_copy(update={"day": ", ".join(texts)})
        return row.model_copy(update={"day": next(iter(days), row.day)})

    def run(self, wildcards: Wildcards) -> str:
        """Name of the budget, whether it only tries the workflow, and the seed."""
        name, trial = self.project.budget_name, self.project.budget.trial
        return json.dumps({"budget": name, "trial": trial, "seed": self.project.seed})

    def experiment(self, wildcards: Wildcards) -> str:
        """The experiment without what is only displayed."""
        displayed = {"title", "hypothesis", "figures", "labels", "descriptions", "claims"}
        displayed |= {"external", "left_out"}
        view = Experiments(self.project).view(wildcards)
        return canonical(view, exclude={*displayed, *OF_CLIMATE_MODELS})

    def labelled_experiment(self, wildcards: Wildcards) -> str:
        """The experiment with its labels, the same for every figure."""
        absent = {"hypothesis", "figures", "claims", "external", "left_out", "descriptions"}
        view = Experiments(self.project).view(wildcards)
        return canonical(view, exclude={*absent, *OF_CLIMATE_MODELS})

    def experiment_of_page(self, wildcards: Wildcards) -> str:
        """The experiment of a page, with the models of all drivers."""
        return canonical(self.project.view(wildcards.experiment, *self.project.region.trained_on))

    def evaluation_of_page(self, wildcards: Wildcards) -> str:
        """Settings of the scores, if the page has claims about laws."""
        claims = self.project.experiments[wildcards.experiment].claims
        return self.evaluation_of_laws(wildcards) if claims else "{}"
