"""The chain raw → mapped → downscaled: quantiles and distribution functions beside the truth's."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from downbench.core.variables import VARIABLES
from downbench.plots import style
from downbench.plots.chain import Link, law, links
from downbench.plots.inputs import FigureInputs

TITLE = "From the raw run to the downscaled one"
CAPTION = (
    "Left, quantiles of all cells and {day}s against those of the truth; middle, their ratio or "
    "difference by percentile; right, how often a value is exceeded, or not reached. Dotted: "
    "driven by the raw run. Interpolation alone shows what the run itself holds: it has no "
    "detail, so its heavy rain is too light even where the mapping is right."
)
POSITION = 20
PROBABILITIES = 1 - np.geomspace(0.5, 1e-4, 80)
BOTH_ENDS = np.concatenate([np.geomspace(1e-3, 0.5, 40), 1 - np.geomspace(0.5, 1e-3, 40)[1:]])
LEAST_MM_DAY = 0.1
LEAST_SHARE = 1e-4
"""A few days alone would stretch the axis over years of nothing."""
LARGEST_RATIO = 2.5
"""Where the truth is nearly dry a ratio says nothing, and would hide the rest [1]."""


def draw(inputs: FigureInputs) -> Figure:
    """Rows: variables. Columns: quantile–quantile, the same as ratio or difference, and CDF."""
    found = [link for link in links(inputs, "climate", "present") if not link.is_truth]
    variables = [name for name in inputs.variables if f"{name}_distribution" in found[0].fields]
    figure, panels = plt.subplots(
        len(variables),
        3,
        figsize=(style.WIDTH_INCH, 2.5 * len(variables) + 0.7),
        squeeze=False,
        layout="constrained",
    )
    for row, variable in zip(panels, variables, strict=True):
        _quantiles(row[0], row[1], found, variable)
        _distribution(row[2], found, variable)
        style.heading(row[0], VARIABLES[variable].long_name)
    handles = [Line2D([], [], label=link.label, **link.line) for link in found]
    handles.append(Line2D([], [], label="truth", color=style.BLACK, linewidth=1))
    style.legend_below(figure, handles, columns=4)
    return figure


def _quantiles(left: Axes, right: Axes, found: list[Link], variable: str) -> None:
    is_rain = VARIABLES[variable].is_intermittent
    probability = PROBABILITIES if is_rain else BOTH_ENDS
    for link in found:
        truth = np.interp(probability, *law(link.fields, f"{variable}_distribution_reference"))
        mine = np.interp(probability, *law(link.fields, f"{variable}_distribution"))
        there = (truth >= LEAST_MM_DAY) & (mine >= LEAST_MM_DAY) if is_rain else truth > 0
        left.plot(truth[there], mine[there], **link.line)
        gap = mine / np.maximum(truth, 1e-9) if is_rain else mine - truth
        at = 1 - probability if is_rain else probability
        right.plot(at[there], gap[there], **link.line)
    unit = VARIABLES[variable].unit_mathtext
    left.set(xlabel=f"quantile of truth [{unit}]", ylabel=f"quantile of model [{unit}]")
    if is_rain:
        ends = (LEAST_MM_DAY, 1.2 * max(*left.get_xlim(), *left.get_ylim()))
        left.set(xscale="log", yscale="log", xlim=ends, ylim=ends)
        left.axline((1, 1), (2, 2), color=style.BLACK, linewidth=0.8, zorder=0)
        for axis in (left.xaxis, left.yaxis):
            style.plain_log(axis)
        right.axhline(1, color=style.BLACK, linewidth=0.8, zorder=0)
        right.set(xscale="log", xlabel="percentile [%]", ylabel="model / truth [1]")
        right.set(ylim=(0, LARGEST_RATIO))
        ticks = [0.5, 0.1, 0.01, 0.001, 0.0001]
        right.set_xticks(ticks, [f"{100 * (1 - tick):g}" for tick in ticks])
        right.minorticks_off()
        right.invert_xaxis()
    else:
        middle = float(np.mean(left.get_xlim()))
        left.axline((middle, middle), slope=1, color=style.BLACK, linewidth=0.8, zorder=0)
        right.axhline(0, color=style.BLACK, linewidth=0.8, zorder=0)
        right.set(xscale="logit", xlabel="percentile [%]", ylabel=f"model − truth [{unit}]")
        ticks = [0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999]
        right.set_xticks(ticks, [f"{100 * tick:g}" for tick in ticks])
        right.minorticks_off()


def _distribution(axes: Axes, found: list[Link], variable: str) -> None:
    words, unit = VARIABLES[variable].short_name, VARIABLES[variable].unit_mathtext
    for number, link in enumerate(found):
        if number == 0:
            below, edge = law(link.fields, f"{variable}_distribution_reference")
            _curve(axes, below, edge, variable, {"color": style.BLACK, "linewidth": 1.0})
        below, edge = law(link.fields, f"{variable}_distribution")
        _curve(axes, below, edge, variable, link.line)
    if VARIABLES[variable].is_intermittent:
        axes.set(xscale="log", yscale="log", ylim=(1e-5, 1), xlim=(LEAST_MM_DAY, None))
        axes.set(xlabel=f"{words} [{unit}]", ylabel="share of days above [1]")
        style.plain_log(axes.xaxis)
    else:
        axes.set(xlabel=f"{words} [{unit}]", ylabel="share of days below [1]")


def _curve(
    axes: Axes, below: np.ndarray, edge: np.ndarray, variable: str, look: dict[str, object]
) -> None:
    is_rain = VARIABLES[variable].is_intermittent
    value = 1 - below if is_rain else below
    if is_rain:
        there = (value > 1e-5) & (edge > 0)
    else:
        there = (below > LEAST_SHARE) & (below < 1 - LEAST_SHARE)
    axes.plot(edge[there], value[there], **look)
