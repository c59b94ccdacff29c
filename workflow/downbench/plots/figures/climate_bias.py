"""Maps of bias: the truth's climate, and what raw and mapped runs make of it."""

import numpy as np
import xarray as xr
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from downbench.core.stages import DYNAMICAL
from downbench.core.variables import VARIABLES
from downbench.plots.chain import Link, links, shown
from downbench.plots.inputs import FigureInputs
from downbench.plots.map_of import about_zero, draw_one, grid, words_of

TITLE = "Bias of the climate"
CAPTION = (
    "The truth, then model minus truth with its mean over the map: what the raw run leaves, and "
    "what the corrected one does. A map has as few years as were drawn, so that a rough pattern "
    "of the 99th percentile is weather and not bias."
)
POSITION = 30
QUANTITIES = {"mean": "mean", "p99": "99th percentile"}


def draw(inputs: FigureInputs) -> Figure:
    """Rows: quantities. Columns: the truth, then the difference from it under each run."""
    found = [one for one in links(inputs, "climate", "present") if not one.is_truth]
    found = shown(inputs, found)
    rows = [(name, q) for name in inputs.variables for q in QUANTITIES]
    first = found[0].fields
    figure, panels = grid(len(rows), 1 + len(found), truth(first, *rows[0]))
    for axes, (variable, quantity) in zip(panels, rows, strict=True):
        _row(figure, axes, found, variable, quantity)
    return figure


def truth(fields: xr.Dataset, variable: str, quantity: str) -> xr.DataArray:
    """The truth's climate (y, x), with the coast."""
    field = fields[f"{variable}_{quantity}_reference"]
    return _placed(
        field.mean("year_reference") if "year_reference" in field.dims else field, fields
    )


def of_model(link: Link, variable: str, quantity: str) -> xr.DataArray:
    """A model's climate (y, x), mean of years and members."""
    field = link.fields[f"{variable}_{quantity}"]
    return _placed(field.mean([d for d in field.dims if d not in ("y", "x")]), link.fields)


def _placed(field: xr.DataArray, fields: xr.Dataset) -> xr.DataArray:
    return field.assign_coords({n: fields[n] for n in ("lat", "lon", "land") if n in fields})


def _row(
    figure: Figure, axes: np.ndarray, found: list[Link], variable: str, quantity: str
) -> None:
    row, unit = VARIABLES[variable], VARIABLES[variable].unit_mathtext
    own = truth(found[0].fields, variable, quantity)
    low, high = np.nanpercentile(own, [1, 99])
    scale = ScalarMappable(Normalize(0 if row.is_intermittent else low, high), row.colormap)
    draw_one(axes[0], own, scale, "truth")
    axes[0].set_ylabel(words_of(variable, QUANTITIES[quantity]), fontsize=6.5)
    gaps = [
        of_model(one, variable, quantity) - truth(one.fields, variable, quantity) for one in found
    ]
    colours = about_zero([gap.values for gap in gaps], variable)
    for panel, gap, link in zip(axes[1:], gaps, found, strict=True):
        coast = _placed(gap, link.fields)
        mean = float(coast.weighted(link.fields["cell_area"]).mean())
        words = link.label.replace(", ", ",\n") if link.stage != DYNAMICAL else link.label
        draw_one(panel, coast, colours, f"{words}, {mean:+.2g}".replace("-", "−"))
    figure.colorbar(
        scale, ax=axes[0], location="left", fraction=0.08, label=f"[{unit}]", extend="max"
    )
    figure.colorbar(colours, ax=axes[1:], fraction=0.03, label=f"bias [{unit}]", extend="both")
