"""Maps of one variable on one day: the input, the reference, and every model."""

from dataclasses import dataclass
from itertools import chain

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, Normalize
from matplotlib.figure import Figure

from downbench.core.constants import PERFECT
from downbench.core.variables import VARIABLES
from downbench.plots import style
from downbench.plots.empty_figures import NothingToDraw, require_values
from downbench.plots.inputs import FigureInputs
from downbench.plots.map_positions import has_positions, height_over_width, positions
from downbench.plots.timing import is_daily, name_time_step

COLUMNS = 5
REFERENCE = "reference"
RAIN_LEVELS_MM_DAY = (0.1, 0.5, 1, 2, 5, 10, 15, 20, 30, 40, 60, 80, 120, 200)
NAN_COLOUR = "#DDDDDD"
ARTICLE = {"wettest": "the", "hottest": "the", "typical": "a"}


@dataclass(frozen=True)
class Panel:
    """One map: what is shown, its words, and whether it is a spread."""

    field: xr.DataArray
    title: str
    is_spread: bool = False


def draw_maps(inputs: FigureInputs, variable: str, kind: str) -> Figure:
    """Maps of `variable` on the day of this kind (`wettest`, `hottest` or `typical`).

    First rows: block means of the reference, the reference, and the models that have a single
    field. Then one row per ensemble: mean, spread and three members.

    Raises
    ------
    NothingToDraw
        When no model has maps of this variable.
    """
    days = _days(inputs, variable, kind)
    if not days:
        raise NothingToDraw(
            f"no maps file holds {variable}_mean on the {kind} day; evaluate again"
        )
    rows = _single_rows(inputs, days, variable)
    require_values(*(panel.field for row in rows for panel in row))
    names = [name for name in inputs.ensembles if name in days]
    rows += [_ensemble_row(days[name], variable) for name in names]
    labels = [""] * (len(rows) - len(names)) + [inputs.label(name) for name in names]
    titled = range(len(rows) - len(names) + 1)
    figure, grid = _grid(rows)
    scales = _scales(rows, variable)
    for number, (panels, axes_row) in enumerate(zip(rows, grid, strict=True)):
        _row(panels, axes_row, scales, number in titled)
        axes_row[0].set_ylabel(labels[number], fontsize=7.5)
    _colour_bars(figure, grid, scales, variable)
    _coordinates(figure, grid, rows)
    when = name_time_step(f"{{on}} {ARTICLE[kind]} {kind} test {{day}}", inputs.region)
    date = _date(next(iter(days.values())), is_daily(inputs.region))
    figure.suptitle(f"{VARIABLES[variable].long_name.capitalize()} {when}{date}", fontsize=9)
    return figure


def _days(inputs: FigureInputs, variable: str, kind: str) -> dict[str, xr.Dataset]:
    """Maps of each model on the day of this kind."""
    days = {}
    for model in inputs.models:
        maps = inputs["maps"].get(model)
        if maps is None or f"{variable}_mean" not in maps or kind not in maps["kind"].values:
            continue
        days[model] = maps.isel(day=int(np.flatnonzero(maps["kind"].values == kind)[0]))
    return days


def _single_rows(
    inputs: FigureInputs, days: dict[str, xr.Dataset], variable: str
) -> list[list[Panel]]:
    first = next(iter(days.values()))
    panels = [Panel(first[f"{variable}_reference"], REFERENCE)]
    if f"{variable}_coarse" in first:
        panels.insert(0, Panel(first[f"{variable}_coarse"], _words_of_block_means(inputs)))
    singles = [name for name in days if name not in inputs.ensembles]
    panels += [Panel(days[name][f"{variable}_mean"], inputs.label(name)) for name in singles]
    return [panels[start : start + COLUMNS] for start in range(0, len(panels), COLUMNS)]


def _words_of_block_means(inputs: FigureInputs) -> str:
    """Return the title of the block means of the reference: a perfect driver's are the input."""
    trained_on = next(iter(inputs["comparison"]), "")
    driver = inputs.region.get("drivers", {}).get(trained_on, {})
    resolution, factor = inputs.region.get("resolution_km"), inputs.region.get("factor")
    size = f"{resolution * factor:g} km" if resolution and factor else "block means"
    return f"input, {size}" if driver.get("type") == PERFECT else f"{REFERENCE}, {size}"


def _ensemble_row(day: xr.Dataset, variable: str) -> list[Panel]:
    members = day[f"{variable}_members"]
    return [
        Panel(day[f"{variable}_mean"], "mean"),
        Panel(day[f"{variable}_spread"], "spread", is_spread=True),
        *(
            Panel(members.isel(member=i), f"member {i + 1}")
            for i in range(members.sizes["member"])
        ),
    ][:COLUMNS]


def _grid(rows: list[list[Panel]]) -> tuple[Figure, np.ndarray]:
    """Axes that fit the shape of the region."""
    field = rows[0][0].field
    height = (1.14 * height_over_width(field) + 0.06) * len(rows) + 0.9
    return plt.subplots(
        len(rows),
        COLUMNS,
        figsize=(style.WIDTH_INCH, height),
        squeeze=False,
        layout="constrained",
    )


