"""Do mapped drivers, their quantile maps and the other drivers of a region fit together?"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from downbench.core.config.region.quantile_mapping import QuantileMapping

FREE = "free-running"


def mistake(
    drivers: Mapping[str, Any],
    mappings: Mapping[str, QuantileMapping],
    trained_on: Iterable[str],
    split_by: str,
) -> str:
    """The first thing that does not fit, with its mend; empty where all does."""
    if mappings and split_by != "year":
        return "mappings need years, but splits.by is 'event': remove them"
    mistakes = (
        *(m for name, one in mappings.items() for m in _of_map(name, one, drivers)),
        *(m for name in drivers for m in _of_driver(name, drivers, mappings)),
        *(
            f"trained_on names '{name}', which is mapped: train with a driver of its own days"
            for name in trained_on
            if drivers[name].mapped_from
        ),
    )
    return mistakes[0] if mistakes else ""


def _of_map(name: str, mapping: QuantileMapping, drivers: Mapping[str, Any]) -> Iterator[str]:
    for key in ("fitted_on", "reference"):
        given, at = getattr(mapping, key), f"mappings.{name}.{key}"
        if given not in drivers or drivers[given].mapped_from:
            raw = [other for other, driver in drivers.items() if not driver.mapped_from]
            yield f"{at} = '{given}' is no raw driver here: choose among {', '.join(raw)}"
            continue
        absent = sorted(set(mapping.variables).difference(drivers[given].predictors))
        if absent:
            yield (
                f"{at} = '{given}' lacks {', '.join(absent)}, which mappings.{name}.variables "
                "names: leave them out, or add them to its predictors"
            )
    if mapping.reference in drivers and drivers[mapping.reference].lane == FREE:
        yield (
            f"mappings.{name}.reference = '{mapping.reference}' is free-running: a bias is told "
            "from the truth: take perfect, or a reanalysis"
        )


def _of_driver(
    name: str, drivers: Mapping[str, Any], mappings: Mapping[str, QuantileMapping]
) -> Iterator[str]:
    driver, at = drivers[name], f"drivers.{name}"
    if (driver.mapped_from is None) != (driver.mapping is None):
        yield f"{at}: give both mapped_from and mapping, or none of them"
        return
    if driver.mapped_from is None:
        return
    if driver.mapping not in mappings:
        yield (
            f"{at}.mapping = '{driver.mapping}' is not among mappings: describe the fit there, a "
            f"future run needs one too (found {', '.join(mappings) or 'none'})"
        )
        return
    raw = drivers.get(driver.mapped_from)
    if raw is None or raw.mapped_from or raw.lane == "perfect":
        yield (
            f"{at}.mapped_from = '{driver.mapped_from}': name a raw driver that has a bias (not "
            "a mapped one, nor one of lane perfect)"
        )
        return
    if driver.lane != raw.lane:
        yield f"{at}.lane = '{driver.lane}': '{driver.mapped_from}' has '{raw.lane}': write that"
    wanted = {*driver.predictors, *mappings[driver.mapping].variables}
    absent = sorted(wanted.difference(raw.predictors))
    if absent:
        yield f"{at}: '{driver.mapped_from}' lacks the predictors {', '.join(absent)}: add them"
