"""Groups: steps of seconds that share one job of a cluster."""

from collections.abc import Callable
from dataclasses import dataclass

from snakemake.iocontainers import Wildcards

from downbench.core.config.loading import Project
from downbench.dag.models import Models


@dataclass(frozen=True)
class Groups:
    """Group functions of a project: each returns the group's name for the wildcards of a job."""

    project: Project

    def unless(self, is_heavy: Callable[[Wildcards], bool]) -> Callable[[Wildcards], str | None]:
        """Group function: all steps of a model, except those with a network at work."""

        def group(wildcards: Wildcards) -> str | None:
            return None if is_heavy(wildcards) else f"model-{wildcards.model}"

        return group

    def scores(self, wildcards: Wildcards) -> str:
        """Scores of one ensemble: of a network apart, of any other model with all its steps."""
        return f"{'scores' if self._samples(wildcards) else 'model'}-{wildcards.model}"

    def climates(self, wildcards: Wildcards) -> str:
        """Climates and their changes, of a model or of an external run."""
        name = wildcards.get("model") or wildcards.get("pseudo_reality") or wildcards.rcm
        if name not in self.project.models:
            return f"run-{name}"
        return f"climate-{name}" if self._samples(wildcards) else f"model-{name}"

    def stations(self, wildcards: Wildcards) -> str:
        """Station scores: of all networks together, of any other model with all its steps."""
        if wildcards.get("model") and self._samples(wildcards):
            return "stations"
        return self.climates(wildcards)

    def _samples(self, wildcards: Wildcards) -> bool:
        return Models(self.project).samples(wildcards)
