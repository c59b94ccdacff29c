"""Downloads of a region: what a part asks for, and which limits it takes from."""

from dataclasses import dataclass

from snakemake.iocontainers import Wildcards

from downbench.core.config.downloads.registry import PROVIDERS
from downbench.core.config.loading import Project
from downbench.core.provenance import canonical
from downbench.dag.functions import AmountOf


@dataclass(frozen=True)
class Downloads:
    """Parameter and resource functions of the rule that downloads."""

    project: Project

    def request(self, wildcards: Wildcards) -> str:
        """Parameter function: the request of one part as JSON."""
        download = self.project.region.downloads[wildcards.download]
        return canonical(download.of_part(wildcards.part))

    @property
    def resources(self) -> dict[str, AmountOf]:
        """Resource functions by the names of all providers, such as `cds_requests`."""
        names = sorted({name for section in PROVIDERS.values() for name in section.resources})
        return {name: self._amount(name) for name in names}

    def _amount(self, resource: str) -> AmountOf:
        sections = self.project.region.downloads
        return lambda wildcards: sections[wildcards.download].resources.get(resource, 0)
