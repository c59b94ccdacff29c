"""Checks that bias-corrected drivers, corrections and raw drivers of a region fit together."""

from collections.abc import Iterable, Iterator, Mapping

from downbench.core.config.region.quantile_mapping import QuantileMapping
from downbench.core.config.region.source import Driver
from downbench.core.constants import GCM, PERFECT


def problem_of_corrections(
    drivers: Mapping[str, Driver],
    corrections: Mapping[str, QuantileMapping],
    trained_on: Iterable[str],
    split_by: str,
) -> str:
    """Return the first contradiction, with its fix; empty if there is none."""
    if corrections and split_by != "year":
        return "corrections need years, but splits.by is 'event': remove them"
    return next(_problems(drivers, corrections, trained_on), "")


def _problems(
    drivers: Mapping[str, Driver],
    corrections: Mapping[str, QuantileMapping],
    trained_on: Iterable[str],
) -> Iterator[str]:
    for name, correction in corrections.items():
        yield from _of_correction(name, correction, drivers)
    for name in drivers:
        yield from _of_driver(name, drivers, corrections)
    for name in trained_on:
        if drivers[name].corrected_from:
            yield f"trained_on names '{name}', which is bias-corrected: train with a raw driver"


def _of_correction(
    name: str, correction: QuantileMapping, drivers: Mapping[str, Driver]
) -> Iterator[str]:
    raw = [driver for driver in drivers if not drivers[driver].corrected_from]
    for role in ("fitted_on", "reference"):
        driver, key = getattr(correction, role), f"corrections.{name}.{role}"
        if driver not in raw:
            yield f"{key} = '{driver}' is no raw driver here: choose among {', '.join(raw)}"
            continue
        absent = sorted(set(correction.variables).difference(drivers[driver].predictors))
        if absent:
            yield (
                f"{key} = '{driver}' lacks {', '.join(absent)}, which "
                f"corrections.{name}.variables names: leave them out, or add predictors there"
            )
    yield from _calibration_years(name, correction, drivers)
    reference = correction.reference
    if reference in drivers and drivers[reference].type == GCM:
        yield (
            f"corrections.{name}.reference = '{reference}' is free-running: a bias is a "
            "difference from observed climate: take perfect, or a reanalysis"
        )


def _calibration_years(
    name: str, correction: QuantileMapping, drivers: Mapping[str, Driver]
) -> Iterator[str]:
    """Yield years that the series that it is fitted on is known not to have."""
    span = drivers[correction.fitted_on].years() if correction.fitted_on in drivers else None
    if span is None:
        return
    years = correction.calibration_years or ()
    absent = [str(year) for year in years if not span[0] <= year <= span[1]]
    if absent:
        yield (
            f"corrections.{name}.calibration_years names {', '.join(absent)}, but "
            f"'{correction.fitted_on}' has the years {span[0]} to {span[1]}: change one of them"
        )


def _of_driver(
    name: str, drivers: Mapping[str, Driver], corrections: Mapping[str, QuantileMapping]
) -> Iterator[str]:
    driver, key = drivers[name], f"drivers.{name}"
    if (driver.corrected_from is None) != (driver.correction is None):
        yield f"{key}: give both corrected_from and correction, or none of them"
        return
    if driver.corrected_from is None:
        return
    if driver.correction not in corrections:
        yield (
            f"{key}.correction = '{driver.correction}' is not among corrections: describe the fit "
            f"there, a future run needs one too (found {', '.join(corrections) or 'none'})"
        )
        return
    raw = drivers.get(driver.corrected_from)
    if raw is None or raw.corrected_from or raw.type == PERFECT:
        yield (
            f"{key}.corrected_from = '{driver.corrected_from}': name a raw driver that has a bias "
            "(not a bias-corrected one, nor one of type perfect)"
        )
        return
    if driver.type != raw.type:
        yield f"{key}.type = '{driver.type}': write '{raw.type}', as '{driver.corrected_from}' has"
    predictors = {*driver.predictors, *corrections[driver.correction].variables}
    absent = sorted(predictors.difference(raw.predictors))
    if absent:
        lacks = f"'{driver.corrected_from}' lacks the predictors {', '.join(absent)}"
        yield f"{key}: {lacks}: add them"
