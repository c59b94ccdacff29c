"""Correlation of series with the target by lag and by orientation."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from downbench.core.consistency import report
from downbench.core.data_summary.region_summary import RegionSummary
from downbench.plots import style
from downbench.plots.data_series_lines import line_of
from downbench.plots.empty_figures import NothingToDraw

TITLE = "Correlation by day and by orientation"
CAPTION = (
    "Left: correlation of the means over the domain, or over the stations, with those of the "
    "target some days later; the highest must be at 0. Right: correlation of patterns with rows "
    "and columns as they are and turned – of changes from day to day, or of monthly means for a "
    "free-running model, which has no day in common; the highest must be “as it is”."
)
POSITION = 70
PANELS = {report.DAY: "by lag [days]", report.ORIENTATION: "by orientation"}
SHORT = {"flipped north–south": "north–\nsouth", "flipped east–west": "east–\nwest",
         "turned by 180°": "180°", "with rows and columns swapped": "swapped"}  # fmt: skip


def draw(data: RegionSummary) -> Figure:
    """Draw a panel of lags and one of orientations.

    Raises
    ------
    NothingToDraw
        When no series could be compared.
    """
    curves = {
        check: {
            f"{name}, {result.variable}": result.numbers
            for name, results in data.checks.items()
            for result in results
            if result.check == check and result.numbers
        }
        for check in PANELS
    }
    if not any(curves.values()):
        raise NothingToDraw("no series shares days or a map with the target")
    names = list(dict.fromkeys(name for part in curves.values() for name in part))
    lines = {name: line_of(number) | {"marker": "o"} for number, name in enumerate(names)}
    figure, grid = plt.subplots(1, 2, figsize=(style.WIDTH_INCH, 3.0), layout="constrained")
    for axes, (check, words) in zip(grid, PANELS.items(), strict=True):
        _panel(axes, curves[check], lines)
        style.heading(axes, words)
    handles = [plt.Line2D([], [], label=n, **lines[n]) for n in names]
    style.legend_below(figure, handles, columns=3)
    return figure


def _panel(
    axes: Axes, curves: dict[str, dict[int | str, float]], lines: dict[str, dict[str, str]]
) -> None:
    keys = list(dict.fromkeys(key for numbers in curves.values() for key in numbers))
    for name, numbers in curves.items():
        values = [numbers.get(key, np.nan) for key in keys]
        axes.plot(range(len(keys)), values, **lines[name])
    words = [SHORT.get(key, key) if isinstance(key, str) else f"{key:+d}" for key in keys]
    axes.set_xticks(range(len(keys)), words)
    axes.axhline(0, color=style.LIGHT_GREY, linewidth=0.6, zorder=0)
    axes.set_ylabel("correlation [1]")
    axes.margins(y=0.1)
    if not curves:
        axes.text(0.5, 0.5, "no series shares days\nwith the target", ha="center", va="center",
                  transform=axes.transAxes)  # fmt: skip
