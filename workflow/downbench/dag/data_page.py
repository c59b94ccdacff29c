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
from downbench.dag.functions import arguments, pair_arguments


@dataclass(frozen=True)
class DataPage:
    """Page of target, stations, regional models, and drivers that are no bias correction."""

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

    def regional_models(self, wildcards: Wildcards) -> list[str]:
        """Input function: stores of the runs of regional models."""
        runs = self.project.region.rcm_runs
        return [paths.fill(paths.RCM_RUN, wildcards, rcm=rcm, period=p) for rcm, p in runs]

    def stations(self, wildcards: Wildcards) -> list[str]:
        """Input function: the stations and those that are left out, if the region has some."""
        files = (paths.STATIONS, paths.STATIONS_LEFT_OUT) if self.project.region.stations else ()
        return [paths.fill(path, wildcards) for path in files]

    def station_sums(self, wildcards: Wildcards) -> list[str]:
        """Input function: the small file that stands for the stations."""
        return paths.sums(*self.stations(wildcards)[:1])

    def files(self, wildcards: Wildcards) -> list[str]:
        """Input function: files of all series; what they say of themselves is on the page."""
        region = self.project.region
        drivers = (input_files.driver_files(region, name) for name in region.raw_drivers)
        runs = (input_files.rcm_files(region, rcm, period) for rcm, period in region.rcm_runs)
        target, stations = input_files.target_files(region), input_files.station_files(region)
        return list(dict.fromkeys([*target, *chain(*drivers), *chain(*runs), *stations]))

    def series_arguments(self, wildcards: Wildcards, input: InputFiles) -> str:
        """Parameter function: `--drivers NAME=PATH … --regional-models … --stations PATH …`."""
        region = self.project.region
        runs = [f"{rcm}-{period}" for rcm, period in region.rcm_runs]
        options = [
            pair_arguments("drivers", region.raw_drivers, input.drivers),
            pair_arguments("regional-models", runs, input.regional_models),
        ]
        if region.stations:
            stations, left_out = input.stations
            options += [arguments("stations", [stations]), arguments("left-out", [left_out])]
        return " ".join(filter(None, options))
