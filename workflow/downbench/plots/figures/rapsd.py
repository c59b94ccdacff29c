"""Radially averaged power spectra: is there the right amount of detail at every length?"""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, NullFormatter

from downbench.core.variables import VARIABLES
from downbench.plots import style
from downbench.plots.empty_figures import NothingToDraw
from downbench.plots.inputs import FigureInputs

TITLE = "Power spectra"
CAPTION = (
    "Members should have as much variance as the reference (black) at every wavelength. A line "
    "that falls below it at short wavelengths is too smooth; one that rises above it invents "
    "detail."
)
POSITION = 150


def draw(inputs: FigureInputs) -> Figure:
    """Upper row: spectra of members (averaged) and reference. Lower row: their ratio.

    Raises
    ------
    NothingToDraw
        When no field has a spectrum.
    """
    fields = [pair for pair in _fields(inputs) if inputs.having(*pair, inputs.models)]
    if not fields:
        raise NothingToDraw(
            "no spectrum could be computed: the region has no rectangle of valid cells that is "
            "large enough"
        )
    figure, panels = plt.subplots(
        2,
        len(fields),
        figsize=(style.WIDTH_INCH, 5.0),
        squeeze=False,
        sharex=True,
        layout="constrained",
        height_ratios=[3, 2],
    )
    for upper, lower, (variable, metric) in zip(*panels, fields, strict=True):
        _spectra(upper, lower, inputs, variable, metric)
        scale_axis(lower)
        _ratio_axis(lower)
    panels[1, 0].set_ylabel("model / reference")
    reference = Line2D([], [], color=style.BLACK, linewidth=2, label="reference")
    lines = [
        Line2D([], [], label=inputs.label(name), **style.line(name)) for name in inputs.models
    ]
    style.legend_below(figure, [reference, *lines])
    return figure


def _fields(inputs: FigureInputs) -> list[tuple[str, str]]:
    """Spectra to show: each variable, and rain once more on its logarithm."""
    plain = [(name, "rapsd") for name in inputs.variables]
    return plain[:1] + [("pr", "rapsd_log")] + plain[1:]


def _spectra(upper: Axes, lower: Axes, inputs: FigureInputs, variable: str, metric: str) -> None:
    for model in inputs.having(variable, metric, inputs.models):
        rows = inputs.curve(model, variable, metric)
        reference = inputs.curve(model, variable, f"{metric}_reference")
        upper.loglog(
            reference["scale"], reference["value"], color=style.BLACK, linewidth=2, zorder=1
        )
        upper.loglog(rows["scale"], rows["value"], **style.line(model))
        _band(upper, rows, model)
        pairs = rows.merge(reference, on="scale", suffixes=("", "_reference"))
        lower.loglog(
            pairs["scale"], pairs["value"] / pairs["value_reference"], **style.line(model)
        )
    logarithm = metric.endswith("_log")
    style.heading(upper, ("log of " if logarithm else "") + VARIABLES[variable].long_name)
    unit = "km" if logarithm else f"{_squared(variable)} km"
    upper.set_ylabel(f"spectral density [{unit}]")


def _squared(variable: str) -> str:
    unit = VARIABLES[variable].unit_mathtext
    return f"({unit})$^2$" if " " in unit else f"{unit}$^2$"


def _band(axes: Axes, rows: pd.DataFrame, model: str) -> None:
    if rows["lower"].notna().any():
        colour = style.look(model).colour
        axes.fill_between(rows["scale"], rows["lower"], rows["upper"], color=colour, alpha=0.2)


def _ratio_axis(axes: Axes) -> None:
    """Ratios as plain numbers; the axis ends at a thousandth, where no power is left."""
    axes.axhline(1, color=style.BLACK, linewidth=2, zorder=0)
    axes.set_ylim(max(axes.get_ylim()[0], 1e-3), None)
    style.plain_log(axes.yaxis)


def scale_axis(axes: Axes) -> None:
    """Wavelengths from long to short, as plain numbers."""
    axes.set(xlabel="wavelength [km]")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    low, high = sorted(axes.get_xlim())
    ticks = [t for t in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000) if low <= t <= high]
    axes.set_xticks(ticks)
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlim(high, low)
