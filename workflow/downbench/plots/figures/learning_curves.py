"""Learning curves: validation loss of each training against the samples it has seen."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from downbench.core.training_record import STILL_FALLING, late_fall
from downbench.plots import style
from downbench.plots.inputs import FigureInputs

TITLE = "Learning curves"
CAPTION = (
    "Validation loss after the samples that a training has seen, repeats counted: 1 at the first "
    "validation, 0 at the lowest. Losses of different families do not compare, their courses do. "
    "Still falling: more than 1 % of the whole fall lies between the means of the last two "
    "quarters, so longer training would help."
)
POSITION = 180
EXPERT = True


def draw(inputs: FigureInputs) -> Figure:
    """Draw one panel with one curve per trained model."""
    inputs.require(inputs.models, "validation_loss")
    figure, axes = plt.subplots(figsize=(style.WIDTH_INCH, 2.8), layout="constrained")
    handles = []
    for model in inputs.models:
        curve = _curve(inputs.comparison, model)
        if len(curve) > 1:
            handles.append(_line(axes, inputs, model, curve))
    axes.set_xscale("log")
    style.plain_log(axes.xaxis)
    axes.set_xlabel("samples")
    axes.set_ylabel("validation loss, from\nfirst (1) to lowest (0)")
    axes.grid(axis="y", color="#DDDDDD", linewidth=0.5)
    style.legend_below(figure, handles, columns=2)
    return figure


def _curve(comparison: pd.DataFrame, model: str) -> pd.Series:
    """Return the validation losses of a model by samples, in the order of the training."""
    rows = comparison[comparison["metric"] == "validation_loss"]
    return rows[rows["model"] == model].set_index("scale")["value"].dropna().sort_index()


def _line(axes: Axes, inputs: FigureInputs, model: str, losses: pd.Series) -> Line2D:
    """Draw the curve of a model; return its entry in the legend."""
    lowest, fall = losses.min(), losses.iloc[0] - losses.min()
    heights = (losses - lowest) / fall if fall else losses * 0
    marker = style.look(model).marker
    axes.plot(losses.index, heights, marker=marker, markersize=3, **style.line(model))
    late = late_fall(losses.to_list())
    falling = late is not None and late > STILL_FALLING
    words = f"{inputs.label(model)}{f': still falling, {late:.1%}' if falling else ''}"
    return style.handle(model, words.replace("%", " %"))
