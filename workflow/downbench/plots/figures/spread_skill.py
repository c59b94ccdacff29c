"""Spread–skill diagram: does the ensemble know how wrong it is?"""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from downbench.core.variables import VARIABLES
from downbench.plots import style
from downbench.plots.inputs import FigureInputs
from downbench.plots.intervals import whiskers
from downbench.plots.oracle_band import draw_curve, handles

TITLE = "Spread and skill"
CAPTION = (
    "The error of a calibrated ensemble grows with its spread, along the dashed line. Spreads of "
    "few members scatter, so that even the oracle, the grey band, leaves it at both ends: compare "
    "with the band. Below: the ratio over all cells and {day}s, with its interval."
)
POSITION = 130


def draw(inputs: FigureInputs) -> Figure:
    """Upper row: error against spread in bins of spread. Lower row: their overall ratio."""
    inputs.require(inputs.ensembles, "spread_binned", "spread_skill")
    models, variables = inputs.ensembles, inputs.variables
    figure, panels = plt.subplots(
        2,
        len(variables),
        figsize=(style.WIDTH_INCH, 4.0 + 0.19 * len(models)),
        squeeze=False,
        layout="constrained",
        height_ratios=[3.0, 0.2 * len(models) + 0.5],
    )
    for upper, lower, variable in zip(*panels, variables, strict=True):
        style.heading(upper, VARIABLES[variable].long_name)
        _diagram(upper, inputs, variable)
        _ratios(lower, inputs, variable)
    style.legend_below(figure, handles(inputs), 4)
    return figure


def _diagram(axes: Axes, inputs: FigureInputs, variable: str) -> None:
    shown: list[float] = []
    for model in inputs.ensembles:
        spread = inputs.curve(model, variable, "spread_binned")
        error = inputs.curve(model, variable, "rmse_binned")
        pairs = spread.merge(error, on="threshold", suffixes=("", "_error"))
        pairs = pairs[(pairs["value"] > 0) & (pairs["value_error"] > 0)]
        error = pairs[["value_error", "lower_error", "upper_error"]].set_axis(
            ["value", "lower", "upper"], axis=1
        )
        draw_curve(axes, model, pairs["value"], error, clip=True)
        shown += [*pairs["value"], *error["value"]]
    axes.set(xscale="log", yscale="log", box_aspect=1)
    axes.axline((1, 1), (2, 2), color=style.BLACK, linewidth=0.8, linestyle="--", zorder=0)
    unit = VARIABLES[variable].unit_mathtext
    axes.set(xlabel=f"ensemble spread [{unit}]", ylabel=f"error of the mean, RMSE [{unit}]")
    ends = (min(shown, default=0.1) / 1.3, 1.3 * max(shown, default=10.0))
    axes.set(xlim=ends, ylim=ends)
    for axis in (axes.xaxis, axes.yaxis):
        style.plain_log(axis)
    axes.text(0.97, 0.04, "too much spread", ha="right", transform=axes.transAxes, fontsize=7)
    axes.text(0.03, 0.96, "too little spread", va="top", transform=axes.transAxes, fontsize=7)


def _ratios(axes: Axes, inputs: FigureInputs, variable: str) -> None:
    models = inputs.ensembles
    for place, model in enumerate(models):
        row = inputs.curve(model, variable, "spread_skill")
        axes.errorbar(
            row["value"],
            [place] * len(row),
            xerr=whiskers(row),
            linestyle="none",
            **style.point(model),
        )
    axes.axvline(1, color=style.BLACK, linewidth=0.8, linestyle="--", zorder=0)
    axes.set(yticks=range(len(models)), yticklabels=[inputs.label(name) for name in models])
    axes.set(ylim=(len(models) - 0.5, -0.5), xlabel="spread / error, 1 = calibrated")
    axes.xaxis.set_major_locator(MaxNLocator(5))
