"""Runs of climate models: the drivers of each training driver's chain, and the tables on them."""

from collections.abc import Callable
from dataclasses import dataclass

from snakemake.iocontainers import InputFiles, Wildcards

from downbench.core.config.loading import Project
from downbench.core.config.region.climate_runs import ClimateRun, RunPair
from downbench.core.constants import CLIMATE
from downbench.dag import paths
from downbench.dag.experiments import Experiments
from downbench.dag.functions import ArgumentsOf, PathsOf, arguments, pair_arguments
from downbench.dag.paths import fill

PERIODS = ("historical", "future")
INTERPOLATED = "bilinear"
"""The model that only interpolates: its climate has the raw signal of a run."""
PSEUDO_REALITY = "pseudo-reality"

TablesOf = Callable[[str, str], dict[str, str]]
"""From an experiment and a training driver to paths by `MODEL/DRIVER`."""


@dataclass(frozen=True)
class ClimateRuns:
    """Paths of what is known about the climate model runs of a project."""

    project: Project

    def pairs(self, trained_on: str) -> dict[str, RunPair]:
        """Pairs of runs by name, raw and bias-corrected, for one training driver's models."""
        climate = self.project.region.climate
        return climate.pairs(trained_on) if climate else {}

    def drivers(self, trained_on: str) -> list[str]:
        """Return the training driver, then every run of the past and of the future."""
        runs = [name for pair in self.pairs(trained_on).values() for name in pair.drivers]
        return list(dict.fromkeys([trained_on, *runs]))

    def raw_run(self, name: str) -> ClimateRun:
        """Return a run by the name of its pair, raw or bias-corrected."""
        return self.project.region.climate.runs[name.removesuffix("-corrected")]

    @property
    def external(self) -> dict[str, str]:
        """Kind by name of the runs that no model here has sampled: RCMs and pseudo-reality."""
        region = self.project.region
        rcms = [name for name, rcm in region.rcms.items() if rcm.future]
        return {
            **{f"{PSEUDO_REALITY}-{name}": PSEUDO_REALITY for name in region.pseudo_reality_runs},
            **dict.fromkeys(rcms, "rcm"),
        }

    @property
    def pseudo_reality(self) -> list[str]:
        """Names of the pseudo-reality runs."""
        return [name for name, kind in self.external.items() if kind == PSEUDO_REALITY]

    def models(self, experiment: str, trained_on: str) -> tuple[str, ...]:
        """Models of an experiment that are applied to climate models."""
        return self.project.view(experiment, trained_on).transferred

    def climates(self, experiment: str, trained_on: str) -> dict[str, str]:
        """Climate tables by `MODEL/DRIVER`."""
        tables = {
            f"{model}/{driver}": self._fill(
                paths.CLIMATE_TABLE, trained_on=trained_on, model=model, driver=driver
            )
            for model in self.models(experiment, trained_on)
            for driver in self.drivers(trained_on)
        }
        external = {
            f"{run}/{run}-{period}": self._fill(
                paths.EXTERNAL_TABLE, kind=kind, run=run, period=period
            )
            for run, kind in self.external.items()
            for period in PERIODS
        }
        return tables | external

    def historical_fields(self, experiment: str, trained_on: str) -> dict[str, str]:
        """Climates of the training driver and of historical runs by `MODEL/DRIVER`."""
        historical = [pair.historical for pair in self.pairs(trained_on).values()]
        return {
            f"{model}/{driver}": self._fill(
                paths.CLIMATE_FIELDS, trained_on=trained_on, model=model, driver=driver
            )
            for model in self.models(experiment, trained_on)
            for driver in [trained_on, *historical]
        }

    def changes(self, experiment: str, trained_on: str) -> dict[str, str]:
        """Tables of climate change by `MODEL/RUN`."""
        models = self.models(experiment, trained_on)
        rows = [(model, run) for model in models for run in self.pairs(trained_on)]
        rows += [(run, run) for run in self.external]
        return {
            f"{model}/{run}": self._fill(
                paths.CHANGE_TABLE, trained_on=trained_on, model=model, run=run
            )
            for model, run in rows
        }

    def shifts(self, experiment: str, trained_on: str) -> dict[str, str]:
        """Tables of predictor shift by `driver/NAME`."""
        if not self.project.experiments[experiment].transferred:
            return {}
        return {
            f"driver/{driver}": self._fill(paths.SHIFT_TABLE, trained_on=trained_on, driver=driver)
            for driver in self.drivers(trained_on)
        }

    def warmings(self) -> list[str]:
        """Heavy rain over warming, of models with claims about laws that may run freely."""
        tables = set()
        for _, trained_on, experiment in Experiments(self.project).views():
            warms = {"rain", "temperature"} <= self.project.region.offers(trained_on)
            models = experiment.models if experiment.claims and warms else ()
            free = [m for m in models if self.project.may_run_freely(m, trained_on)]
            for model in free:
                for pair in self.pairs(trained_on).values():
                    tables.add(
                        self._fill(
                            paths.WARMING,
                            trained_on=trained_on,
                            model=model,
                            before=pair.historical,
                            start=CLIMATE,
                            driver=pair.future,
                            split=CLIMATE,
                        )
                    )
        return sorted(tables)

    def fields(self, period: str) -> Callable[[Wildcards], str]:
        """Input function: climate of one model under one period of a pair of runs."""

        def path(wildcards: Wildcards) -> str:
            run = wildcards.run
            if run in self.external:
                external = {"kind": self.external[run], "run": run}
                return self._fill(paths.EXTERNAL_FIELDS, **external, period=period)
            driver = getattr(self.pairs(wildcards.trained_on)[run], period)
            return fill(paths.CLIMATE_FIELDS, wildcards, driver=driver)

        return path

    def raw_fields(self, period: str) -> Callable[[Wildcards], str | list[str]]:
        """Input function: climate of the raw run, interpolated; an RCM has no raw run here."""

        def path(wildcards: Wildcards) -> str | list[str]:
            if self.external.get(wildcards.run) == "rcm":
                return []
            run = self.raw_run(wildcards.run.removeprefix(f"{PSEUDO_REALITY}-"))
            return fill(
                paths.CLIMATE_FIELDS, wildcards, model=INTERPOLATED, driver=getattr(run, period)
            )

        return path

    def simulation(self, wildcards: Wildcards) -> str:
        """Parameter function: the raw run whose weather a pseudo-reality run has."""
        run = self.raw_run(wildcards.pseudo_reality.removeprefix(f"{PSEUDO_REALITY}-"))
        return getattr(run, wildcards.period)

    def bias_removed_percent(self, wildcards: Wildcards) -> float:
        """Parameter function: the tolerance that is applied to bootstrap replicates."""
        view = self.project.view(wildcards.experiment, wildcards.trained_on)
        return view.tolerances.bias_removed_percent

    def _fill(self, template: str, **values: str) -> str:
        return fill(template, region=self.project.region.name, **values)

    @staticmethod
    def raw_arguments(wildcards: Wildcards, input: InputFiles) -> str:
        """Parameter function: the climate of the raw run, if there is one."""
        historical, future = input.get("raw_historical"), input.get("raw_future")
        runs = {"raw-historical": historical, "raw-future": future} if historical else {}
        return " ".join(arguments(flag, [path]) for flag, path in runs.items())

    @staticmethod
    def gathered(tables: TablesOf) -> PathsOf:
        """Input function: all tables of one part of the driver chain."""
        return lambda wildcards: list(tables(wildcards.experiment, wildcards.trained_on).values())

    @staticmethod
    def gathered_arguments(part: str, tables: TablesOf) -> ArgumentsOf:
        """Parameter function: `--part MODEL/DRIVER=PATH …`, in the order of `gathered`."""

        def text(wildcards: Wildcards, input: InputFiles) -> str:
            names = tables(wildcards.experiment, wildcards.trained_on)
            return pair_arguments(part, names, input.get(part, []))

        return text
