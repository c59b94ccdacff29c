"""Maps of precipitation or temperature on the wettest or a typical test day."""

from matplotlib.figure import Figure

from downbench.plots.inputs import FigureInputs
from downbench.plots.map_panels import draw_maps

FIGURES = {
    "maps-pr-wettest": {"quantity": "pr", "day": "wettest"},
    "maps-pr-typical": {"quantity": "pr", "day": "typical"},
    "maps-temperature-wettest": {"quantity": "temperature", "day": "wettest"},
    "maps-temperature-typical": {"quantity": "temperature", "day": "typical"},
}
NEEDS = {
    "maps-temperature-wettest": ("temperature",),
    "maps-temperature-typical": ("temperature",),
}


def draw(inputs: FigureInputs, quantity: str, day: str) -> Figure:
    """Draw the reference, the coarse input, and mean, spread and members of each model."""
    variable = "pr" if quantity == "pr" else inputs.region["temperature"]
    return draw_maps(inputs, variable, day)
