"""Downloads of a region: what a part asks for, and which limits it takes from."""

import json
from dataclasses import dataclass

from snakemake.iocontainers import Wildcards

from downbench.core.config.downloads.registry import PROVIDERS
from downbench.core.config.loading import Project
from downbench.core.provenance import canonical
from downbench.dag.environment import Workflow
from downbench.dag.functions import AmountOf

LIMITS = {"cds_requests": 2, "downloads": 4}
"""Parts at once, as in the profiles: an account has few requests, and servers are spared."""


@dataclass(frozen=True)
class Downloads:
    """Parameter and resource functions of the rule that downloads."""

    project: Project

    def request(self, wildcards: Wildcards) -> str:
        """Parameter function: the request of one part as JSON."""
        download = self.project.region.downloads[wildcards.download]
        return canonical(download.of_part(wildcards.part))

    def handling(self, wildcards: Wildcards) -> str:
        """Resource function: the keys that change no value, whose change runs nothing again."""
        download = self.project.region.downloads[wildcards.download]
        keys = download.model_dump(mode="json", include=set(download.handling))
        return json.dumps(keys, sort_keys=True)

    @property
    def resources(self) -> dict[str, AmountOf]:
        """Resource functions by the names of all providers, such as `cds_requests`."""
        names = sorted({name for section in PROVIDERS.values() for name in section.resources})
        return {name: self._amount(name) for name in names}

    def limit(self, workflow: Workflow) -> None:
        """Limit parts at once where neither a profile nor the command line does."""
        for name, most in LIMITS.items():
            if name not in workflow.global_resources:
                workflow.register_resource(name, most)

    def _amount(self, resource: str) -> AmountOf:
        sections = self.project.region.downloads
        return lambda wildcards: sections[wildcards.download].resources.get(resource, 0)
