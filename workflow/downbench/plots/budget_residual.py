"""How far rain is from what the moisture budget holds, model against truth."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from downbench.core.errors import UserError
from downbench.plots import style
from downbench.plots.inputs import FigureInputs

NEEDS = ("budget",)
COUNT = "budget_residual_count"
TAIL = 0.002
"""Share of the bilinear interpolation's residuals that may lie beyond either end of the axis."""


def draw(inputs: FigureInputs) -> Figure:
    """One panel per family: density of the residual, with the truth's and the interpolation's.

    Raises:
        UserError: when no model's file holds residuals.
    """
    families = {b: arms for b, arms in inputs.families.items() if COUNT in inputs.physics[b]}
    if not families:
        raise UserError(f"figure budget-residual: no file holds {COUNT}; run check_physics first")
    figure, panels = plt.subplots(
        1,
        len(families),
        figsize=(style.WIDTH_INCH, 3.2),
        squeeze=False,
        sharey=True,
        layout="constrained",
    )
    for axes, (base, arms) in zip(panels[0], families.items(), strict=True):
        _panel(axes, inputs, [base, *arms])
        style.heading(axes, inputs.label(base))
    panels[0, 0].set_ylabel("density [1 / (mm day$^{-1}$)]")
    figure.supxlabel("moisture budget minus rain of coarse cells [mm day$^{-1}$]", fontsize=8)
    style.legend_below(figure, _legend(inputs, families), 4)
    return figure


def density(found: xr.Dataset, source: str = "") -> tuple[np.ndarray, np.ndarray]:
    """Bin edges [mm day-1] and density (bin,) [day mm-1] of a model's or a floor's residuals."""
    count, edges = found[f"{COUNT}{source}"].values, found["residual_edge"].values
    return edges, count / count.sum() / np.diff(edges)


def _panel(axes: Axes, inputs: FigureInputs, models: list[str]) -> None:
    first = inputs.physics[models[0]]
    edges, floor = density(first, "_bilinear")
    axes.stairs(floor, edges, color=style.LIGHT_GREY, fill=True, alpha=0.5)
    for model in models:
        if COUNT in inputs.physics[model]:
            chosen = style.look(model)
            edges, height = density(inputs.physics[model])
            axes.stairs(height, edges, color=chosen.colour, linestyle=chosen.dash, linewidth=1.2)
    edges, truth = density(first, "_truth")
    axes.stairs(truth, edges, color=style.BLACK, linewidth=1.4)
    end = _end(first)
    axes.set(xlim=(-end, end), yscale="log", ylim=(2e-4, 3 * truth.max()))
    axes.axvline(0, color=style.BLACK, linewidth=0.5, zorder=0)


def _end(found: xr.Dataset) -> float:
    """Half the width of the axis [mm day-1]: all but a few of the interpolation's residuals."""
    edges, count = found["residual_edge"].values, found[f"{COUNT}_bilinear"].values
    below = np.cumsum(count) / count.sum()
    low, high = edges[1:][below >= TAIL][0], edges[1:][below >= 1 - TAIL][0]
    return float(max(abs(low), abs(high)))


def _legend(inputs: FigureInputs, families: dict[str, list[str]]) -> list[Line2D]:
    shown = [model for base, arms in families.items() for model in (base, *arms)]
    handles = [Line2D([], [], color=style.BLACK, linewidth=1.4, label="truth")]
    handles.append(
        Line2D([], [], color=style.LIGHT_GREY, linewidth=5, alpha=0.5, label="interpolation")
    )
    for model in shown:
        look = style.look(model)
        handles.append(
            Line2D([], [], color=look.colour, linestyle=look.dash, label=inputs.label(model))
        )
    return handles
