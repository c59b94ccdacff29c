"""Bias corrections: the series and options of a rule, by the correction or a driver it makes."""

from dataclasses import dataclass

from snakemake.iocontainers import Wildcards

from downbench.core.config.loading import Project
from downbench.core.provenance import canonical
from downbench.dag import paths
from downbench.dag.functions import PathOf
from downbench.dag.paths import fill


@dataclass(frozen=True)
class Corrections:
    """Answers about the bias corrections of a project; methods take the wildcards of a job."""

    project: Project

    def name(self, wildcards: Wildcards) -> str:
        """Return the correction of a job, by its own name or by that of a corrected driver."""
        driver = wildcards.get("driver")
        return wildcards.get("correction") or self.project.region.drivers[driver].correction

    def section(self, wildcards: Wildcards) -> str:
        """Parameter function: the section of the correction as JSON."""
        return canonical(self.project.region.corrections[self.name(wildcards)])

    def series(self, key: str) -> PathOf:
        """Input function: the series that a key of the section names."""

        def path(wildcards: Wildcards) -> str:
            section = self.project.region.corrections[wildcards.correction]
            return fill(paths.DRIVER, wildcards, driver=getattr(section, key))

        return path

    def fitted(self, wildcards: Wildcards) -> str:
        """Input function: the fitted correction of a corrected driver."""
        return fill(paths.CORRECTION, wildcards, correction=self.name(wildcards))

    def raw_name(self, wildcards: Wildcards) -> str:
        """Parameter function: name of the driver that is corrected."""
        return self.project.region.drivers[wildcards.driver].corrected_from

    def raw_series(self, wildcards: Wildcards) -> str:
        """Input function: series of the driver that is corrected."""
        return fill(paths.DRIVER, wildcards, driver=self.raw_name(wildcards))

    def group(self, wildcards: Wildcards) -> str:
        """Group function: fitting a correction, and applying it."""
        return f"map-{self.name(wildcards)}"
