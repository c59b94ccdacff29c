"""Maps of rain on the wettest test day."""

from matplotlib.figure import Figure

from downbench.plots.inputs import FigureInputs
from downbench.plots.map_panels import draw_maps


def draw(inputs: FigureInputs) -> Figure:
    """Truth, coarse input, and mean, spread and three members of each model."""
    return draw_maps(inputs, "pr", "wettest")
