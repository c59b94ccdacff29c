"""What bundles and ensembles have to say of themselves: the plan of the project, as JSON."""

import json
from dataclasses import dataclass
from typing import Any

from snakemake.iocontainers import Wildcards

from downbench.core.config.loading import Project
from downbench.core.config.model.model import NOT_NUMBERS
from downbench.core.constants import PERFECT
from downbench.dag.climate_runs import CLIMATE

ELSEWHERE = {"name", "bases", "shares_weights_with"}
"""Keys of a model for which a bundle that was trained elsewhere has its own values."""


@dataclass(frozen=True)
class Expected:
    """Parameter functions of a project; see `exchange.expected_bundle`, `core.expected_data`."""

    project: Project

    def bundle(self, wildcards: Wildcards) -> str:
        """Keys of `model.json` of a model's bundle."""
        return json.dumps(self._bundle(wildcards.model, wildcards.trained_on))

    def bases(self, wildcards: Wildcards) -> str:
        """Keys of `model.json` of each base of a model, by its role."""
        parents = self.project.models[wildcards.model].parents
        return json.dumps(
            {role: self._bundle(name, wildcards.trained_on) for role, name in parents.items()}
        )

    def oracle(self, wildcards: Wildcards) -> str:
        """Keys of `model.json` of the oracle."""
        return json.dumps(self._bundle(self.project.oracle, PERFECT))

    def ensemble(self, wildcards: Wildcards) -> str:
        """Attributes of the ensemble of a model; without a split it is one for a climatology."""
        return json.dumps(self._ensemble(**{"split": CLIMATE, **wildcards}))

    def reused_samples(self, wildcards: Wildcards) -> str:
        """Attributes of the ensemble of another model that this one only constrains."""
        model = self.project.reuses_samples_of(wildcards.model)
        return json.dumps(self._ensemble(**{**wildcards, "model": model}) if model else {})

    def periods(self, wildcards: Wildcards) -> str:
        """Attributes of the ensembles of two periods."""
        earlier = {"driver": wildcards.before, "split": wildcards.start}
        return json.dumps(
            {
                "earlier": self._ensemble(**{**wildcards, **earlier}),
                "later": self._ensemble(**wildcards),
            }
        )

    def pseudo_reality(self, wildcards: Wildcards) -> str:
        """Attributes of a pseudo-reality run."""
        driver = f"{wildcards.pseudo_reality}-{wildcards.period}"
        return json.dumps({"driver": driver, **self._region()})

    def regional_model(self, wildcards: Wildcards) -> str:
        """Attributes of a run of a regional model, which may lack variables."""
        values = {"model": wildcards.rcm, "period": wildcards.get("period", "historical")}
        return json.dumps({**values, "region": self.project.region.name})

    def daily(self, wildcards: Wildcards) -> str:
        """Attributes that the daily files of all models of a comparison have."""
        values = {"driver": wildcards.trained_on, **wildcards}
        names = [name for name in ("trained_on", "driver", "split") if name in values]
        return json.dumps({**{n: values[n] for n in names}, **self._run()})

    def _bundle(self, name: str, trained_on: str) -> dict[str, Any]:
        project, splits = self.project, self.project.region.splits
        model = project.models[name]
        place = {"trained_on": trained_on, "region": project.region.name}
        fit_years = [*splits.train, *splits.validation]
        if model.bundle is not None:
            # Models that start from it state the fit years of this region as their own (T9).
            is_parent = any(name in child.parents.values() for child in project.models.values())
            years = {"fit_years": fit_years} if is_parent else {}
            section = model.model_dump(mode="json", exclude=NOT_NUMBERS | ELSEWHERE)
            return {"model": section, **years, **place}
        return {
            "model": model.model_dump(mode="json", exclude=NOT_NUMBERS),
            "training": project.budget.training.model_dump(mode="json"),
            "fit_years": fit_years,
            "seed": project.seed,
            **place,
        }

    def _ensemble(
        self, model: str, trained_on: str, driver: str, split: str, **further: str
    ) -> dict[str, Any]:
        values = {"model": model, "trained_on": trained_on, "driver": driver, "split": split}
        return {**values, **self._run(), **self._region()}

    def _run(self) -> dict[str, Any]:
        return {"seed": self.project.seed, "region": self.project.region.name}

    def _region(self) -> dict[str, Any]:
        region = self.project.region
        return {"region": region.name, "variables": list(region.targets)}
