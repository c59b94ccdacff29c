"""Share and mean of wet values, and the 99th percentile, by season."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from downbench.core.calendar.seasons import ALL_YEAR, SEASONS
from downbench.core.data_summary.region_summary import RegionSummary
from downbench.core.data_summary.variable_summary import VariableSummary
from downbench.core.variables import RAIN, VARIABLES
from downbench.plots import style
from downbench.plots.data_series_lines import looks
from downbench.plots.empty_figures import NothingToDraw

TITLE = "Wet {day}s"
CAPTION = (
    "Share of values at or above 1 mm day⁻¹, their mean, and the 99th percentile of all values, "
    "by season. Averages over larger cells are wet more often and less intense: hold drivers "
    "against the block means of the target."
)
POSITION = 50
PANELS = {"wet_share": "share of wet values [1]", "intensity": "mean of wet values",
          "p99": "99th percentile"}  # fmt: skip


def draw(data: RegionSummary) -> Figure:
    """Draw one panel for each statistic of rain.

    Raises
    ------
    NothingToDraw
        When the target has no rain.
    """
    if data.target is None or RAIN not in data.target.variables:
        raise NothingToDraw("the target has no rain")
    groups = _groups(data.target.variables[RAIN])
    figure, grid = plt.subplots(1, 3, figsize=(style.WIDTH_INCH, 2.8), layout="constrained")
    shown = [(s, look) for s, look in looks(data) if RAIN in s.variables]
    for axes, (statistic, words) in zip(grid, PANELS.items(), strict=True):
        for number, (series, look) in enumerate(shown):
            values = [getattr(series.variables[RAIN], statistic)(m) for m in groups.values()]
            offset = (number - (len(shown) - 1) / 2) * 0.6 / len(shown)
            axes.plot(
                np.arange(len(groups)) + offset, values, marker="o", linestyle="none",
                color=look["color"], label=series.name,
            )  # fmt: skip
        unit = "" if "[" in words else f" [{VARIABLES[RAIN].unit_mathtext}]"
        axes.set_ylabel(f"{words}{unit}")
        axes.set_xticks(np.arange(len(groups)), groups)
        axes.set_xlim(-0.6, len(groups) - 0.4)
        axes.set_ylim(0, 1.08 * axes.dataLim.ymax)
        axes.grid(axis="y", linewidth=0.4, alpha=0.5)
    style.legend_below(figure, grid[0].get_legend_handles_labels()[0], columns=4)
    return figure


def _groups(rain: VariableSummary) -> dict[str, tuple[int, ...]]:
    """Return the months of the year and of its seasons, those in which the target has values."""
    groups = {"all": ALL_YEAR} | SEASONS
    return {name: months for name, months in groups.items() if np.isfinite(rain.wet_share(months))}
