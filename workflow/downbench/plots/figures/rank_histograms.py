"""Rank histograms: how often the reference falls between which two members."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from downbench.core.variables import VARIABLES
from downbench.plots import style
from downbench.plots.inputs import FigureInputs
from downbench.plots.intervals import whiskers

TITLE = "Rank histograms"
CAPTION = (
    "A calibrated ensemble is flat at 1. A U shape means too little spread, a hump too much, a "
    "slope a bias. Ties at zero rain are broken at random. The black line leaves out cells "
    "where the reference and all members are dry; a calibrated ensemble is flat there too, "
    "because the selection treats the reference like a member."
)
POSITION = 120
EXPERT = True
CEILING = 3.0
"""Relative frequency above which a bin is cut off and its value written [1]."""


def draw(inputs: FigureInputs) -> Figure:
    """One panel per model (columns) and variable (rows); a calibrated ensemble is flat at 1."""
    inputs.require(inputs.ensembles, "rank_histogram")
    shape = (len(inputs.variables), max(len(inputs.ensembles), 1))
    figure, panels = plt.subplots(
        *shape,
        figsize=(style.WIDTH_INCH, 1.7 * shape[0] + 0.7),
        sharex=True,
        sharey=True,
        squeeze=False,
        layout="constrained",
    )
    for row, variable in zip(panels, inputs.variables, strict=True):
        for axes, model in zip(row, inputs.ensembles, strict=False):
            _panel(axes, inputs, model, variable)
        row[0].set_ylabel(f"{VARIABLES[variable].long_name}\nfrequency / flat", labelpad=3)
    for axes, model in zip(panels[0], inputs.ensembles, strict=False):
        axes.set_title(inputs.label(model), fontsize=7.5)
    panels[0, 0].set_ylim(0, _top(inputs))
    middle = panels[-1, (shape[1] - 1) // 2]
    middle.set_xlabel("rank of the reference among the members: 0 below all, 1 above all")
    style.legend_below(figure, _legend())
    return figure


def _panel(axes: Axes, inputs: FigureInputs, model: str, variable: str) -> None:
    axes.axhline(1, color=style.BLACK, linewidth=0.8, linestyle="--", zorder=3)
    ranks = inputs.curve(model, variable, "rank_histogram")
    if len(ranks):
        _bars(axes, ranks, style.look(model).colour)
    wet = inputs.curve(model, variable, "rank_histogram_wet")
    if len(wet):
        value = np.minimum(wet["value"], CEILING)
        axes.step(_position(wet), value, where="mid", color=style.BLACK, linewidth=0.8)
    axes.set(xlim=(0, 1), xticks=[0, 0.5, 1], xticklabels=["0", "½", "1"])


def _top(inputs: FigureInputs) -> float:
    """Upper end of the axis: room for every bar and whisker, but no higher than the ceiling."""
    ranks = [
        inputs.curve(model, variable, metric)[["value", "upper"]]
        for model in inputs.ensembles
        for variable in inputs.variables
        for metric in ("rank_histogram", "rank_histogram_wet")
    ]
    tallest = max((rows.max().max() for rows in ranks if len(rows)), default=1.0)
    return float(np.clip(np.nan_to_num(1.05 * tallest), 1.5, CEILING))


def _position(ranks: pd.DataFrame) -> np.ndarray:
    """Centres of the bins when all ranks together are stretched to 0…1."""
    rank = ranks["threshold"].to_numpy(float)
    return (rank + 0.5) / len(rank)


def _bars(axes: Axes, ranks: pd.DataFrame, colour: str) -> None:
    x, value = _position(ranks), ranks["value"].to_numpy(float)
    axes.bar(x, np.minimum(value, CEILING), width=1 / len(x), color=colour, linewidth=0)
    spread = whiskers(ranks)
    if spread is not None:
        axes.errorbar(x, value, spread, fmt="none", ecolor=style.DARK_GREY, elinewidth=0.6)
    for place, number in zip(x, value, strict=True):
        if number > CEILING:
            _cut_off(axes, place, number)


def _cut_off(axes: Axes, place: float, number: float) -> None:
    """Write how tall a bar really is, on the side of it where there is room."""
    rightward = place < 0.5
    axes.annotate(
        f"{number:.1f}",
        (place, CEILING),
        xytext=(5 if rightward else -5, -1),
        fontsize=6.5,
        textcoords="offset points",
        ha="left" if rightward else "right",
        va="top",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        zorder=4,
    )


def _legend() -> list[Line2D]:
    all_cells = Line2D(
        [], [], color=style.DARK_GREY, linewidth=5, alpha=0.5, label="all cells and times"
    )
    wet = Line2D([], [], color=style.BLACK, linewidth=0.8, label="wet cells and times (rain only)")
    flat = Line2D([], [], color=style.BLACK, linewidth=0.8, linestyle="--", label="calibrated")
    return [all_cells, wet, flat]
