"""The runs of climate models that a region's downscaling is tried on."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from downbench.core.config.section import Section

Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
FREE = "gcm"


class Pair(Section):
    """A run of the past and the same model's run of the future."""

    historical: str = Field(description="driver of the past, whose climate the truth can judge")
    future: str = Field(description="driver of the future, of the same climate model")

    @property
    def drivers(self) -> tuple[str, str]:
        """Both, the past first."""
        return self.historical, self.future


class Run(Pair):
    """A climate model's pair of runs, raw, and the same after a quantile map."""

    corrected: dict[Name, Pair] = Field(
        default={},
        description="the mapped pair for each training driver: a frozen model wants input that "
        "is distributed like what it was trained on",
    )


class Climate(Section):
    """The section `climate:` of a region."""

    runs: dict[Name, Run] = Field(min_length=1, description="climate models by name")

    def pairs(self, trained_on: str) -> dict[str, Pair]:
        """Raw and bias-corrected pairs by name, for the models of one training driver.

        A raw pair has the climate model's name, the corrected one `-corrected` behind it.
        """
        pairs: dict[str, Pair] = {}
        for name, run in self.runs.items():
            pairs[name] = run
            if trained_on in run.corrected:
                pairs[f"{name}-corrected"] = run.corrected[trained_on]
        return pairs


def misfit(climate: Climate | None, drivers: Mapping[str, Any], trained_on: Iterable[str]) -> str:
    """The first thing that does not fit the region's drivers, with its fix; else empty."""
    if climate is None:
        return ""
    return next(_mistakes(climate, drivers, set(trained_on)), "")


def _mistakes(climate: Climate, drivers: Mapping[str, Any], trained_on: set[str]) -> Iterator[str]:
    for name, run in climate.runs.items():
        at = f"climate.runs.{name}"
        yield from _of_pair(at, run, drivers)
        for driver, pair in run.corrected.items():
            if driver not in trained_on:
                yield f"{at}.corrected names '{driver}', which is not among trained_on: remove it"
            yield from _of_pair(f"{at}.corrected.{driver}", pair, drivers)
            yield from _not_of(f"{at}.corrected.{driver}", pair, run, drivers)
    for driver in sorted(trained_on):
        yield from _lacking(climate.pairs(driver), driver, drivers)


def _of_pair(at: str, pair: Pair, drivers: Mapping[str, Any]) -> Iterator[str]:
    if pair.historical == pair.future:
        yield f"{at}: historical and future are both '{pair.future}': name two runs"
    for key, name in zip(("historical", "future"), pair.drivers, strict=True):
        if name not in drivers:
            yield f"{at}.{key} = '{name}' is no driver here: choose among {', '.join(drivers)}"
        elif drivers[name].type != FREE:
            yield (
                f"{at}.{key} = '{name}' has the type {drivers[name].type}: a climate model's run "
                f"is {FREE}"
            )


def _not_of(at: str, pair: Pair, run: Run, drivers: Mapping[str, Any]) -> Iterator[str]:
    for mapped, raw in zip(pair.drivers, run.drivers, strict=True):
        if mapped in drivers and drivers[mapped].corrected_from != raw:
            yield f"{at}: '{mapped}' is not mapped from '{raw}': name the series that is"


def _lacking(
    pairs: Mapping[str, Pair], trained_on: str, drivers: Mapping[str, Any]
) -> Iterator[str]:
    """Runs without a predictor that the models of a training driver were trained with."""
    for name in (name for pair in pairs.values() for name in pair.drivers if name in drivers):
        absent = sorted(set(drivers[trained_on].predictors) - set(drivers[name].predictors))
        if absent:
            yield (
                f"drivers.{name}.predictors lacks {', '.join(absent)}, which models trained with "
                f"'{trained_on}' see: add them, or take the run out of climate.runs"
            )
