"""One map in a grid of maps with a scale of its own."""

import numpy as np
import xarray as xr
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from downbench.core.variables import VARIABLES
from downbench.plots import style
from downbench.plots.map_panels import draw_map
from downbench.plots.map_positions import has_positions, height_over_width, positions

HATCH = "//////"


def grid(rows: int, columns: int, like: xr.DataArray) -> tuple[Figure, np.ndarray]:
    """Axes of equal maps, as high as the shape of the region requires."""
    width = style.WIDTH_INCH / columns * 0.8
    height = (width * height_over_width(like) + 0.28) * rows + 0.5
    return plt.subplots(
        rows, columns, figsize=(style.WIDTH_INCH, height), squeeze=False, layout="constrained"
    )


def about_zero(fields: list[np.ndarray], variable: str) -> ScalarMappable:
    """A scale of differences for all but the outermost cells.

    Zero is in its middle, or at its end where no cell lies beyond it.
    """
    values = np.concatenate([field.ravel() for field in fields])
    if not np.isfinite(values).any():
        return ScalarMappable(Normalize(-1, 1), VARIABLES[variable].difference_colormap)
    low, high = np.nanpercentile(values, [2, 98])
    if low > 0:
        return ScalarMappable(Normalize(low, high), VARIABLES[variable].increase_colormap)
    top = float(max(-low, high)) or 1.0
    return ScalarMappable(Normalize(-top, top), VARIABLES[variable].difference_colormap)


def draw_one(axes: Axes, field: xr.DataArray, scale: ScalarMappable, title: str) -> None:
    """Draw a field (y, x); its title is above, coordinates are at the left and the last maps."""
    draw_map(axes, field, scale)
    axes.set_title(title, fontsize=6.5, pad=2)
    place = axes.get_subplotspec()
    axes.tick_params(labelleft=place.is_first_col(), labelbottom=place.is_last_row())
    if has_positions(field):
        axes.xaxis.set_major_formatter("{x:g}°")
        axes.yaxis.set_major_formatter("{x:g}°")


def hatch(axes: Axes, field: xr.DataArray, mask: np.ndarray) -> None:
    """Hatch the cells where `mask` (y, x) is true."""
    if not mask.any():
        return
    place = positions(field) if has_positions(field) else ()
    hatched = axes.contourf(
        *place, mask.astype(float), levels=[0.5, 1.5], colors="none", hatches=[HATCH]
    )
    hatched.set(edgecolor=style.DARK_GREY, linewidth=0)


def words_of(variable: str, quantity: str) -> str:
    """What a row of maps shows, short enough for its height."""
    return f"{VARIABLES[variable].short_name},\n{quantity}"
