"""Maps of precipitation or temperature on the wettest, the hottest and a typical test day."""

from matplotlib.figure import Figure

from downbench.core.variables import RAIN, near_surface_temperature
from downbench.plots.inputs import FigureInputs
from downbench.plots.map_panels import draw_maps

CAPTION = (
    "First the block means of the reference, which are a perfect driver's input, the reference "
    "and the models with a single field; then one row per ensemble: mean, spread and three "
    "members. Members should resemble the reference and not the mean: as rough, as dry in places, "
    "and without traces of the coarse grid."
)
FIGURES = {
    "maps-pr-wettest": {
        "TITLE": "Rain {on} the wettest test {day}",
        "POSITION": 1,
        "NEEDS": ("rain",),
        "ARGUMENTS": {"quantity": "pr", "day": "wettest"},
    },
    "maps-pr-typical": {
        "TITLE": "Rain {on} a typical test {day}",
        "POSITION": 2,
        "NEEDS": ("rain",),
        "ARGUMENTS": {"quantity": "pr", "day": "typical"},
    },
    "maps-temperature-hottest": {
        "TITLE": "Temperature {on} the hottest test {day}",
        "POSITION": 3,
        "NEEDS": ("temperature",),
        "ARGUMENTS": {"quantity": "temperature", "day": "hottest"},
    },
    "maps-temperature-typical": {
        "TITLE": "Temperature {on} a typical test {day}",
        "POSITION": 4,
        "NEEDS": ("temperature",),
        "ARGUMENTS": {"quantity": "temperature", "day": "typical"},
    },
}


def draw(inputs: FigureInputs, quantity: str, day: str) -> Figure:
    """Draw the reference, the coarse input, and mean, spread and members of each model."""
    temperature = near_surface_temperature(inputs.region["targets"])
    variable = RAIN if quantity == RAIN else temperature
    return draw_maps(inputs, variable, day)
