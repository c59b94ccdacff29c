"""Can a region's source give what its drivers promise?"""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from downbench.core.config.region.climate_runs import Climate
from downbench.core.config.region.files import Files
from downbench.core.config.region.synthetic import Simulation, SyntheticOptions
from downbench.core.constants import GCM, PERFECT


def lack(
    drivers: Mapping[str, Any],
    files: Files | None,
    synthetic: SyntheticOptions | None,
    climate: Climate | None,
) -> str:
    """The first driver that cannot be made, with its fix; empty where all can."""
    raw = {name: driver for name, driver in drivers.items() if not driver.corrected_from}
    mistakes = _of_files(raw, files) if files else _of_generator(raw, synthetic.simulations)
    overlaps = _overlaps(climate, synthetic.simulations) if climate and synthetic else ()
    return next(iter((*mistakes, *overlaps, "")))


def _of_files(drivers: Mapping[str, Any], files: Files) -> Iterator[str]:
    for name, driver in drivers.items():
        if driver.type == PERFECT:
            continue
        absent = sorted(set(driver.predictors) - set(files.drivers.get(name, {})))
        if absent:
            yield (
                f"drivers.{name}.predictors: files.drivers.{name} has no {', '.join(absent)}: "
                "name the file of each there, or leave it out of the predictors"
            )


def _of_generator(drivers: Mapping[str, Any], runs: Mapping[str, Simulation]) -> Iterator[str]:
    for name, driver in drivers.items():
        if driver.type == GCM and name not in runs:
            yield (
                f"drivers.{name} is free-running (gcm), but synthetic.simulations does not describe it "
                f"(found {', '.join(runs) or 'none'}): add it there"
            )


def _overlaps(climate: Climate, runs: Mapping[str, Simulation]) -> Iterator[str]:
    """Past and future that share years: their difference would be no change."""
    for name, pair in climate.runs.items():
        known = [runs[driver] for driver in pair.drivers if driver in runs]
        for past, future in combinations(known, 2):
            # The same run twice is told as such by `climate.misfit`.
            if past is not future and future.first_year <= past.last_year:
                yield (
                    f"climate.runs.{name}: '{pair.future}' begins in {future.first_year}, before "
                    f"'{pair.historical}' ends in {past.last_year}: let the future begin later"
                )
