"""The section `climate:` of a region: runs of climate models whose downscaling is examined."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

from pydantic import Field

from downbench.core.config.region.source import Driver
from downbench.core.config.section import Section
from downbench.core.constants import GCM

CORRECTED = "-corrected"
"""End of the name of a bias-corrected pair of runs."""
RunName = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class RunPair(Section):
    """A historical run and the same model's future run."""

    historical: str = Field(
        description="driver of the past, whose climate is compared with the reference"
    )
    future: str = Field(description="driver of the future, of the same climate model")

    @property
    def drivers(self) -> tuple[str, str]:
        """The historical driver and the future one."""
        return self.historical, self.future


class ClimateRun(RunPair):
    """A climate model's pair of runs, raw, and its bias-corrected pairs."""

    corrected: dict[RunName, RunPair] = Field(
        default={},
        description="the bias-corrected pair for each training driver: a frozen model needs input "
        "that is distributed like what it was trained on",
    )


class Climate(Section):
    """The section `climate:` of a region."""

    runs: dict[RunName, ClimateRun] = Field(min_length=1, description="climate models by name")

    def pairs(self, trained_on: str) -> dict[str, RunPair]:
        """Return raw and bias-corrected pairs by name, for the models of one training driver.

        A raw pair has the climate model's name, the corrected one `-corrected` behind it.
        """
        pairs: dict[str, RunPair] = {}
        for name, run in self.runs.items():
            pairs[name] = run
            if trained_on in run.corrected:
                pairs[f"{name}{CORRECTED}"] = run.corrected[trained_on]
        return pairs


def problem_of_climate_runs(
    climate: Climate | None, drivers: Mapping[str, Driver], trained_on: Iterable[str]
) -> str:
    """Return the first contradiction between runs and drivers, with its fix; empty if none."""
    if climate is None:
        return ""
    return next(_problems(climate, drivers, set(trained_on)), "")


def _problems(
    climate: Climate, drivers: Mapping[str, Driver], trained_on: set[str]
) -> Iterator[str]:
    for name, run in climate.runs.items():
        key = f"climate.runs.{name}"
        if name.endswith(CORRECTED):
            yield f"{key}: '{CORRECTED}' marks the bias-corrected pair of a run: use another name"
        yield from _of_pair(key, run, drivers)
        for driver, pair in run.corrected.items():
            if driver not in trained_on:
                yield f"{key}.corrected names '{driver}', which is not among trained_on: remove it"
            yield from _of_pair(f"{key}.corrected.{driver}", pair, drivers)
            yield from _of_correction(f"{key}.corrected.{driver}", pair, run, drivers)
    for driver in sorted(trained_on):
        yield from _absent_predictors(climate.pairs(driver), driver, drivers)


def _of_pair(key: str, pair: RunPair, drivers: Mapping[str, Driver]) -> Iterator[str]:
    if pair.historical == pair.future:
        yield f"{key}: historical and future are both '{pair.future}': name two runs"
    for period, name in zip(("historical", "future"), pair.drivers, strict=True):
        if name not in drivers:
            choice = ", ".join(drivers)
            yield f"{key}.{period} = '{name}' is no driver here: choose among {choice}"
        elif drivers[name].type != GCM:
            yield (
                f"{key}.{period} = '{name}' has the type {drivers[name].type}: a climate model's "
                f"run is {GCM}"
            )


def _of_correction(
    key: str, pair: RunPair, run: ClimateRun, drivers: Mapping[str, Driver]
) -> Iterator[str]:
    for corrected, raw in zip(pair.drivers, run.drivers, strict=True):
        if corrected in drivers and drivers[corrected].corrected_from != raw:
            yield (
                f"{key}: '{corrected}' is not bias-corrected from '{raw}': name the series that is"
            )


def _absent_predictors(
    pairs: Mapping[str, RunPair], trained_on: str, drivers: Mapping[str, Driver]
) -> Iterator[str]:
    """Yield runs without a predictor that the models of a training driver were trained with."""
    for name in (name for pair in pairs.values() for name in pair.drivers if name in drivers):
        absent = sorted(set(drivers[trained_on].predictors) - set(drivers[name].predictors))
        if absent:
            yield (
                f"drivers.{name}.predictors lacks {', '.join(absent)}, which models trained with "
                f"'{trained_on}' see: add them, or take the run out of climate.runs"
            )
