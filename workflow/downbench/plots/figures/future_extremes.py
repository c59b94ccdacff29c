"""Change of extremes with its uncertainty by source: years, members, models."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from downbench.core.stages import CORRECTED
from downbench.core.variables import VARIABLES
from downbench.plots import style
from downbench.plots.downscaled_runs import DownscaledRun, downscaled_runs
from downbench.plots.empty_figures import require_values
from downbench.plots.inputs import FigureInputs
from downbench.plots.intervals import whiskers

TITLE = "Change of extremes and its uncertainty"
CAPTION = (
    "Three sources of uncertainty: sampling of years (grey bar), members of one model "
    "(whisker), and choice of the learned model under the bias-corrected run (band)."
)
POSITION = 50
WORDS = {
    "mean": "mean",
    "p99": "99th percentile",
    "rx1day": "wettest day of a year",
    "txx": "warmest day of a year",
}


def draw(inputs: FigureInputs) -> Figure:
    """Rows: variables. Columns: extremes. One line for every link of the chain."""
    runs = downscaled_runs(inputs, "change", "change")
    changes = inputs.driver_chain[inputs.driver_chain["part"] == "change"]
    require_values(changes["value"])
    height = 0.19 * len(runs) + 0.75
    figure, panels = plt.subplots(
        len(inputs.variables),
        2,
        figsize=(style.WIDTH_INCH, height * len(inputs.variables) + 0.4),
        squeeze=False,
        sharey=True,
        layout="constrained",
    )
    for row, variable in zip(panels, inputs.variables, strict=True):
        quantities = ("p99", VARIABLES[variable].yearly_maximum or "mean")
        for axes, quantity in zip(row, quantities, strict=True):
            _panel(axes, inputs, runs, variable, quantity)
            style.heading(axes, f"{VARIABLES[variable].long_name},\n{WORDS[quantity]}")
    _legend(figure)
    return figure


def _panel(
    axes: Axes, inputs: FigureInputs, runs: list[DownscaledRun], variable: str, quantity: str
) -> None:
    changes = []
    for place, run in enumerate(runs):
        row = _row(inputs, run, variable, f"change_{quantity}")
        if not len(row):
            continue
        value = float(row["value"].iloc[0])
        axes.errorbar(
            row["value"], [place] * len(row), xerr=whiskers(row), fmt="none",
            ecolor=style.LIGHT_GREY, elinewidth=4.5,
        )  # fmt: skip
        members = _row(inputs, run, variable, f"change_{quantity}_members")
        spread = float(members["value"].iloc[0]) if len(members) else np.nan
        if np.isfinite(spread):
            axes.errorbar(value, place, xerr=spread, fmt="none", ecolor=style.BLACK, capsize=2)
        axes.plot(value, place, marker="o", color=run.colour, markeredgecolor=style.DARK_GREY)
        plain = {runs[0].model, inputs.experiment["reference_model"]}
        if run.stage == CORRECTED and run.model not in plain:
            changes.append(value)
    if len(changes) > 1:
        middle, spread = np.mean(changes), np.std(changes, ddof=1)
        axes.axvspan(middle - spread, middle + spread, color=style.SKY, alpha=0.25, zorder=0)
    axes.axvline(0, color=style.BLACK, linewidth=0.7)
    axes.set(yticks=range(len(runs)), ylim=(len(runs) - 0.5, -0.5))
    axes.set_yticklabels([run.label for run in runs], fontsize=6.5)
    axes.set_xlabel(f"change [{VARIABLES[variable].unit_mathtext}]")


def _row(inputs: FigureInputs, run: DownscaledRun, variable: str, metric: str) -> pd.DataFrame:
    table = inputs.driver_chain
    return table[
        (table["part"] == "change")
        & (table["model"] == run.model)
        & (table["stage"] == run.stage)
        & (table["run"] == run.run)
        & (table["variable"] == variable)
        & (table["metric"] == metric)
        & np.isfinite(table["value"])
    ]


def _legend(figure: Figure) -> None:
    figure.legend(
        handles=[
            Line2D(
                [], [], color=style.LIGHT_GREY, linewidth=4.5, label="95 % interval over years"
            ),
            Line2D([], [], color=style.BLACK, label="± standard deviation of members"),
            Patch(color=style.SKY, alpha=0.25, label="± standard deviation of models"),
        ],
        loc="outside lower center",
        ncols=3,
        frameon=False,
    )
