"""Power spectra of constrained models and of their unconstrained versions."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from downbench.core.variables import VARIABLES
from downbench.plots import style
from downbench.plots.empty_figures import NothingToDraw
from downbench.plots.figures.rapsd import scale_axis
from downbench.plots.inputs import FigureInputs

TITLE = "Power spectra with and without constraints"
CAPTION = (
    "Power of single members relative to the reference, by wavelength: 1 is right, and below 1 "
    "detail is missing. Solid: unconstrained model. Dashed: constrained models; where a dashed "
    "line runs lower, the constraint smooths."
)
POSITION = 90
LOWEST = 1e-3
"""Ratios below are cut off: no power is left."""
NARROW = 5.0
"""Ends of an axis that lie closer together than this factor are shown on a linear one."""


def draw(inputs: FigureInputs) -> Figure:
    """Columns: families. Rows: variables. Ratio of the power of members to the reference's.

    Raises
    ------
    NothingToDraw
        When no constrained model has a spectrum.
    """
    families = inputs.families
    variables = [v for v in inputs.variables if inputs.having(v, "rapsd", list(families))]
    if not variables:
        raise NothingToDraw("figure rapsd-constrained: no constrained model has rows of rapsd")
    figure, panels = plt.subplots(
        len(variables),
        len(families),
        figsize=(style.WIDTH_INCH, 2.3 * len(variables) + 1.0),
        squeeze=False,
        sharex=True,
        layout="constrained",
    )
    for row, variable in zip(panels, variables, strict=True):
        for axes, (base, constrained) in zip(row, families.items(), strict=True):
            _panel(axes, inputs, variable, [base, *constrained])
        row[0].set_ylabel(f"{VARIABLES[variable].long_name}:\npower, model / reference [1]")
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
        reference = inputs.curve(model, variable, "rapsd_reference")
        pairs = rows.merge(reference, on="scale", suffixes=("", "_reference"))
        ratio = pairs["value"] / pairs["value_reference"]
        axes.plot(pairs["scale"], ratio.clip(lower=LOWEST), **_line(inputs, model, models[0]))
    axes.set(xscale="log", yscale="log")
    low, high = axes.get_ylim()
    low, high = max(min(low, 0.8), LOWEST), max(high, 1.25)
    axes.set_ylim(low, high)
    if high < NARROW * low:
        axes.set_yscale("linear")
    else:
        style.plain_log(axes.yaxis)


def _line(inputs: FigureInputs, model: str, base: str) -> dict[str, object]:
    return style.family_line(model, base, inputs.strength(model))


def _legend(inputs: FigureInputs) -> list[Line2D]:
    reference = Line2D([], [], color=style.BLACK, linewidth=2, label="reference")
    return [
        reference,
        *(
            Line2D([], [], label=inputs.label(model), **_line(inputs, model, base))
            for base, constrained in inputs.families.items()
            for model in (base, *constrained)
        ),
    ]
