"""Residual of the moisture budget: models against the reference."""

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from downbench.plots import style
from downbench.plots.empty_figures import NothingToDraw
from downbench.plots.inputs import FigureInputs

TITLE = "Moisture budget residual"
CAPTION = (
    "Evaporation plus moisture flux convergence minus storage change, minus the rain of the "
    "coarse cell. The black curve is the residual of the reference itself, the grey one that of"
    " interpolation, which uses no moisture information. Left of zero, more rain falls than the"
    " budget provides."
)
POSITION = 70
EXPERT = True
NEEDS = ("rain", "budget")
COUNT = "budget_residual_count"
NARROWEST_MM_DAY, SHARE = 0.1, 0.15
"""Least width of a bin in the figure, and the same as a share of its far edge."""
TAIL = 0.002
"""Share of the bilinear interpolation's residuals that may lie beyond either end of the axis."""


def draw(inputs: FigureInputs) -> Figure:
    """One panel per family: density of the residual, with those of reference and interpolation.

    Raises
    ------
    NothingToDraw
        When no model's file holds residuals.
    """
    families = {
        b: constrained
        for b, constrained in inputs.families.items()
        if COUNT in inputs["physics"][b] and inputs["physics"][b][COUNT].sum() > 0
    }
    if not families:
        raise NothingToDraw(
            f"figure budget-residual: no file holds {COUNT}; run check_physics first"
        )
    figure, panels = plt.subplots(
        1,
        len(families),
        figsize=(style.WIDTH_INCH, 3.2),
        squeeze=False,
        sharey=True,
        layout="constrained",
    )
    for axes, (base, constrained) in zip(panels[0], families.items(), strict=True):
        _panel(axes, inputs, [base, *constrained])
        style.heading(axes, inputs.label(base))
        axes.set_xlabel("budget minus rain [mm day$^{-1}$]")
    panels[0, 0].set_ylabel("density [(mm day$^{-1}$)$^{-1}$]")
    style.legend_below(figure, _legend(inputs, families), 4)
    return figure


def density(residuals: xr.Dataset, source: str = "") -> tuple[np.ndarray, np.ndarray]:
    """Edges [mm day-1] and density (bin,) [day mm-1] of a model's or a floor's residuals.

    Neighbouring bins of the file are merged until they have the least width.
    """
    count, edges = residuals[f"{COUNT}{source}"].values, residuals["residual_edge"].values
    positive = [edges[edges > 0][0]]
    for edge in edges[edges > 0]:
        if edge - positive[-1] >= max(NARROWEST_MM_DAY, SHARE * edge):
            positive.append(edge)
    kept = np.concatenate([-np.array(positive)[::-1], positive])
    below = np.concatenate([[0], np.cumsum(count)])
    held = np.diff(below[np.searchsorted(edges, kept)])

    return kept, held / count.sum() / np.diff(kept)


def _panel(axes: Axes, inputs: FigureInputs, models: list[str]) -> None:
    first = inputs["physics"][models[0]]
    edges, floor = density(first, "_bilinear")
    axes.stairs(floor, edges, color=style.LIGHT_GREY, fill=True, alpha=0.5)
    for model in models:
        if COUNT in inputs["physics"][model] and inputs["physics"][model][COUNT].sum() > 0:
            line_style = _line(inputs, model, models[0])
            edges, height = density(inputs["physics"][model])
            axes.stairs(
                height, edges, **{n: line_style[n] for n in ("color", "linestyle", "linewidth")}
            )
    edges, reference = density(first, "_reference")
    axes.stairs(reference, edges, color=style.BLACK, linewidth=1.4)
    end = _end(first)
    axes.set(xlim=(-end, end), yscale="log", ylim=(2e-4, 3 * reference.max()))
    axes.axvline(0, color=style.BLACK, linewidth=0.5, zorder=0)


def _end(residuals: xr.Dataset) -> float:
    """Half the width of the axis [mm day-1]: all but a few of the interpolation's residuals."""
    edges, count = residuals["residual_edge"].values, residuals[f"{COUNT}_bilinear"].values
    below = np.cumsum(count) / count.sum()
    low, high = edges[1:][below >= TAIL][0], edges[1:][below >= 1 - TAIL][0]
    return float(max(abs(low), abs(high)))


def _line(inputs: FigureInputs, model: str, base: str) -> dict[str, object]:
    return style.family_line(model, base, inputs.strength(model))


def _legend(inputs: FigureInputs, families: dict[str, list[str]]) -> list[Line2D]:
    shown = [
        (model, base) for base, constrained in families.items() for model in (base, *constrained)
    ]
    handles = [Line2D([], [], color=style.BLACK, linewidth=1.4, label="reference")]
    handles.append(
        Line2D([], [], color=style.LIGHT_GREY, linewidth=5, alpha=0.5, label="interpolation")
    )
    return [
        *handles,
        *(
            Line2D([], [], label=inputs.label(model), **_line(inputs, model, base))
            for model, base in shown
        ),
    ]
