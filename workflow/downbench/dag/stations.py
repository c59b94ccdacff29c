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
        templates = paths.STATION_TABLE, paths.RCM_STATION_TABLE
        files = self._files(experiment, trained_on, *templates)
        return {f"{model}/{driver}": path for (_, model, driver), path in files.items()}

    def values(self, experiment: str, trained_on: str) -> dict[str, str]:
        """Values per station (NetCDF) by `PAIR/MODEL`."""
        templates = paths.STATION_VALUES, paths.RCM_STATION_VALUES
        files = self._files(experiment, trained_on, *templates)
        return {f"{pair}/{model}": path for (pair, model, _), path in files.items()}

    def _files(
        self, experiment: str, trained_on: str, of_model: str, of_rcm: str
    ) -> dict[tuple[str, str, str], str]:
        """Files of all models, then of all regional models, by pair of runs, model and driver."""
        models = self._models(experiment, trained_on)
        if not models:
            return {}
        region = self.project.region
        files = {
            (pair, model, driver): fill(
                of_model,
                region=region.name,
                trained_on=trained_on,
                model=model,
                driver=driver,
                split=split,
            )
            for pair, (driver, split) in self._scored(trained_on).items()
            for model in models
        }
        rcms = {
            ("rcm", rcm, f"{rcm}-historical"): fill(
                of_rcm, region=region.name, rcm=rcm, period="historical"
            )
            for rcm in region.rcms
        }
        return files | rcms

    def _models(self, experiment: str, trained_on: str) -> tuple[str, ...]:
        if self.project.region.stations is None:
            return ()
        return self.project.view(experiment, trained_on).transferred

    def _scored(self, trained_on: str) -> dict[str, tuple[str, str]]:
        """Driver and split by name of the pair of runs."""
        pairs = ClimateRuns(self.project).pairs(trained_on)
        runs = {name: (pair.historical, CLIMATE) for name, pair in pairs.items()}
        return {trained_on: (trained_on, "test"), **runs}
