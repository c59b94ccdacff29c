"""Quantile–quantile diagram of rain: are heavy days as heavy as observed?"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from downbench.core.variables import VARIABLES
from downbench.plots import style
from downbench.plots.empty_figures import NothingToDraw
from downbench.plots.inputs import FigureInputs
from downbench.plots.intervals import whiskers

TITLE = "Quantiles of rain"
CAPTION = (
    "On the dashed line, heavy rain is as intense and as frequent as in the reference. Right: "
    "the same as a ratio, stretched towards rare events. Whiskers show the uncertainty of the "
    "model, not that of the reference."
)
POSITION = 160
EXPERT = True
NEEDS = ("rain",)
LEAST_MM_DAY = 0.1
"""Quantiles below this are dry days and are not shown on a logarithmic axis [mm day-1]."""


def draw(inputs: FigureInputs) -> Figure:
    """Left: quantiles of models against those of the reference. Right: their ratio.

    Raises
    ------
    NothingToDraw
        When no model has quantile rows of rain.
    """
    models = inputs.having("pr", "quantile", inputs.models)
    if not models:
        raise NothingToDraw("figure quantile-quantile: no score table has rows of quantile for pr")
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(style.WIDTH_INCH, 4.3), layout="constrained"
    )
    for model, shift in zip(models, np.linspace(-1, 1, len(models)), strict=True):
        _curve(left, right, _pairs(inputs, model), model, shift)
    _quantile_axes(left)
    _ratio_axes(right)
    style.legend_below(figure, [style.handle(name, inputs.label(name)) for name in models])
    return figure


def _pairs(inputs: FigureInputs, model: str) -> pd.DataFrame:
    """Quantiles of model and reference [mm day-1] by percentile, without dry ones."""
    reference = inputs.curve(model, "pr", "quantile_reference")[["threshold", "value"]]
    rows = inputs.curve(model, "pr", "quantile").merge(
        reference, on="threshold", suffixes=("", "_reference")
    )
    return rows[(rows["value"] >= LEAST_MM_DAY) & (rows["value_reference"] >= LEAST_MM_DAY)]


def _curve(left: Axes, right: Axes, rows: pd.DataFrame, model: str, shift: float) -> None:
    """Draw one model; on the right its points are shifted, so that intervals do not overlap."""
    reference, ends = rows["value_reference"].to_numpy(), whiskers(rows)
    style_of = style.point(model) | {"linestyle": style.look(model).dash, "linewidth": 1}
    left.errorbar(reference, rows["value"], ends, **style_of)
    rarity = (1 - rows["threshold"].to_numpy() / 100) * 1.1**shift
    ends = None if ends is None else ends / reference
    right.errorbar(rarity, rows["value"] / reference, ends, **style_of)


def _quantile_axes(axes: Axes) -> None:
    axes.axline((1, 1), (2, 2), color=style.BLACK, linewidth=0.8, linestyle="--", zorder=0)
    axes.set(xscale="log", yscale="log", box_aspect=1)
    unit = VARIABLES["pr"].unit_mathtext
    axes.set(
        xlabel=f"quantile of the reference [{unit}]", ylabel=f"quantile of the model [{unit}]"
    )
    for axis in (axes.xaxis, axes.yaxis):
        style.plain_log(axis)
    style.heading(axes, "rain, all cells and times")


def _ratio_axes(axes: Axes) -> None:
    """Percentiles spread towards the rare end: 90, 99, 99.9 at equal distances."""
    axes.axhline(1, color=style.BLACK, linewidth=0.8, linestyle="--", zorder=0)
    axes.set(xscale="log", box_aspect=1, xlabel="percentile [%]", ylabel="model / reference [1]")
    low, high = axes.get_xlim()
    ticks = np.array([0.5, 0.2, 0.1, 0.05, 0.01, 0.001, 0.0001])
    ticks = ticks[(ticks >= low) & (ticks <= high)]
    axes.set_xticks(ticks, [f"{100 * (1 - tick):g}" for tick in ticks])
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlim(high, low)
    style.heading(axes, "ratio by percentile")
