"""The page of a region's data: which stores it shows."""

import json
from dataclasses import dataclass
from itertools import chain

from snakemake.iocontainers import InputFiles, Wildcards

from downbench.core.config.loading import Project
from downbench.core.config.region import input_files
from downbench.core.constants import PROVIDER_CODE
from downbench.core.provenance import canonical, code_version
from downbench.dag import paths
from downbench.dag.functions import pair_arguments


@dataclass(frozen=True)
class DataPage:
    """Page of the target and of the drivers that are no bias correction of another one."""

    project: Project

    @property
    def path(self) -> str:
        """The page of the region."""
        return paths.fill(paths.DATA_PAGE, region=self.project.region.name)

    @property
    def region(self) -> str:
        """The region as JSON, with the code of the provider of each download."""
        region = json.loads(canonical(self.project.region))
        for name, download in self.project.region.downloads.items():
            region["downloads"][name][PROVIDER_CODE] = code_version(download.module)
        return json.dumps(region, sort_keys=True)

    @property
    def datasets(self) -> str:
        """What config/datasets.csv says of the region's datasets, by name, as JSON."""
        columns = ("version", "licence", "citation", "day")
        rows = {
            row.dataset: {column: getattr(row, column) for column in columns}
            for row in self.project.datasets
        }
        return json.dumps(rows, sort_keys=True)

    def drivers(self, wildcards: Wildcards) -> list[str]:
        """Input function: stores of the drivers."""
        names = self.project.region.raw_drivers
        return [paths.fill(paths.DRIVER, wildcards, driver=name) for name in names]

    def files(self, wildcards: Wildcards) -> list[str]:
        """Input function: files of all series; what they say of themselves is on the page."""
        region = self.project.region
        drivers = (input_files.driver_files(region, name) for name in region.raw_drivers)
        return list(dict.fromkeys([*input_files.target_files(region), *chain(*drivers)]))

    def driver_arguments(self, wildcards: Wildcards, input: InputFiles) -> str:
        """Parameter function: `--drivers NAME=PATH …`."""
        return pair_arguments("drivers", self.project.region.raw_drivers, input.drivers)
