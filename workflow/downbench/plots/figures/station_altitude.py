"""Skill at stations by their altitude, and the effect of the correction for altitude."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from downbench.core.variables import VARIABLES
from downbench.plots import style
from downbench.plots.empty_figures import NothingToDraw
from downbench.plots.inputs import FigureInputs
from downbench.plots.station_rows import StationForecast, pair_forecasts

TITLE = "Skill at stations by altitude"
CAPTION = (
    "Left: test {day}s of the training driver; the bar is the gridded target used as a "
    "forecast. Right: bias of the gridded target against the height of the station above its "
    "grid cells. Open circles show the bias before the lapse-rate correction, which is fitted "
    "on the training years. Rain is not corrected."
)
POSITION = 200
EXPERT = True
NEEDS = ("stations",)


def draw(inputs: FigureInputs) -> Figure:
    """Left: CRPS of test days by altitude. Right: bias by the rise from cell to station.

    Raises
    ------
    NothingToDraw
        When there are no station scores of the training driver's test days.
    """
    shown = [
        entry
        for name in inputs.experiment["models"]
        for entry in pair_forecasts(inputs, "own", name)
    ]
    shown = [entry for entry in shown if _has_scores(entry)]
    if not shown:
        raise NothingToDraw("no station scores of paired days; run `snakemake exp3` first")
    variables = [name for name in VARIABLES if f"{name}_crps" in shown[0].places]
    figure, grid = plt.subplots(
        len(variables),
        2,
        figsize=(style.WIDTH_INCH, 2.4 * len(variables) + 0.7),
        squeeze=False,
        layout="constrained",
    )
    for (left, right), variable in zip(grid, variables, strict=True):
        _skill(left, shown, variable)
        _bias(right, shown[0], variable)
        style.heading(left, VARIABLES[variable].long_name)
        style.heading(right, f"{VARIABLES[variable].long_name}: gridded target")
        left.set_ylabel(f"CRPS [{VARIABLES[variable].unit_mathtext}]")
        right.set_ylabel(f"grid − station [{VARIABLES[variable].unit_mathtext}]")
    grid[-1, 0].set_xlabel("altitude of the station [m]")
    grid[-1, 1].set_xlabel("altitude of the station minus that of the grid [m]")
    handles = [
        style.handle(entry.model, inputs.label(entry.model), curve=False) for entry in shown
    ]
    style.legend_below(figure, [*handles, *_marks()], columns=4)
    return figure


def _has_scores(entry: StationForecast) -> bool:
    names = (f"{name}_crps" for name in VARIABLES if f"{name}_crps" in entry.places)
    return any(bool(entry.places[name].notnull().any()) for name in names)


def _skill(axes: Axes, shown: list[StationForecast], variable: str) -> None:
    """One mark per station and model; the gridded target, scored as a forecast, is the floor."""
    floor = shown[0].places[f"{variable}_crps"].sel(forecast="target")
    axes.scatter(floor["altitude"], floor, marker="_", s=40, color=style.BLACK, zorder=3)
    for entry in shown:
        score = entry.places[f"{variable}_crps"].sel(forecast="ensemble")
        look = style.look(entry.model)
        axes.scatter(
            score["altitude"],
            score,
            marker=look.marker,
            s=20,
            color=look.colour,
            edgecolor=style.DARK_GREY,
            linewidth=0.4,
        )
    axes.set_ylim(bottom=0)


def _bias(axes: Axes, entry: StationForecast, variable: str) -> None:
    """Bias of the gridded target at stations, for temperature with and without the correction."""
    bias = entry.places[f"{variable}_bias"].sel(forecast="target")
    rise = entry.places["rise_m"]
    if f"{variable}_altitude_correction" in entry.places:
        correction = entry.places[f"{variable}_altitude_correction"].sel(forecast="target")
        axes.scatter(rise, bias - correction, facecolor="none", edgecolor=style.VERMILLION, s=18)
    axes.scatter(rise, bias, color=style.BLUE, s=18)
    axes.axhline(0, color=style.BLACK, lw=0.7)


def _marks() -> list[Line2D]:
    kept = {"linestyle": "none"}
    return [
        Line2D([], [], marker="_", color=style.BLACK, label="gridded target", **kept),
        Line2D([], [], marker="o", color=style.BLUE, label="as scored", **kept),
        Line2D([], [], marker="o", color=style.VERMILLION, fillstyle="none",
               label="altitude not corrected", **kept),
    ]  # fmt: skip
