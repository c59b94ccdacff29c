"""CRPS skill: how much better than climatology, and than the dressed UNet?"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from downbench.core.variables import VARIABLES
from downbench.plots import style
from downbench.plots.inputs import FigureInputs
from downbench.plots.intervals import whiskers

TITLE = "CRPS skill"
CAPTION = (
    "Reduction of the CRPS relative to climatology (left) and to the reference model (right). "
    "Whiskers are paired bootstrap intervals: an interval that includes zero shows no "
    "significant difference. Bars marked « are cut at −1, twice the error. Hatching: a single "
    "field, whose CRPS is its mean absolute error."
)
POSITION = 110
METRICS = {"crps_skill_climatology": "climatology_model", "crps_skill_dressed": "reference_model"}


WORST = -1.0
"""Skill below which a bar is cut off; its number is written all the same [1]."""


def draw(inputs: FigureInputs) -> Figure:
    """Rows: variables. Columns: skill against climatology and against the reference model."""
    inputs.require(inputs.models, *METRICS)
    rows = len(inputs.variables)
    height = (0.2 * len(inputs.models) + 0.85) * rows + 0.2
    figure, panels = plt.subplots(
        rows,
        2,
        figsize=(style.WIDTH_INCH, height),
        squeeze=False,
        sharey=True,
        sharex="col",
        layout="constrained",
    )
    for row, variable in zip(panels, inputs.variables, strict=True):
        for axes, (metric, role) in zip(row, METRICS.items(), strict=True):
            zero = inputs.experiment[role]
            models = [name for name in inputs.models if name != zero]
            _bars(axes, inputs, variable, metric, models)
            style.heading(axes, f"{VARIABLES[variable].long_name},\nagainst {inputs.label(zero)}")
    for axes in panels[-1]:
        axes.set_xlabel("CRPS skill score [1]: 0 no better, 1 perfect")
    if len(inputs.ensembles) < len(inputs.models):
        figure.supxlabel("† a single field: its CRPS is its mean absolute error", fontsize=7)
    return figure


def _bars(axes: Axes, inputs: FigureInputs, variable: str, metric: str, models: list[str]) -> None:
    places = {name: place for place, name in enumerate(inputs.models)}
    for model in models:
        row = inputs.compared(model, variable, metric)
        hatch = None if model in inputs.ensembles else "////"
        axes.barh(
            [places[model]] * len(row),
            row["value"].clip(lower=WORST),
            xerr=None if (row["value"] < WORST).any() else whiskers(row),
            height=0.72,
            color=style.look(model).colour,
            edgecolor=style.DARK_GREY,
            linewidth=0.5,
            hatch=hatch,
            error_kw={"elinewidth": 1.1, "capsize": 2},
        )
        _number(axes, places[model], row[["value", "upper", "lower"]].to_numpy(float))
    axes.axvline(0, color=style.BLACK, linewidth=0.8)
    axes.set(yticks=list(places.values()), ylim=(len(places) - 0.5, -0.5))
    axes.set_yticklabels([_name(inputs, name) for name in places])
    axes.margins(x=0.18)


def _name(inputs: FigureInputs, model: str) -> str:
    return inputs.label(model) + ("" if model in inputs.ensembles else " †")


def _number(axes: Axes, place: int, row: np.ndarray) -> None:
    """Write the skill beyond the end of its interval, or on the bar where that is cut off."""
    for value, *ends in row:
        ends_shown = [*(end for end in ends if np.isfinite(end)), value]
        far, side = (max(ends_shown), 1) if value >= 0 else (min(ends_shown), -1)
        text, box = style.signed(value), None
        if value < WORST:
            far, side, text = WORST, 1, f"« {text}"
            box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
        axes.annotate(
            text,
            (far, place),
            xytext=(4 * side, 0),
            va="center",
            textcoords="offset points",
            ha="left" if side > 0 else "right",
            fontsize=6.5,
            bbox=box,
        )
