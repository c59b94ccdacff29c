"""Data of the region: the user's files, and the sections of the configuration they depend on."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from snakemake.iocontainers import Wildcards

from downbench.core.config.loading import Project
from downbench.core.config.region import input_files
from downbench.core.config.region.region import Region
from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.provenance import canonical, code_version
from downbench.dag import paths
from downbench.dag.prepared_series import without_files

NOT_INPUTS = dict.fromkeys(Region.model_fields.keys() - RegionInputs.model_fields.keys(), True)
"""Keys of a region from which no series is made."""


@dataclass(frozen=True)
class RegionData:
    """Input and parameter functions of the rules that make the series of a project."""

    project: Project

    def section(self, wildcards: Wildcards) -> str:
        """Parameter function: the region as JSON, without what changes no number of the models.

        Models read the prepared stores, so files and their folders do not count.
        """
        untracked = self._untracked(self.project.region.free_running_drivers)
        content = json.loads(canonical(self.project.region, exclude=untracked))
        return json.dumps(without_files(content), sort_keys=True, separators=(",", ":"))

    def inputs(self, wildcards: Wildcards) -> str:
        """Parameter function: what series are made from as JSON, without free runs."""
        return self._inputs_without(self.project.region.free_running_drivers)

    def inputs_of_driver(self, wildcards: Wildcards) -> str:
        """Parameter function: the same, for a free run with that driver alone."""
        return self.inputs_with(wildcards.driver)

    def inputs_with(self, driver: str) -> str:
        """Return what series are made from as JSON: a free run is listed only where it is made."""
        region = self.project.region
        is_free = driver in region.free_running_drivers
        drivers = region.raw_drivers if is_free else region.free_running_drivers
        return self._inputs_without(name for name in drivers if name != driver)

    def prepared(self) -> list[str]:
        """Return what stands for the target and all series that are read, in the order of use."""
        region = self.project.region
        drivers = [paths.fill(paths.DRIVER, driver=name) for name in region.raw_drivers]
        runs = [paths.fill(paths.RCM_RUN, rcm=rcm, period=p) for rcm, p in region.rcm_runs]
        stations = [paths.STATIONS] if region.stations else []
        files = paths.sums(paths.TARGET, *drivers, *runs, *stations)
        return [paths.fill(path, region=region.name) for path in files]

    def target_code(self, wildcards: Wildcards) -> str:
        """Parameter function: fingerprint of the step and of the target's source."""
        return code_version("downbench.steps.prepare_target", self.project.region.target.module)

    def driver_code(self, wildcards: Wildcards) -> str:
        """Parameter function: fingerprint of the step and of the driver's source."""
        source = self.project.region.module_of_driver(wildcards.driver)
        return code_version("downbench.steps.prepare_driver", source)

    def target_files(self, wildcards: Wildcards) -> list[str]:
        """Input function: the user's files of the target; if replaced, they make it again."""
        return input_files.target_files(self.project.region)

    def driver_files(self, wildcards: Wildcards) -> list[str]:
        """Input function: the user's files of a driver."""
        return input_files.driver_files(self.project.region, wildcards.driver)

    def station_files(self, wildcards: Wildcards) -> list[str]:
        """Input function: the user's file of stations."""
        return input_files.station_files(self.project.region)

    def rcm_files(self, wildcards: Wildcards) -> list[str]:
        """Input function: the user's files of one run of a regional model."""
        return input_files.rcm_files(self.project.region, wildcards.rcm, wildcards.period)

    def rcm(self, wildcards: Wildcards) -> str:
        """Parameter function: the regional model as JSON, without its label."""
        return canonical(self.project.region.rcms[wildcards.rcm], exclude={"label"})

    def stations(self, wildcards: Wildcards) -> str:
        """Parameter function: section `stations` as JSON, without its note."""
        stations = self.project.region.stations
        return canonical(stations, exclude={"note"}) if stations else "{}"

    def climate(self, wildcards: Wildcards) -> str:
        """Parameter function: section `climate` as JSON."""
        climate = self.project.region.climate
        return canonical(climate) if climate else "{}"

    def _inputs_without(self, drivers: Iterable[str]) -> str:
        return canonical(self.project.region, exclude=self._untracked(drivers) | NOT_INPUTS)

    def _untracked(self, drivers: Iterable[str]) -> dict[str, Any]:
        """Keys that change no number of a series, if these drivers do not matter.

        A bias correction and the drivers that it makes touch neither another series nor any
        training.
        """
        absent = dict.fromkeys(drivers, True)
        raw = dict.fromkeys(self.project.region.raw_drivers, {"corrected_from", "correction"})
        corrected = dict.fromkeys(self.project.region.corrected_drivers, True)
        return {
            "title": True,
            "trained_on": True,
            "origins": True,
            "downloads": True,
            "corrections": True,
            "climate": True,
            "stations": True,
            "rcms": True,
            "drivers": raw | corrected | absent,
        }
