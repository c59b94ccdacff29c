"""Data of the region: the user's files, and the sections of the configuration they depend on."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from snakemake.iocontainers import Wildcards

from downbench.core.config.loading import Project
from downbench.core.config.region import input_files
from downbench.core.config.region.region import Place, Region
from downbench.core.provenance import canonical

NOT_OF_THE_PLACE = dict.fromkeys(Region.model_fields.keys() - Place.model_fields.keys(), True)
"""Keys of a region from which no series is made."""


@dataclass(frozen=True)
class RegionData:
    """Input and parameter functions of the rules that make the series of a project."""

    project: Project

    @property
    def raw_drivers(self) -> list[str]:
        """Drivers that are not made from another one by a bias correction."""
        region = self.project.region
        return [name for name in region.drivers if name not in region.corrected_drivers]

    def section(self, wildcards: Wildcards) -> str:
        """Parameter function: the region as JSON, without what changes no number of the models."""
        return self._region_without(self.project.region.free_runs_from_files)

    def place(self, wildcards: Wildcards) -> str:
        """Parameter function: what series are made from as JSON, without free runs from files."""
        return self._place_without(self.project.region.free_runs_from_files)

    def place_of_driver(self, wildcards: Wildcards) -> str:
        """Parameter function: the same, for a free run from files with that driver alone."""
        if wildcards.driver not in self.project.region.free_runs_from_files:
            return self.place(wildcards)
        return self._place_without(name for name in self.raw_drivers if name != wildcards.driver)

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

    def _region_without(self, drivers: Iterable[str]) -> str:
        return canonical(self.project.region, exclude=self._untracked(drivers))

    def _place_without(self, drivers: Iterable[str]) -> str:
        return canonical(self.project.region, exclude=self._untracked(drivers) | NOT_OF_THE_PLACE)

    def _untracked(self, drivers: Iterable[str]) -> dict[str, Any]:
        """Keys that change no number of a series, if these drivers do not matter.

        A bias correction and the drivers that it makes touch neither another series nor any
        training.
        """
        absent = dict.fromkeys(drivers, True)
        raw = dict.fromkeys(self.raw_drivers, {"corrected_from", "correction"})
        corrected = dict.fromkeys(self.project.region.corrected_drivers, True)
        return {
            "title": True,
            "trained_on": True,
            "files": {"origins": True, "drivers": absent},
            "corrections": True,
            "climate": True,
            "stations": True,
            "rcms": True,
            "drivers": raw | corrected | absent,
        }
