"""Other outcomes of the scored days: where there are such, and how many."""

from dataclasses import dataclass

from snakemake.iocontainers import InputFiles, Wildcards

from downbench.core.config.loading import Project
from downbench.core.config.model.model import NOT_NUMBERS
from downbench.core.constants import PERFECT
from downbench.core.provenance import canonical, code_version
from downbench.dag import paths
from downbench.dag.functions import arguments
from downbench.dag.paths import fill


@dataclass(frozen=True)
class Redraws:
    """Input and parameter functions about outcomes from the known distribution of the target."""

    project: Project

    @property
    def are_known(self) -> bool:
        """Is the distribution of the target known, and are outcomes of it asked for?"""
        has_oracle = self.project.region.target.known_distribution and bool(self.project.oracle)
        return has_oracle and self.project.evaluation.redraws > 0

    def store(self, wildcards: Wildcards) -> str | list[str]:
        """Input function: the outcomes, for ensembles of the perfect driver."""
        has_outcomes = self.are_known and wildcards.driver == PERFECT
        return fill(paths.REDRAWS, wildcards) if has_outcomes else []

    def oracle(self, wildcards: Wildcards) -> str:
        """Parameter function: the model that knows the distribution, as JSON."""
        return canonical(self.project.models[self.project.oracle], exclude=NOT_NUMBERS)

    def code(self, wildcards: Wildcards) -> str:
        """Parameter function: fingerprint of the step and of the oracle."""
        modules = self.project.models[self.project.oracle].modules
        return code_version("downbench.steps.sample_reference", *modules)

    def sampling(self, wildcards: Wildcards) -> str:
        """Parameter function: which days are sampled, and how many outcomes of each."""
        days = self.project.budget.sampling
        days = days.model_copy(update={"members": self.project.evaluation.redraws})
        return canonical(days, exclude={"sampler", "sampler_steps"})

    @staticmethod
    def argument(wildcards: Wildcards, input: InputFiles) -> str:
        """Parameter function: the argument that names the outcomes."""
        return arguments("redraws", [input.redraws] if input.redraws else [])
