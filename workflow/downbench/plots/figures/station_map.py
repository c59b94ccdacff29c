"""Maps of the bias of the downscaled climate at stations, for each step of the chain."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from downbench.core.variables import VARIABLES
from downbench.plots import style
from downbench.plots.empty_figures import require_values
from downbench.plots.inputs import FigureInputs
from downbench.plots.station_rows import StationForecast, chain_forecasts, mean_names

TITLE = "Bias of the mean at stations"
CAPTION = (
    "Run minus measurement. The first map shows the gridded target: its differences are the "
    "representativeness error of a grid cell at a point. Relief in grey."
)
POSITION = 190
NEEDS = ("stations", "climate")

COLUMNS = 4


def draw(inputs: FigureInputs) -> Figure:
    """For each variable: gridded target, then raw, bias-corrected, each model and regional models.

    Raises
    ------
    NothingToDraw
        When there are no station values of a climate model's run.
    """
    shown = chain_forecasts(inputs)
    require_values(*(entry.places[n] for entry in shown for n in mean_names(entry)))
    variables = [name.removesuffix("_mean") for name in mean_names(shown[0])]
    ground = next(iter(inputs["maps"].values()), None)
    extent = shown[0].places if ground is None else ground
    rows = -(-(len(shown) + 1) // COLUMNS)
    figure, grid = plt.subplots(
        rows * len(variables),
        COLUMNS,
        figsize=(style.WIDTH_INCH, _height(extent) * rows * len(variables) + 0.6),
        squeeze=False,
        sharex=True,
        sharey=True,
        layout="constrained",
    )
    for number, variable in enumerate(variables):
        part = grid[number * rows : (number + 1) * rows]
        biases = {"gridded target": _bias(shown[-1], variable, "target")}
        biases |= {entry.words: _bias(entry, variable, "ensemble") for entry in shown}
        scale = _scale(list(biases.values()), variable)
        for axes in part.flat[len(biases) :]:
            axes.set_visible(False)
        for axes, (words, bias) in zip(part.flat, biases.items(), strict=False):
            _panel(axes, bias, scale, ground)
            axes.set_title(words, fontsize=6.5, pad=2)
        bar = figure.colorbar(scale, ax=part, aspect=20, fraction=0.04, extend="both")
        label = f"{VARIABLES[variable].long_name} [{VARIABLES[variable].unit_mathtext}]"
        bar.set_label(label, fontsize=7)
    figure.supxlabel("longitude [°E]", fontsize=7.5)
    figure.supylabel("latitude [°N]", fontsize=7.5)
    return figure


def _height(extent: xr.Dataset) -> float:
    """Height of a panel with its title [inch] that fits the region, or the stations' extent."""
    lat, lon = extent["lat"].values, extent["lon"].values
    wide = np.ptp(lon) * np.cos(np.deg2rad(lat.mean()))
    return float(np.ptp(lat) / wide * (style.WIDTH_INCH - 1.2) / COLUMNS + 0.3)


def _bias(entry: StationForecast, variable: str, forecast: str) -> xr.DataArray:
    name = f"{variable}_mean"
    return (entry.places[name] - entry.places[f"{name}_observed"]).sel(forecast=forecast)


def _scale(biases: list[xr.DataArray], variable: str) -> mpl.cm.ScalarMappable:
    """One scale for a row, as wide as nine tenths of its biases."""
    values = np.abs(np.concatenate([bias.values for bias in biases]))
    widest = float(np.nanpercentile(values, 90)) if np.isfinite(values).any() else 1.0
    return mpl.cm.ScalarMappable(
        Normalize(-widest, widest), VARIABLES[variable].difference_colormap
    )


def _panel(
    axes: Axes, bias: xr.DataArray, scale: mpl.cm.ScalarMappable, ground: xr.Dataset | None
) -> None:
    if ground is not None and "orog" in ground.variables:
        place = (ground["lon"], ground["lat"])
        relief = {"cmap": "Greys", "vmin": 0, "vmax": 6000, "rasterized": True}
        axes.pcolormesh(*place, ground["orog"], shading="nearest", **relief)
        axes.contour(*place, ground["land"].fillna(0), [0.5], colors=style.BLACK, linewidths=0.4)
    marks = {"cmap": scale.cmap, "norm": scale.norm, "edgecolor": style.BLACK, "linewidth": 0.5}
    axes.scatter(bias["lon"], bias["lat"], c=bias, s=18, clip_on=False, zorder=3, **marks)
    axes.set_aspect(1 / np.cos(np.deg2rad(float(bias["lat"].mean()))))
    axes.tick_params(labelsize=5.5, length=2, pad=1)
    axes.locator_params(nbins=3)
