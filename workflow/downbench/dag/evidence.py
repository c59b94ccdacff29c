"""Evidence of figures and pages: the files that a step gathers, and the manifest that lists them.

Evidence is `{kind: {key: path}}`. A rule declares the paths as inputs, one name for each kind, and
passes keys and paths to the step as one JSON object. A new kind is one more entry here.
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from snakemake.iocontainers import InputFiles, Wildcards

from downbench.core import figure_modules
from downbench.core.config.loading import Project
from downbench.core.errors import UserError
from downbench.core.provenance import code_version
from downbench.dag import paths
from downbench.dag.climate_runs import ClimateRuns, TablesOf
from downbench.dag.experiments import Experiments
from downbench.dag.functions import ArgumentsOf
from downbench.dag.paths import fill
from downbench.dag.stations import StationScores

PathsByKind = Mapping[str, Mapping[str, str]]
"""Paths by kind of evidence and key."""
EvidenceOf = Callable[[Wildcards], PathsByKind]
"""From the wildcards of a job to its evidence."""
LONGEST_BYTES = 120_000
"""Linux takes 128 KiB for one argument, and the command of a job is one."""
DOCS = Path(__file__).parents[3] / "docs"


@dataclass(frozen=True)
class ExperimentEvidence:
    """Evidence of the experiments of a project."""

    project: Project

    def figure(self, wildcards: Wildcards) -> PathsByKind:
        """Evidence of a figure: results of one experiment with one training driver."""
        name, trained_on = wildcards.experiment, wildcards.trained_on
        runs, stations = ClimateRuns(self.project), StationScores(self.project)
        shows_stations = "stations" in figure_modules.needs(wildcards.figure)
        return {
            "comparison": self._comparisons(name, trained_on),
            "scores": self._by_model(paths.SCORES, name, trained_on),
            "maps": self._by_model(paths.EXAMPLE_DAYS, name, trained_on),
            "physics": self._physics(name, trained_on),
            "driver_chain": self._driver_chains(name, trained_on),
            "stations": stations.values(name, trained_on) if shows_stations else {},
            "climate": self._fields(runs.climates, name, trained_on),
            "change": self._fields(runs.changes, name, trained_on),
        }

    def page(self, wildcards: Wildcards) -> PathsByKind:
        """Evidence of a page: tables and figures of one experiment with all training drivers."""
        name, drivers = wildcards.experiment, self.project.region.trained_on
        physics = {driver: list(self._physics(name, driver).values()) for driver in drivers}
        return {
            "comparison": self._comparisons(name, *drivers),
            "figures": self._figures(name),
            # Which laws could be checked is the same for all models.
            "physics": {driver: files[0] for driver, files in physics.items() if files},
            "driver_chain": self._driver_chains(name, *drivers),
            "rule_graph": _rule_graph(name),
        }

    def summary(self, wildcards: Wildcards) -> PathsByKind:
        """Evidence of a summary: tables of one experiment with all training drivers."""
        page = self.page(wildcards)
        return {kind: page[kind] for kind in ("comparison", "driver_chain")}

    def page_code(self, wildcards: Wildcards) -> str:
        """Fingerprint of a page: the step, and the kinds of experiment that can apply to it."""
        return self._code("write_report", wildcards.experiment)

    def summary_code(self, wildcards: Wildcards) -> str:
        """Fingerprint of a summary, as that of a page."""
        return self._code("summarise_experiment", wildcards.experiment)

    def _code(self, step: str, name: str) -> str:
        experiment = self.project.experiments[name]
        applicable = {
            "climate_models": experiment.transferred,
            "physics": experiment.claims,
            "skill": True,
        }
        kinds = (kind for kind, is_applicable in applicable.items() if is_applicable)
        modules = (f"downbench.experiments.{kind}" for kind in kinds)
        return code_version(f"downbench.steps.{step}", *modules, wording=True)

    def _comparisons(self, name: str, *drivers: str) -> dict[str, str]:
        """Comparisons of the split that figures and pages show, by training driver."""
        values = {"experiment": name, "split": self.project.experiments[name].splits[0]}
        return {
            driver: self._fill(paths.COMPARISON, **values, trained_on=driver, driver=driver)
            for driver in drivers
        }

    def _by_model(self, template: str, name: str, trained_on: str) -> dict[str, str]:
        view = self.project.view(name, trained_on)
        values = {"trained_on": trained_on, "driver": trained_on, "split": view.splits[0]}
        return {model: self._fill(template, **values, model=model) for model in view.models}

    def _physics(self, name: str, trained_on: str) -> dict[str, str]:
        """Maps of violations, if the experiment makes claims about physical laws, by model."""
        claims = self.project.experiments[name].claims
        return self._by_model(paths.PHYSICS_MAPS, name, trained_on) if claims else {}

    def _driver_chains(self, name: str, *drivers: str) -> dict[str, str]:
        """Tables of the driver chain, if models are applied to climate models."""
        return {
            driver: self._fill(paths.DRIVER_CHAIN, experiment=name, trained_on=driver)
            for driver in drivers
            if self.project.view(name, driver).transferred
        }

    def _fields(self, tables: TablesOf, name: str, trained_on: str) -> dict[str, str]:
        """NetCDF files of the same names as these tables about climate models."""
        if not self.project.experiments[name].transferred:
            return {}
        return {
            key: str(Path(path).with_suffix(".nc"))
            for key, path in tables(name, trained_on).items()
        }

    def _figures(self, name: str) -> dict[str, str]:
        """PNG files by `TRAINED_ON/FIGURE`."""
        return {
            f"{trained_on}/{figure}": self._fill(
                paths.FIGURE, experiment=name, trained_on=trained_on, figure=figure, ending="png"
            )
            for _, trained_on, view in Experiments(self.project).views(name)
            for figure in view.figures
        }

    def _fill(self, template: str, **values: str) -> str:
        return fill(template, region=self.project.region.name, **values)


def evidence_files(evidence: EvidenceOf) -> Callable[[Wildcards], dict[str, list[str]]]:
    """Input function for `unpack`: the paths of each kind that has any."""

    def paths_of(wildcards: Wildcards) -> dict[str, list[str]]:
        return {kind: list(keys.values()) for kind, keys in evidence(wildcards).items() if keys}

    return paths_of


def manifest(evidence: EvidenceOf) -> ArgumentsOf:
    """Parameter function: keys and paths of all input files of a job as JSON.

    Keys keep their order, which figures and tables follow. The paths are those of the job, so
    that path variables such as `<results>` are filled in.
    """

    def text(wildcards: Wildcards, input: InputFiles) -> str:
        kinds = {kind: list(keys) for kind, keys in evidence(wildcards).items() if keys}
        paths_by_key = {
            kind: dict(zip(keys, input[kind], strict=True)) for kind, keys in kinds.items()
        }
        return _checked(json.dumps(paths_by_key, separators=(",", ":")))

    return text


def figure_code(wildcards: Wildcards) -> str:
    """Parameter function: fingerprint of a figure's module and of the step that calls it."""
    module = figure_modules.describe(wildcards.figure).module
    return code_version("downbench.steps.draw_figure", f"downbench.plots.figures.{module}")


def _rule_graph(name: str) -> dict[str, str]:
    """The committed picture of an experiment's rules, if there is one."""
    picture = DOCS / f"{name}-dag.svg"
    return {name: os.path.relpath(picture)} if picture.is_file() else {}


def _checked(text: str) -> str:
    size = len(text.encode())
    if size > LONGEST_BYTES:
        raise UserError(
            f"the files of one step take {size} bytes to list, more than {LONGEST_BYTES}: "
            "split the experiment into several in config/experiments.yaml"
        )
    return text
