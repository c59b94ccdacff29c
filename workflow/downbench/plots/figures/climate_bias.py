"""Maps of bias: climate of the reference, and the difference of raw and bias-corrected runs."""

import numpy as np
import xarray as xr
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from downbench.core.stages import DYNAMICAL
from downbench.core.variables import VARIABLES
from downbench.plots.downscaled_runs import DownscaledRun, downscaled_runs, runs_on_maps
from downbench.plots.empty_figures import NothingToDraw
from downbench.plots.inputs import FigureInputs
from downbench.plots.map_of import about_zero, draw_one, grid, words_of

TITLE = "Bias of the climate"
CAPTION = (
    "The reference, then model minus reference with the mean over the map, driven by the raw "
    "and by the bias-corrected run. The maps cover only the sampled years, so small-scale "
    "patterns of the 99th percentile are sampling noise. On the embedded region the generator "
    "rains more at the edges of coarse cells and most in the outermost cells of the domain: a "
    "grid and a frame are in its reference, and in the bias of a model that does not learn them."
)
POSITION = 30
QUANTITIES = {"mean": "mean", "p99": "99th percentile"}


def draw(inputs: FigureInputs) -> Figure:
    """Rows: quantities. Columns: the reference, then the difference from it under each run."""
    runs = [run for run in downscaled_runs(inputs, "climate", "present") if not run.is_truth]
    runs = runs_on_maps(inputs, runs)
    rows = [(name, q) for name in inputs.variables for q in QUANTITIES]
    first = runs[0].fields
    rows = [pair for pair in rows if of_reference(first, *pair).notnull().any()]
    if not rows:
        raise NothingToDraw("the climate of the reference has no value")
    figure, panels = grid(len(rows), 1 + len(runs), of_reference(first, *rows[0]))
    for axes, (variable, quantity) in zip(panels, rows, strict=True):
        _row(figure, axes, runs, variable, quantity)
    return figure


def of_reference(fields: xr.Dataset, variable: str, quantity: str) -> xr.DataArray:
    """Climate of the reference (y, x), with the coast."""
    field = fields[f"{variable}_{quantity}_reference"]
    return _placed(
        field.mean("year_reference") if "year_reference" in field.dims else field, fields
    )


def of_model(run: DownscaledRun, variable: str, quantity: str) -> xr.DataArray:
    """A model's climate (y, x), mean of years and members."""
    field = run.fields[f"{variable}_{quantity}"]
    return _placed(field.mean([d for d in field.dims if d not in ("y", "x")]), run.fields)


def _placed(field: xr.DataArray, fields: xr.Dataset) -> xr.DataArray:
    return field.assign_coords({n: fields[n] for n in ("lat", "lon", "land") if n in fields})


def _row(
    figure: Figure, axes: np.ndarray, runs: list[DownscaledRun], variable: str, quantity: str
) -> None:
    row, unit = VARIABLES[variable], VARIABLES[variable].unit_mathtext
    reference = of_reference(runs[0].fields, variable, quantity)
    low, high = np.nanpercentile(reference, [1, 99])
    scale = ScalarMappable(Normalize(0 if row.is_intermittent else low, high), row.colormap)
    draw_one(axes[0], reference, scale, "reference")
    axes[0].set_ylabel(words_of(variable, QUANTITIES[quantity]), fontsize=6.5)
    gaps = [
        of_model(run, variable, quantity) - of_reference(run.fields, variable, quantity)
        for run in runs
    ]
    colours = about_zero([gap.values for gap in gaps], variable)
    for panel, gap, run in zip(axes[1:], gaps, runs, strict=True):
        coast = _placed(gap, run.fields)
        mean = float(coast.weighted(run.fields["cell_area"]).mean())
        words = run.label.replace(", ", ",\n") if run.stage != DYNAMICAL else run.label
        draw_one(panel, coast, colours, f"{words}, {mean:+.2g}".replace("-", "−"))
    figure.colorbar(
        scale, ax=axes[0], location="left", fraction=0.08, label=f"[{unit}]", extend="max"
    )
    figure.colorbar(colours, ax=axes[1:], fraction=0.03, label=f"bias [{unit}]", extend="both")
