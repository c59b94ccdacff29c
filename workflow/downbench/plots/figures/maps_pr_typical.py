"""Maps of rain on the typical test day."""

from matplotlib.figure import Figure

from downbench.plots.inputs import FigureInputs
from downbench.plots.map_panels import draw_maps

TITLE = "Rain {on} a typical test {day}"
CAPTION = (
    "First the truth, its block means and the models with a single field; then one row per "
    "ensemble: its mean, its spread and three members. Members should look like the truth, not "
    "like the mean: as rough, as dry in places, no trace of the coarse cells."
)
POSITION = 220


def draw(inputs: FigureInputs) -> Figure:
    """Truth, coarse input, and mean, spread and three members of each model."""
    return draw_maps(inputs, "pr", "typical")
