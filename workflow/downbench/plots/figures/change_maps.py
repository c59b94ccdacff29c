"""Maps of change, future minus past, hatched where members disagree on its sign."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from downbench.core.variables import VARIABLES
from downbench.plots.chain import Link, links, shown
from downbench.plots.inputs import FigureInputs
from downbench.plots.map_of import about_zero, draw_one, grid, hatch, words_of

TITLE = "Climate change"
CAPTION = (
    "Future minus past with its mean over the map. Hatched where the members do not all change in "
    "the same direction; a single field has no members to disagree."
)
POSITION = 40
WORDS = {"mean": "mean", "p99": "99th percentile", "rx1day": "wettest day", "txx": "warmest day"}
AGREED = 0.99


def draw(inputs: FigureInputs) -> Figure:
    """Rows: quantities. Columns: interpolation and one model, raw and mapped, and the truth."""
    found = shown(inputs, links(inputs, "change", "change"))
    rows = [(v, q) for v in inputs.variables for q in _quantities(v)]
    figure, panels = grid(len(rows), len(found), _change(found[0], *rows[0]))
    for axes, (variable, quantity) in zip(panels, rows, strict=True):
        fields = [_change(link, variable, quantity) for link in found]
        unit = VARIABLES[variable].unit_mathtext
        scale = about_zero([field.values for field in fields], variable)
        for panel, field, link in zip(axes, fields, found, strict=True):
            mean = float(field.weighted(link.fields["cell_area"]).mean())
            title = link.label.replace(", ", ",\n") + f", {mean:+.2g}".replace("-", "−")
            draw_one(panel, field, scale, title)
            hatch(panel, field, _disputed(link, variable, quantity))
        axes[0].set_ylabel(words_of(variable, WORDS[quantity]), fontsize=6.5)
        figure.colorbar(scale, ax=axes, fraction=0.03, label=f"change [{unit}]", extend="both")
    return figure


def _quantities(variable: str) -> list[str]:
    """Mean, the tail of an intermittent variable, and the yearly maximum where it is an index."""
    row = VARIABLES[variable]
    tail = ["p99"] if row.is_intermittent else []
    return ["mean", *tail, *([row.yearly_maximum] if row.yearly_maximum else [])]


def _change(link: Link, variable: str, quantity: str) -> xr.DataArray:
    field = link.fields[f"{variable}_change_{quantity}"].mean("member")
    names = [name for name in ("lat", "lon", "land") if name in link.fields.variables]
    return field.assign_coords({name: link.fields[name] for name in names})


def _disputed(link: Link, variable: str, quantity: str) -> np.ndarray:
    """Cells whose members do not all change alike; none where there is but one."""
    agreement = link.fields[f"{variable}_agreement_{quantity}"].values
    return np.isfinite(agreement) & (agreement < AGREED)
