"""Do mapped drivers, their quantile maps and the other drivers of a region fit together?"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from downbench.core.config.region.quantile_mapping import QuantileMapping
from downbench.core.constants import GCM


def mistake(
    drivers: Mapping[str, Any],
    corrections: Mapping[str, QuantileMapping],
    trained_on: Iterable[str],
    split_by: str,
) -> str:
    """The first thing that does not fit, with its fix; empty where all does."""
    if corrections and split_by != "year":
        return "corrections need years, but splits.by is 'event': remove them"
    mistakes = (
        *(m for name, one in corrections.items() for m in _of_map(name, one, drivers)),
        *(m for name in drivers for m in _of_driver(name, drivers, corrections)),
        *(
            f"trained_on names '{name}', which is bias-corrected: train with a driver of its own days"
            for name in trained_on
            if drivers[name].corrected_from
        ),
    )
    return mistakes[0] if mistakes else ""


def _of_map(name: str, mapping: QuantileMapping, drivers: Mapping[str, Any]) -> Iterator[str]:
    for key in ("fitted_on", "reference"):
        given, at = getattr(mapping, key), f"corrections.{name}.{key}"
        if given not in drivers or drivers[given].corrected_from:
            raw = [other for other, driver in drivers.items() if not driver.corrected_from]
            yield f"{at} = '{given}' is no raw driver here: choose among {', '.join(raw)}"
            continue
        absent = sorted(set(mapping.variables).difference(drivers[given].predictors))
        if absent:
            yield (
                f"{at} = '{given}' lacks {', '.join(absent)}, which corrections.{name}.variables "
                "names: leave them out, or add them to its predictors"
            )
    if mapping.reference in drivers and drivers[mapping.reference].type == GCM:
        yield (
            f"corrections.{name}.reference = '{mapping.reference}' is free-running: a bias is told "
            "from the truth: take perfect, or a reanalysis"
        )


def _of_driver(
    name: str, drivers: Mapping[str, Any], corrections: Mapping[str, QuantileMapping]
) -> Iterator[str]:
    driver, at = drivers[name], f"drivers.{name}"
    if (driver.corrected_from is None) != (driver.correction is None):
        yield f"{at}: give both corrected_from and correction, or none of them"
        return
    if driver.corrected_from is None:
        return
    if driver.correction not in corrections:
        yield (
            f"{at}.correction = '{driver.correction}' is not among corrections: describe the fit there, a "
            f"future run needs one too (found {', '.join(corrections) or 'none'})"
        )
        return
    raw = drivers.get(driver.corrected_from)
    if raw is None or raw.corrected_from or raw.type == "perfect":
        yield (
            f"{at}.corrected_from = '{driver.corrected_from}': name a raw driver that has a bias (not "
            "a mapped one, nor one of type perfect)"
        )
        return
    if driver.type != raw.type:
        yield f"{at}.type = '{driver.type}': '{driver.corrected_from}' has '{raw.type}': write that"
    wanted = {*driver.predictors, *corrections[driver.correction].variables}
    absent = sorted(wanted.difference(raw.predictors))
    if absent:
        yield f"{at}: '{driver.corrected_from}' lacks the predictors {', '.join(absent)}: add them"
