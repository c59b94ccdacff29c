"""Axes for some panels in rows, as many as there are panels."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from downbench.plots import style

COLUMNS = 2


def panel_grid(count: int, row_inch: float) -> tuple[Figure, list[Axes]]:
    """Return a figure and its axes, at most two in a row.

    Parameters
    ----------
    count
        Number of panels.
    row_inch
        Height of a row; the legend below has 0.4 inches more.
    """
    columns = min(COLUMNS, count)
    rows = -(-count // columns)
    figure, grid = plt.subplots(
        rows, columns, figsize=(style.WIDTH_INCH, row_inch * rows + 0.4), squeeze=False,
        layout="constrained",
    )  # fmt: skip
    for axes in grid.flat[count:]:
        axes.set_visible(False)
    return figure, list(grid.flat[:count])