def _scales(rows: list[list[Panel]], variable: str) -> dict[bool, mpl.cm.ScalarMappable]:
    """Colour scales of the fields (False) and of the spreads (True), shared by all panels."""
    panels = list(chain.from_iterable(rows))
    spreads = [np.nanpercentile(p.field.values, 99) for p in panels if p.is_spread] or [1.0]
    reference = next(panel.field.values for panel in panels if panel.title == REFERENCE)
    if VARIABLES[variable].is_intermittent:
        field = mpl.cm.ScalarMappable(*_rain_scale(float(np.nanmax(reference))))
    else:
        low, high = np.nanpercentile(reference, [0.5, 99.5])
        field = mpl.cm.ScalarMappable(Normalize(low, high), VARIABLES[variable].colormap)
    # The median: the widest ensemble would leave the others without any contrast.
    top = float(np.nanmedian(spreads)) or 1.0
    return {False: field, True: mpl.cm.ScalarMappable(Normalize(0, top), "Purples")}


def _rain_scale(largest: float) -> tuple[BoundaryNorm, mpl.colors.Colormap]:
    """Steps that show drizzle and downpour alike; dry stays white."""
    above = [level for level in RAIN_LEVELS_MM_DAY if level >= largest]
    levels = [level for level in RAIN_LEVELS_MM_DAY if level < largest] + above[:1]
    levels = levels if len(levels) > 4 else list(RAIN_LEVELS_MM_DAY[:5])
    colours = plt.get_cmap("YlGnBu").with_extremes(under="white")
    return BoundaryNorm(levels, colours.N, extend="max"), colours


def _row(
    panels: list[Panel],
    axes_row: np.ndarray,
    scales: dict[bool, mpl.cm.ScalarMappable],
    titled: bool,
) -> None:
    for axes, panel in zip(axes_row, panels, strict=False):
        scale = scales[panel.is_spread]
        draw_map(axes, panel.field, scale)
        axes.set_title(panel.title if titled else "", fontsize=7, pad=2)
    for axes in axes_row[len(panels) :]:
        axes.set_visible(False)


def draw_map(axes: Axes, field: xr.DataArray, scale: mpl.cm.ScalarMappable) -> None:
    """Draw one field (y, x) with the coast, on latitude and longitude where it has them."""
    axes.set_facecolor(NAN_COLOUR)
    look = {"cmap": scale.cmap, "norm": scale.norm, "rasterized": True}
    values = field.transpose("y", "x").values
    if has_positions(field):
        axes.pcolormesh(*positions(field), values, shading="nearest", **look)
        axes.set_aspect(1 / np.cos(np.deg2rad(float(field["lat"].mean()))))
    else:
        axes.pcolormesh(values, **look)
        axes.set_aspect(1)
    draw_coast(axes, field)
    axes.tick_params(labelsize=5.5, length=2, pad=1)
    axes.locator_params(nbins=3)


def draw_coast(axes: Axes, field: xr.DataArray) -> None:
    """Draw the line between land and sea of a field (y, x), where the region has one."""
    land = field.coords.get("land")
    if land is None or not float(land.min()) < 0.5 < float(land.max()):
        return
    place = positions(field) if has_positions(field) else ()
    line = axes.contour(*place, land.fillna(0), [0.5], colors=style.BLACK, linewidths=0.5)
    line.set_alpha(0.6)


def _coordinates(figure: Figure, grid: np.ndarray, rows: list[list[Panel]]) -> None:
    """Tick labels on the outer panels only, one name for each axis."""
    for axes in grid[:, 1:].flat:
        axes.tick_params(labelleft=False)
    for axes in grid[:-1].flat:
        axes.tick_params(labelbottom=False)
    placed = has_positions(rows[0][0].field)
    figure.supxlabel("longitude [°E]" if placed else "cell along x [1]", fontsize=7.5)
    figure.supylabel("latitude [°N]" if placed else "cell along y [1]", fontsize=7.5)


def _colour_bars(
    figure: Figure, grid: np.ndarray, scales: dict[bool, mpl.cm.ScalarMappable], variable: str
) -> None:
    """Colour bars at the right: fields along the upper half, spreads along the lower."""
    half = max(len(grid) // 2, 1)
    unit = VARIABLES[variable].unit_mathtext
    extend = "max" if VARIABLES[variable].is_intermittent else "both"
    ticks = scales[False].norm.boundaries if VARIABLES[variable].is_intermittent else None
    figure.colorbar(
        scales[False],
        ax=grid[:half, -1],
        label=f"{VARIABLES[variable].long_name} [{unit}]",
        extend=extend,
        aspect=30,
        fraction=0.14,
        format="%g",
        ticks=ticks,
    )
    if len(grid) > half:
        figure.colorbar(
            scales[True],
            ax=grid[half:, -1],
            label=f"ensemble spread [{unit}]",
            extend="max",
            aspect=30,
            fraction=0.14,
        )


def _date(day: xr.Dataset, daily: bool) -> str:
    """Date, or date and time, where the maps have it, with a leading comma."""
    stamp = str(day["time"].values)[: 10 if daily else 16] if "time" in day.coords else ""
    return f", {stamp.replace('T', ' ')}" if stamp else ""
