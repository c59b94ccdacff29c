"""Cost of skill: core seconds of training and of sampling against CRPS skill."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from downbench.core.variables import VARIABLES
from downbench.plots import style
from downbench.plots.inputs import FigureInputs
from downbench.plots.intervals import whiskers
from downbench.plots.timing import name_time_step

TITLE = "Cost and skill"
CAPTION = (
    "The upper left is best: high skill at low cost. Costs are seconds of processor cores, the "
    "training of a base model included. Both cost axes are logarithmic."
)
POSITION = 170
COSTS = {
    "sampling_cpu_s_per_member_day": "sampling [core s per member and {day}]",
    "training_cpu_s": "training with its bases [core s]",
}


def draw(inputs: FigureInputs) -> Figure:
    """Rows: variables. Columns: cost of sampling and of training. Upper left is best."""
    inputs.require(inputs.models, "crps_skill_climatology")
    rows = len(inputs.variables)
    figure, panels = plt.subplots(
        rows,
        2,
        figsize=(style.WIDTH_INCH, 2.3 * rows + 0.7),
        squeeze=False,
        sharex="col",
        sharey="row",
        layout="constrained",
    )
    for row, variable in zip(panels, inputs.variables, strict=True):
        for axes, metric in zip(row, COSTS, strict=True):
            _panel(axes, inputs, variable, metric)
        style.heading(row[0], VARIABLES[variable].long_name)
        row[0].set_ylabel("CRPS skill against\nclimatology [1]")
    for axes, words in zip(panels[-1], COSTS.values(), strict=True):
        axes.set_xlabel(name_time_step(words, inputs.region))
        style.plain_log(axes.xaxis)
    shown = [name for name in inputs.models if name != inputs.experiment["climatology_model"]]
    style.legend_below(
        figure, [style.handle(name, inputs.label(name), curve=False) for name in shown]
    )
    return figure


def _panel(axes: Axes, inputs: FigureInputs, variable: str, metric: str) -> None:
    for model in inputs.models:
        skill = inputs.compared(model, variable, "crps_skill_climatology")
        seconds = _cost(inputs, model, metric)
        if model == inputs.experiment["climatology_model"] or not len(skill) or seconds is None:
            continue
        axes.errorbar(
            [seconds],
            skill["value"].iloc[:1],
            whiskers(skill.iloc[:1]),
            linestyle="none",
            **style.point(model) | {"markersize": 6.5},
        )
    axes.axhline(0, color=style.BLACK, linewidth=0.8)
    axes.set_xscale("log")
    axes.grid(axis="y", color="#DDDDDD", linewidth=0.5)
    axes.margins(x=0.1)


def _cost(inputs: FigureInputs, model: str, metric: str) -> float | None:
    """Core seconds of one model; costs belong to no variable. None where nothing was measured."""
    table = inputs.comparison
    rows = table[(table["model"] == model) & (table["metric"] == metric)]
    value = rows["value"].dropna()
    return float(value.iloc[0]) if len(value) and value.iloc[0] > 0 else None
