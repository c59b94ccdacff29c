"""Does the shift of the predictors explain the error of the downscaled climate?"""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from downbench.core.variables import VARIABLES
from downbench.plots import style
from downbench.plots.empty_figures import NothingToDraw
from downbench.plots.inputs import FigureInputs
from downbench.plots.intervals import whiskers

TITLE = "Predictor shift and error"
CAPTION = (
    "Horizontal axis: how far the input is from the training data, as the distance of the "
    "variable's own predictor in standard deviations (left), or as the skill of a classifier in"
    " separating its {day}s from training {day}s (right; 0.5 is none). Vertical axis: distance "
    "of the downscaled climate from the reference. Lines connect the training driver in years "
    "not used for training, the raw GCM and the bias-corrected GCM; small markers are seasons. "
    "Error without shift is the model's own error or due to different weather."
)
POSITION = 10
EXPERT = True
ERROR = "wasserstein"
OWN, JOINT = "wasserstein_normalised", "two_sample_auc"
STAGES = {
    "training": ("o", "training driver, other years"),
    "raw": ("^", "climate model, raw"),
    "corrected": ("s", "climate model, bias-corrected"),
}
ENDS = ["value", "lower", "upper"]


def draw(inputs: FigureInputs) -> Figure:
    """Rows: variables. Left: shift of the variable's own predictor, right: of all together.

    Raises
    ------
    NothingToDraw
        When no driver has both a measured shift and a scored climate.
    """
    variables = [v for v in inputs.variables if len(_points(inputs, v, OWN))]
    variables = [v for v in variables if _points(inputs, v, OWN)["value_y"].notna().any()]
    if not variables:
        raise NothingToDraw("figure shift-error: no driver with both shift and climate; run exp3")
    figure, panels = plt.subplots(
        len(variables), 2, squeeze=False, sharey="row", layout="constrained",
        figsize=(style.WIDTH_INCH, 2.5 * len(variables) + 0.7),
    )  # fmt: skip
    for row, variable in zip(panels, variables, strict=True):
        _panel(row[0], inputs, variable, OWN)
        _panel(row[1], inputs, variable, JOINT)
        style.heading(row[0], VARIABLES[variable].long_name)
        unit = VARIABLES[variable].unit_mathtext
        row[0].set_ylabel(f"distance of the climate\nfrom the reference [{unit}]")
    panels[-1, 0].set_xlabel("shift of its own predictor [standard deviations]")
    panels[-1, 1].set_xlabel("joint shift: area under the classifier's curve [1]")
    style.legend_below(figure, _legend(inputs), 4)
    return figure


def _points(inputs: FigureInputs, variable: str, shift: str) -> pd.DataFrame:
    """Shift and error of every model, driver of the present and season, columns `…_x`, `…_y`."""
    table = inputs.driver_chain
    if table is None:
        return pd.DataFrame()
    present = table[(table["period"] == "present") & table["stage"].isin(STAGES)]
    about = present["variable"] == (variable if shift == OWN else "all")
    shifts = present[(present["part"] == "shift") & (present["metric"] == shift) & about]
    errors = present[
        (present["part"] == "climate")
        & (present["metric"] == ERROR)
        & (present["variable"] == variable)
        & present["model"].isin(inputs.experiment["models"])
    ]
    shown = shifts[["driver", "season", *ENDS]]
    return errors.merge(shown, on=["driver", "season"], suffixes=("_y", "_x"))


def _panel(axes: Axes, inputs: FigureInputs, variable: str, shift: str) -> None:
    points = _points(inputs, variable, shift)
    annual = points[points["season"] == "all"]
    for _, of_model in annual.groupby("model", sort=False):
        ordered = of_model.sort_values("stage", key=lambda s: s.map([*STAGES].index))
        axes.plot(
            ordered["value_x"], ordered["value_y"], color=style.LIGHT_GREY, linewidth=0.6, zorder=1
        )
    for point in points[points["season"] != "all"].itertuples():
        axes.plot(point.value_x, point.value_y, **_look(point) | {"markersize": 2.5, "alpha": 0.6})
    for place in range(len(annual)):
        row = annual.iloc[place : place + 1]
        axes.errorbar(
            row["value_x"], row["value_y"],
            xerr=whiskers(_side(row, "x")), yerr=whiskers(_side(row, "y")),
            ecolor=style.LIGHT_GREY, elinewidth=0.6, zorder=2, **_look(row.iloc[0]),
        )  # fmt: skip
    axes.axvline(0.0 if shift == OWN else 0.5, color=style.BLACK, linewidth=0.7, zorder=0)
    axes.set_ylim(bottom=0)


def _side(rows: pd.DataFrame, side: str) -> pd.DataFrame:
    return rows[[f"{end}_{side}" for end in ENDS]].set_axis(ENDS, axis=1)


def _look(point: pd.Series) -> dict[str, object]:
    """Colour of the model, marker of the stage."""
    return {
        "color": style.look(point.model).colour,
        "marker": STAGES[point.stage][0],
        "markeredgecolor": style.DARK_GREY,
        "markeredgewidth": 0.5,
        "linestyle": "none",
    }


def _legend(inputs: FigureInputs) -> list[Line2D]:
    points = _points(inputs, inputs.variables[0], OWN)
    models = [m for m in inputs.experiment["models"] if m in set(points["model"])]
    entries = [_entry(style.look(m).colour, "o", inputs.label(m)) for m in models]
    stages = [s for s in STAGES if s in set(points["stage"])]
    return entries + [_entry("white", *STAGES[stage]) for stage in stages]


def _entry(colour: str, marker: str, label: str) -> Line2D:
    entry = Line2D([], [], color=colour, marker=marker, linestyle="none", label=label)
    entry.set(markeredgecolor=style.DARK_GREY, markeredgewidth=0.5)
    return entry
