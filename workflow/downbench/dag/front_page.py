"""The front page of a region: which experiments it shows."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from snakemake.iocontainers import Wildcards
from snakemake.ioflags import before_update

from downbench.core.config.loading import Project
from downbench.dag import paths

RESULTS = "<results>"


@dataclass(frozen=True)
class FrontPage:
    """Experiments on the front page: those that are asked for, and those with a summary.

    workflow : Snakemake's workflow, which knows its targets after the Snakefile is read
    """

    project: Project
    workflow: Any

    @property
    def requested(self) -> list[str]:
        """Experiments that the targets ask for: all by default, none for files alone."""
        names, targets = list(self.project.experiments), self.workflow.dag_settings.targets
        if not targets or "all" in targets:
            return names
        return [name for name in names if name in targets]

    def summaries(self, wildcards: Wildcards) -> list[str]:
        """Input function: summaries of the requested experiments, and those that exist.

        The latter are taken as they are, so that a front page trains no other experiment. The list
        is the same whichever of the experiments is asked for next, so that nothing runs again.
        Without a request and a summary it is that of the first experiment.
        """
        requested = self.requested
        summaries = {
            name: paths.fill(paths.SUMMARY, wildcards, experiment=name)
            for name in self.project.experiments
        }
        shown = [
            path if name in requested else before_update(path)
            for name, path in summaries.items()
            if name in requested or self._on_disk(path).is_file()
        ]
        return shown or list(summaries.values())[:1]

    @property
    def sources(self) -> dict[str, str]:
        """First experiment that a criterion of the scorecard comes from, by its key."""
        experiments = self.project.experiments.items()
        sources = {
            "violations": [name for name, section in experiments if section.claims],
            "climate": [name for name, section in experiments if section.transferred],
        }
        return {criterion: names[0] for criterion, names in sources.items() if names}

    def _on_disk(self, path: str) -> Path:
        return Path(path.replace(RESULTS, self.project.results_dir))
