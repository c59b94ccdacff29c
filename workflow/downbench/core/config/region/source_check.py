"""Checks that the sources of a region can make its drivers."""

from collections.abc import Iterator, Mapping
from itertools import combinations

from downbench.core.config.region.climate_runs import Climate
from downbench.core.config.region.source import Driver, TargetSource
from downbench.core.constants import PERFECT


def first_problem(
    drivers: Mapping[str, Driver], target: TargetSource, climate: Climate | None
) -> str:
    """Return the first reason why a driver cannot be made, with its fix; empty if none."""
    problems = (
        *(text for name, driver in drivers.items() for text in _of_driver(name, driver, target)),
        *(_overlaps(climate, drivers) if climate else ()),
    )
    return next(iter(problems), "")


def _of_driver(name: str, driver: Driver, target: TargetSource) -> Iterator[str]:
    derived = driver.type == PERFECT or driver.corrected_from is not None
    if derived and driver.source is not None:
        yield (
            f"drivers.{name} is derived from another series (block means of the target, or a bias "
            "correction): remove `source` and what belongs to it"
        )
    elif not derived and driver.source is None:
        yield f"drivers.{name} has no source: name one, such as 'files', and what belongs to it"
    else:
        yield from driver.problems(name, target)
        yield from _absent_predictors(name, driver, target)


def _absent_predictors(name: str, driver: Driver, target: TargetSource) -> Iterator[str]:
    provided = driver.provides(target)
    absent = sorted(set(driver.predictors) - provided) if provided is not None else []
    if absent:
        section = f"drivers.{name}.variables" if driver.source else "the target"
        yield (
            f"drivers.{name}.predictors: {section} has no {', '.join(absent)}: describe them "
            "there, or remove them from the predictors"
        )


def _overlaps(climate: Climate, drivers: Mapping[str, Driver]) -> Iterator[str]:
    """Yield past and future runs that share years: their difference would be no change."""
    for name, pair in climate.runs.items():
        years = {run: drivers[run].years() for run in pair.drivers if run in drivers}
        dated = [(run, span) for run, span in years.items() if span]
        for (_, (_, past_end)), (_, (future_start, _)) in combinations(dated, 2):
            if future_start <= past_end:
                yield (
                    f"climate.runs.{name}: '{pair.future}' begins in {future_start}, before "
                    f"'{pair.historical}' ends in {past_end}: choose a later start of the future"
                )
