"""Names of the runs that a training driver's models are applied to.

Outside of `core/config`, so that it is part of the fingerprint of each step that uses the names.
Rule files share their names with Snakemake's own code, which has a `chain`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from downbench.core.config.region.climate_runs import Climate, Pair


def chain_of(climate: "Climate", trained_on: str) -> "dict[str, Pair]":
    """Raw and mapped pairs by name, for the models of one training driver.

    A raw pair has the climate model's name, the mapped one `-corrected` behind it.
    """
    found: dict[str, Pair] = {}
    for name, run in climate.runs.items():
        found[name] = run
        if trained_on in run.corrected:
            found[f"{name}-corrected"] = run.corrected[trained_on]
    return found
