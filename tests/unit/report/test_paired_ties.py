"""Which models paired intervals do not separate."""

import numpy as np
import pandas as pd

import fabricated_results as made
from downbench.report.paired_ties import ties_of


def pairs(intervals: dict[str, tuple[float, float]]) -> pd.DataFrame:
    """Return rows of model A against others."""
    rows = [
        {"model": "a"}
        | made.row("pr", f"crps_skill_versus_{other}", 0.1, scale=1)
        | {"lower": lower, "upper": upper}
        for other, (lower, upper) in intervals.items()
    ]
    return pd.DataFrame(rows)


def test_an_unknown_interval_separates_nothing() -> None:
    table = pairs({"b": (0.1, 0.2), "c": (np.nan, np.nan), "d": (-0.1, 0.1)})
    assert ties_of(table, "pr", "crps_skill", "a", 1) == ("c", "d")


def test_without_any_interval_nothing_is_compared() -> None:
    assert ties_of(pairs({"b": (np.nan, np.nan)}), "pr", "crps_skill", "a", 1) is None
    assert ties_of(pairs({"b": (0.1, 0.2)}), "pr", "crps_skill", "c", 1) is None
