"""Station scores of an experiment."""

from dataclasses import dataclass

from downbench.core.config.loading import Project
from downbench.dag import paths
from downbench.dag.climate_runs import CLIMATE, ClimateRuns
from downbench.dag.paths import fill


@dataclass(frozen=True)
class StationScores:
    """Paths of the station scores of a project.

    An experiment has those of its transferred models with the test days of the training driver
    and with every historical run, raw and bias-corrected, and those of the regional models. No
    future run has measurements.
    """

    project: Project

    def tables(self, experiment: str, trained_on: str) -> dict[str, str]:
        """Score tables by `MODEL/DRIVER`."""
        if not self._models(experiment, trained_on):
            return {}
        region = self.project.region
        tables = {
            f"{model}/{driver}": fill(
                paths.STATION_TABLE,
                region=region.name,
                trained_on=trained_on,
                model=model,
                driver=driver,
                split=split,
            )
            for driver, split in self._scored(trained_on).values()
            for model in self._models(experiment, trained_on)
        }
        rcms = {
            f"{rcm}/{rcm}-historical": fill(
                paths.RCM_STATION_TABLE, region=region.name, rcm=rcm, period="historical"
            )
            for rcm in region.rcms
        }
        return tables | rcms

    def values(self, experiment: str, trained_on: str) -> dict[str, str]:
        """Values per station (NetCDF) by `PAIR/MODEL`."""
        if not self._models(experiment, trained_on):
            return {}
        region = self.project.region
        values = {
            f"{pair}/{model}": fill(
                paths.STATION_VALUES,
                region=region.name,
                trained_on=trained_on,
                model=model,
                driver=driver,
                split=split,
            )
            for pair, (driver, split) in self._scored(trained_on).items()
            for model in self._models(experiment, trained_on)
        }
        rcms = {
            f"rcm/{rcm}": fill(
                paths.RCM_STATION_VALUES, region=region.name, rcm=rcm, period="historical"
            )
            for rcm in region.rcms
        }
        return values | rcms

    def _models(self, experiment: str, trained_on: str) -> tuple[str, ...]:
        if self.project.region.stations is None:
            return ()
        return self.project.view(experiment, trained_on).transferred

    def _scored(self, trained_on: str) -> dict[str, tuple[str, str]]:
        """Driver and split by name of the pair of runs."""
        pairs = ClimateRuns(self.project).pairs(trained_on)
        runs = {name: (pair.historical, CLIMATE) for name, pair in pairs.items()}
        return {trained_on: (trained_on, "test"), **runs}
