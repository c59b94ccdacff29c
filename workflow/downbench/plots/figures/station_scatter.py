"""Climate at stations against that of the downscaled grid at their location."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from downbench.core.variables import VARIABLES
from downbench.plots import style
from downbench.plots.empty_figures import require_values
from downbench.plots.inputs import FigureInputs
from downbench.plots.station_rows import StationForecast, chain_forecasts, mean_names

TITLE = "Climate at stations"
CAPTION = (
    "One circle per station: measured value against the run at the same location, temperature "
    "adjusted to the altitude of the station. A cross is the gridded target over the years that"
    " it shares with the station, the best that a gridded model can reach. |Δ| is the mean "
    "distance of the circles from the diagonal."
)
POSITION = 180
NEEDS = ("stations", "climate")
WORDS = {
    "mean": "mean",
    "p99": "99th percentile",
    "p95": "95th percentile",
    "p05": "5th percentile",
}


def draw(inputs: FigureInputs) -> Figure:
    """Rows: raw, bias-corrected, each model, regional models. Columns: quantities.

    Raises
    ------
    NothingToDraw
        When there are no station values of a climate model's run.
    """
    shown = chain_forecasts(inputs)
    require_values(*(entry.places[n] for entry in shown for n in mean_names(entry)))
    columns = [
        (variable, quantity)
        for variable, row in VARIABLES.items()
        for quantity in ("mean", row.station_percentile)
        if f"{variable}_{quantity}" in shown[0].places
    ]
    figure, grid = plt.subplots(
        len(shown),
        len(columns),
        figsize=(style.WIDTH_INCH, 1.3 * len(shown) + 0.9),
        squeeze=False,
        sharex="col",
        sharey="col",
        layout="constrained",
    )
    for axes_row, entry in zip(grid, shown, strict=True):
        for axes, (variable, quantity) in zip(axes_row, columns, strict=True):
            _panel(axes, entry, f"{variable}_{quantity}")
        axes_row[0].set_ylabel(entry.words, fontsize=7)
    for top, foot, (variable, quantity) in zip(grid[0], grid[-1], columns, strict=True):
        top.set_title(f"{VARIABLES[variable].short_name}, {WORDS[quantity]}", fontsize=7.5)
        foot.set_xlabel(f"measured [{VARIABLES[variable].unit_mathtext}]", fontsize=7)
    style.legend_below(figure, _legend())
    return figure


def _panel(axes: Axes, entry: StationForecast, name: str) -> None:
    """Stations of one forecast, with the gridded target in grey."""
    measured = entry.places[f"{name}_observed"]
    for forecast, marks in (
        ("target", {"color": style.LIGHT_GREY, "marker": "x", "s": 12, "linewidth": 0.8}),
        ("ensemble", {"color": entry.colour, "marker": "o", "s": 14,
                      "edgecolor": style.DARK_GREY, "linewidth": 0.4}),
    ):  # fmt: skip
        forecasts = entry.places["forecast"].values.tolist()
        if forecast in forecasts:
            pair = (
                values.sel(forecast=forecast).values for values in (measured, entry.places[name])
            )
            axes.scatter(*pair, **marks, zorder=2 + (forecast == "ensemble"))
    gap = (entry.places[name] - measured).sel(forecast="ensemble").values
    middle = float(measured.mean())
    axes.axline((middle, middle), slope=1, color=style.BLACK, lw=0.7)
    axes.set_box_aspect(1)
    axes.locator_params(nbins=3)
    axes.tick_params(labelsize=6)
    axes.text(
        0.04, 0.96, f"|Δ| {np.nanmean(np.abs(gap)):.2g}", transform=axes.transAxes,
        va="top", fontsize=6.5,
    )  # fmt: skip


def _legend() -> list[Line2D]:
    kept = {"linestyle": "none", "color": style.DARK_GREY}
    return [
        Line2D([], [], marker="o", label="the run at a station", **kept),
        Line2D([], [], marker="x", label="gridded target, years in common", **kept),
        Line2D([], [], color=style.BLACK, lw=0.7, label="as measured"),
    ]
