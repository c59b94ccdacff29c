"""Exact log densities of the target: which models have them."""

from dataclasses import dataclass

from snakemake.iocontainers import InputFiles, Wildcards

from downbench.core.config.loading import Project
from downbench.dag import paths
from downbench.dag.functions import arguments
from downbench.dag.paths import fill


@dataclass(frozen=True)
class Densities:
    """Input and parameter functions about log densities of single cells."""

    project: Project

    def is_known(self, name: str) -> bool:
        """Whether a model has the exact density of single cells in this region."""
        model, target = self.project.models[name], self.project.region.target
        is_of_region = model.requires.known_distribution
        return model.has_cell_density and (not is_of_region or target.known_cell_density)

    def file(self, wildcards: Wildcards) -> str | list[str]:
        """Input function: the log density of a model that has one."""
        return fill(paths.LOG_DENSITY, wildcards) if self.is_known(wildcards.model) else []

    @staticmethod
    def argument(wildcards: Wildcards, input: InputFiles) -> str:
        """Parameter function: the argument that names the log density."""
        return arguments("log-density", [input.density] if input.density else [])
