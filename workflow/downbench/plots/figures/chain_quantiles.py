"""Quantiles and distribution functions of raw, bias-corrected and downscaled runs."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from downbench.core.variables import VARIABLES
from downbench.plots import style
from downbench.plots.downscaled_runs import DownscaledRun, distribution_function, downscaled_runs
from downbench.plots.empty_figures import NothingToDraw
from downbench.plots.inputs import FigureInputs

TITLE = "Quantiles along the driver chain"
CAPTION = (
    "Left: quantiles over all cells and {day}s against those of the reference. Middle: their "
    "ratio or difference by percentile. Right: exceedance or non-exceedance frequency. Dotted "
    "lines: driven by the raw GCM. Interpolation adds no detail to the driver, so its heavy "
    "rain is too light even if the bias correction is perfect."
)
POSITION = 20
PROBABILITIES = 1 - np.geomspace(0.5, 1e-4, 80)
BOTH_ENDS = np.concatenate([np.geomspace(1e-3, 0.5, 40), 1 - np.geomspace(0.5, 1e-3, 40)[1:]])
LEAST_MM_DAY = 0.1
LEAST_SHARE = 1e-4
"""Tails below this share would stretch the axis over a few days."""
LARGEST_RATIO = 2.5
"""Upper end of the ratio axis: where the reference is nearly dry, ratios have no meaning [1]."""


def draw(inputs: FigureInputs) -> Figure:
    """Rows: variables. Columns: quantile–quantile, the same as ratio or difference, and CDF."""
    runs = [run for run in downscaled_runs(inputs, "climate", "present") if not run.is_truth]
    variables = [
        name
        for name in inputs.variables
        if f"{name}_distribution" in runs[0].fields
        and runs[0].fields[f"{name}_distribution"].sum() > 0
    ]
    if not variables:
        raise NothingToDraw("no distribution of a run has a value")
    figure, panels = plt.subplots(
        len(variables),
        3,
        figsize=(style.WIDTH_INCH, 2.5 * len(variables) + 0.7),
        squeeze=False,
        layout="constrained",
    )
    for row, variable in zip(panels, variables, strict=True):
        _quantiles(row[0], row[1], runs, variable)
        _distribution(row[2], runs, variable)
        style.heading(row[0], VARIABLES[variable].long_name)
    handles = [Line2D([], [], label=run.label, **run.line) for run in runs]
    handles.append(Line2D([], [], label="reference", color=style.BLACK, linewidth=1))
    style.legend_below(figure, handles, columns=4)
    return figure


def _quantiles(left: Axes, right: Axes, runs: list[DownscaledRun], variable: str) -> None:
    is_rain = VARIABLES[variable].is_intermittent
    probability = PROBABILITIES if is_rain else BOTH_ENDS
    for run in runs:
        reference = np.interp(
            probability, *distribution_function(run.fields, f"{variable}_distribution_reference")
        )
        model = np.interp(
            probability, *distribution_function(run.fields, f"{variable}_distribution")
        )
        valid = (reference >= LEAST_MM_DAY) & (model >= LEAST_MM_DAY) if is_rain else reference > 0
        left.plot(reference[valid], model[valid], **run.line)
        gap = model / np.maximum(reference, 1e-9) if is_rain else model - reference
        position = 1 - probability if is_rain else probability
        right.plot(position[valid], gap[valid], **run.line)
    unit = VARIABLES[variable].unit_mathtext
    left.set(xlabel=f"quantile of reference [{unit}]", ylabel=f"quantile of model [{unit}]")
    if is_rain:
        ends = (LEAST_MM_DAY, 1.2 * max(*left.get_xlim(), *left.get_ylim()))
        left.set(xscale="log", yscale="log", xlim=ends, ylim=ends)
        left.axline((1, 1), (2, 2), color=style.BLACK, linewidth=0.8, zorder=0)
        for axis in (left.xaxis, left.yaxis):
            style.plain_log(axis)
        right.axhline(1, color=style.BLACK, linewidth=0.8, zorder=0)
        right.set(xscale="log", xlabel="percentile [%]", ylabel="model / reference [1]")
        right.set(ylim=(0, LARGEST_RATIO))
        ticks = [0.5, 0.1, 0.01, 0.001, 0.0001]
        right.set_xticks(ticks, [f"{100 * (1 - tick):g}" for tick in ticks])
        right.minorticks_off()
        right.invert_xaxis()
    else:
        middle = float(np.mean(left.get_xlim()))
        left.axline((middle, middle), slope=1, color=style.BLACK, linewidth=0.8, zorder=0)
        right.axhline(0, color=style.BLACK, linewidth=0.8, zorder=0)
        right.set(xscale="logit", xlabel="percentile [%]", ylabel=f"model − reference [{unit}]")
        ticks = [0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999]
        right.set_xticks(ticks, [f"{100 * tick:g}" for tick in ticks])
        right.minorticks_off()


def _distribution(axes: Axes, runs: list[DownscaledRun], variable: str) -> None:
    words, unit = VARIABLES[variable].short_name, VARIABLES[variable].unit_mathtext
    for number, run in enumerate(runs):
        if number == 0:
            below, edge = distribution_function(run.fields, f"{variable}_distribution_reference")
            _curve(axes, below, edge, variable, {"color": style.BLACK, "linewidth": 1.0})
        below, edge = distribution_function(run.fields, f"{variable}_distribution")
        _curve(axes, below, edge, variable, run.line)
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
        valid = (value > 1e-5) & (edge > 0)
    else:
        valid = (below > LEAST_SHARE) & (below < 1 - LEAST_SHARE)
    axes.plot(edge[valid], value[valid], **look)
