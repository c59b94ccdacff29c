"""Power spectra with and without: what a way to obey does to the detail of its model."""

from __future__ import annotations

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from downbench.core.errors import UserError
from downbench.plots import style
from downbench.plots.inputs import FigureInputs
from downbench.plots.rapsd import scale_axis

LOWEST = 1e-3
"""Ratios below are cut off: nothing is left to tell apart."""


def draw(inputs: FigureInputs) -> Figure:
    """Columns: families. Rows: variables. Power of the members over that of truth.

    Raises:
        UserError: when no model with arms has a spectrum.
    """
    families = inputs.families
    variables = [v for v in inputs.variables if inputs.having(v, "rapsd", list(families))]
    if not variables:
        raise UserError("figure rapsd-arms: no model with arms has rows of rapsd")
    figure, panels = plt.subplots(
        len(variables),
        len(families),
        figsize=(style.WIDTH_INCH, 2.3 * len(variables) + 1.0),
        squeeze=False,
        sharex=True,
        sharey="row",
        layout="constrained",
    )
    for row, variable in zip(panels, variables, strict=True):
        for axes, (base, arms) in zip(row, families.items(), strict=True):
            _panel(axes, inputs, variable, [base, *arms])
        row[0].set(yscale="log", ylim=(max(row[0].get_ylim()[0], LOWEST), None))
        row[0].set_ylabel(f"{style.WORDS[variable]}:\npower, model / truth [1]")
        style.plain_log(row[0].yaxis)
    for axes, base in zip(panels[0], families, strict=True):
        style.heading(axes, inputs.label(base))
    for axes in panels[-1]:
        scale_axis(axes)
    style.legend_below(figure, _legend(inputs), 4)
    return figure


def _panel(axes: Axes, inputs: FigureInputs, variable: str, models: list[str]) -> None:
    axes.axhline(1, color=style.BLACK, linewidth=2, zorder=0)
    for model in inputs.having(variable, "rapsd", models):
        rows = inputs.curve(model, variable, "rapsd")
        truth = inputs.curve(model, variable, "rapsd_reference")
        both = rows.merge(truth, on="scale", suffixes=("", "_truth"))
        ratio = both["value"] / both["value_truth"]
        axes.plot(both["scale"], ratio.clip(lower=LOWEST), **_line(inputs, model, models[0]))
    axes.set_xscale("log")


def _line(inputs: FigureInputs, model: str, base: str) -> dict[str, object]:
    return style.family_line(model, base, inputs.strength(model))


def _legend(inputs: FigureInputs) -> list[Line2D]:
    truth = Line2D([], [], color=style.BLACK, linewidth=2, label="truth")
    return [
        truth,
        *(
            Line2D([], [], label=inputs.label(model), **_line(inputs, model, base))
            for base, arms in inputs.families.items()
            for model in (base, *arms)
        ),
    ]
