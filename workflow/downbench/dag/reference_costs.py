"""What jobs took on another machine, for a first run: `bench/reference_costs.py` writes the table.

Measured on the embedded region.
"""

import csv
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_suffix(".csv")
KEYS = ("budget", "rule", "model")
REGION = "synthetic"
ANOTHER_MACHINE = f"{REGION}, on another machine"


def reference_cost(budget: str, rule: str, model: str) -> tuple[float, float, float] | None:
    """Return time of cores [s], peak memory [MB] and files [MB]; None if it was not measured."""
    return _table().get((budget, rule, model))


@cache
def _table() -> dict[tuple[str, ...], tuple[float, float, float]]:
    with FILE.open(newline="", encoding="utf-8") as file:
        return {
            tuple(row[key] for key in KEYS): (
                float(row["core_s"]),
                float(row["memory_mb"]),
                float(row["stored_mb"]),
            )
            for row in csv.DictReader(file)
        }
