"""Maps of change, future minus past, hatched where members disagree on its sign."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from downbench.core.variables import VARIABLES
from downbench.plots.downscaled_runs import DownscaledRun, downscaled_runs, runs_on_maps
from downbench.plots.empty_figures import NothingToDraw
from downbench.plots.inputs import FigureInputs
from downbench.plots.map_of import about_zero, draw_one, grid, hatch, words_of

TITLE = "Climate change signal"
CAPTION = (
    "Future minus historical, with the mean over the map. Hatching: the members do not all "
    "agree on the sign of the change; a single field has no members that could disagree."
)
POSITION = 40
WORDS = {"mean": "mean", "p99": "99th percentile", "rx1day": "wettest day", "txx": "warmest day"}
AGREED = 0.99


def draw(inputs: FigureInputs) -> Figure:
    """Rows: quantities. Columns: two models, raw and bias-corrected, then pseudo-reality."""
    runs = runs_on_maps(inputs, downscaled_runs(inputs, "change", "change"))
    rows = [(v, q) for v in inputs.variables for q in _quantities(v)]
    rows = [pair for pair in rows if _change(runs[0], *pair).notnull().any()]
    if not rows:
        raise NothingToDraw("no change of a run has a value")
    figure, panels = grid(len(rows), len(runs), _change(runs[0], *rows[0]))
    for axes, (variable, quantity) in zip(panels, rows, strict=True):
        fields = [_change(run, variable, quantity) for run in runs]
        unit = VARIABLES[variable].unit_mathtext
        scale = about_zero([field.values for field in fields], variable)
        for panel, field, run in zip(axes, fields, runs, strict=True):
            mean = float(field.weighted(run.fields["cell_area"]).mean())
            title = run.label.replace(", ", ",\n") + f", {mean:+.2g}".replace("-", "−")
            draw_one(panel, field, scale, title)
            hatch(panel, field, _disputed(run, variable, quantity))
        axes[0].set_ylabel(words_of(variable, WORDS[quantity]), fontsize=6.5)
        figure.colorbar(scale, ax=axes, fraction=0.03, label=f"change [{unit}]", extend="both")
    return figure


def _quantities(variable: str) -> list[str]:
    """Mean, the tail of an intermittent variable, and the yearly maximum where it is an index."""
    row = VARIABLES[variable]
    tail = ["p99"] if row.is_intermittent else []
    return ["mean", *tail, *([row.yearly_maximum] if row.yearly_maximum else [])]


def _change(run: DownscaledRun, variable: str, quantity: str) -> xr.DataArray:
    field = run.fields[f"{variable}_change_{quantity}"].mean("member")
    names = [name for name in ("lat", "lon", "land") if name in run.fields.variables]
    return field.assign_coords({name: run.fields[name] for name in names})


def _disputed(run: DownscaledRun, variable: str, quantity: str) -> np.ndarray:
    """Cells whose members disagree on the sign; none for a single member."""
    agreement = run.fields[f"{variable}_agreement_{quantity}"].values
    return np.isfinite(agreement) & (agreement < AGREED)
