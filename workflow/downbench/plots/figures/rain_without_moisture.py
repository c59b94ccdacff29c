"""Maps of where models rain without moisture: share of the rain of each coarse cell."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from downbench.plots import style
from downbench.plots.empty_figures import NothingToDraw
from downbench.plots.inputs import FigureInputs
from downbench.plots.map_of import draw_one

TITLE = "Rain without moisture"
CAPTION = (
    "Share of the rain of each coarse cell that exceeds the available moisture, over all {day}s"
    " and members, with the mean over the map. Top: storage does not count as a source, so the "
    "reference itself is not at zero and only the excess over it is due to the model. Bottom: "
    "storage counts as a source."
)
POSITION = 80
NEEDS = ("rain", "budget")
LAWS = {
    "rain_without_moisture": "Not fed by evaporation and flux convergence",
    "rain_beyond_budget": "Not fed by storage either",
}
COLUMNS = 7


def draw(inputs: FigureInputs) -> Figure:
    """Reference, interpolation, and each family of models; one block of maps for each law.

    Raises
    ------
    NothingToDraw
        When no model's file holds these maps.
    """
    shown = [
        model for base, constrained in inputs.families.items() for model in (base, *constrained)
    ]
    shown = [model for model in shown if next(iter(LAWS)) in inputs["physics"].get(model, {})]
    shown = [m for m in shown if inputs["physics"][m][next(iter(LAWS))].notnull().any()]
    if not shown:
        raise NothingToDraw("figure rain-without-moisture: no maps of it; run check_physics first")
    rows = -(-(len(shown) + 2) // COLUMNS)
    figure = plt.figure(figsize=(style.WIDTH_INCH, 2.6 * rows + 0.5), layout="constrained")
    for part, (law, words) in zip(figure.subfigures(len(LAWS), 1), LAWS.items(), strict=True):
        part.suptitle(words, fontsize=8.5, x=0.01, ha="left")
        grid = part.subplots(rows, COLUMNS, squeeze=False)
        scale = _scale(inputs, shown, law)
        _maps(grid, inputs, shown, law, scale)
        part.colorbar(
            scale, ax=grid, label="share of rain [%]", extend="max", aspect=25, fraction=0.04
        )
    return figure


def _scale(inputs: FigureInputs, shown: list[str], law: str) -> ScalarMappable:
    """One colour scale for all panels of a law [percent]."""
    values = np.stack([inputs["physics"][model][law].values for model in shown])
    top = 100 * float(np.nanquantile(values, 0.98))
    return ScalarMappable(Normalize(0, max(top, 1.0)), "OrRd")


def _maps(
    grid: np.ndarray, inputs: FigureInputs, shown: list[str], law: str, scale: ScalarMappable
) -> None:
    first = inputs["physics"][shown[0]]
    panels = [
        ("reference", first[f"{law}_reference"]),
        ("interpolation", first[f"{law}_bilinear"]),
    ]
    panels += [(inputs.label(name), inputs["physics"][name][law]) for name in shown]
    for axes, (title, field) in zip(grid.flat, panels, strict=False):
        mean = f"{100 * float(field.mean()):.1f} %"
        words = "\n".join([*title.split(", "), mean])
        draw_one(axes, 100 * field.rename(Y="y", X="x"), scale, words)
    for axes in grid.flat[len(panels) :]:
        axes.set_visible(False)
