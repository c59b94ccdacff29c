"""A score table in a few lines of text."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from downbench.core.variables import variable
from downbench.scores.metric import REFERENCE, Metric
from downbench.scores.metric_registry import all_metrics

SHOWN = {
    "crps": "CRPS",
    "bias": "Bias",
    "mae_mean": "MAE of the mean",
    "spread_skill": "Spread / error",
    "rank_deviation": "Rank deviation",
    "log_spectral_distance": "Spectral distance",
    "p99": "P99",
    "wet_day_frequency": "Wet-day frequency",
}
"""Words for the metrics of the summary; one that a table lacks is left out."""
MOST_LINES = 20
WORDS = {"one": "1 is best", "zero": "0 is best", "low": "lower is better"}


def lines(table: pd.DataFrame) -> list[str]:
    """Return at most 20 lines: headline scores of each variable with their intervals.

    Parameters
    ----------
    table
        With the columns of `table.COLUMNS`.
    """
    declared = {metric.name: metric for metric in all_metrics()}
    overall = table[table["season"] == "all"]
    names = list(dict.fromkeys(overall["variable"]))
    metrics = list(SHOWN)[: max(1, (MOST_LINES - len(names)) // max(1, len(names)))]
    text = []
    for name in names:
        rows = overall[overall["variable"] == name]
        row = variable(name)
        first = rows.iloc[0]
        size = f"{int(first['times'])} days, {int(first['members'])} members"
        text.append(f"{name}, {row.long_name} ({size})")
        for metric in metrics:
            text += _line(rows, declared[metric], row.unit_symbol)
    return text


def _line(rows: pd.DataFrame, metric: Metric, unit: str) -> Iterator[str]:
    """Yield the line of a metric at the finest scale, if the table has it."""
    of_metric = rows[rows["metric"] == metric.name].sort_values("scale")
    if not len(of_metric) or not np.isfinite(of_metric["value"].iloc[0]):
        return
    row = of_metric.iloc[0]
    symbol = metric.unit.replace("{unit}", unit)
    symbol = "" if symbol == "1" else f" {symbol}"
    interval = f" ({row['lower']:.4g} to {row['upper']:.4g})" if row.notna()["lower"] else ""
    partner = rows[rows["metric"] == f"{metric.name}{REFERENCE}"].sort_values("scale")
    best = WORDS.get(metric.best, "")
    if metric.best == "reference" and len(partner):
        best = f"reference {partner['value'].iloc[0]:.4g}"
    yield f"  {SHOWN[metric.name]:<18} {row['value']:.4g}{interval}{symbol}" + (
        f"; {best}" if best else ""
    )
