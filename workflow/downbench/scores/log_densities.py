"""Exact log densities of the reference, which a model with a known density has evaluated."""

import numpy as np
import xarray as xr

from downbench.core.constants import LOG_DENSITY
from downbench.core.errors import UserError
from downbench.core.spatial.same_grid import require_same_grid
from downbench.scores.alignment import common_variables

FIX = "evaluate it again with score_density, or leave --log-density out"


def aligned_log_density(
    density: xr.Dataset, ensemble: xr.Dataset, reference: xr.Dataset
) -> xr.Dataset:
    """Return the log density [nat] (time, y, x), by variable, on the reference's times.

    Variables without a density are absent.

    Raises
    ------
    UserError
        When it is of another model, on other cells, or lacks a time or a cell of the reference.
    """
    models = density.attrs.get("model"), ensemble.attrs.get("model")
    if models[0] != models[1]:
        raise UserError(f"log density is of model '{models[0]}', ensemble of '{models[1]}': {FIX}")
    require_same_grid(density, reference, "log density and reference", FIX)
    times = np.setdiff1d(reference["time"].values, density["time"].values)
    if times.size:
        raise UserError(
            f"log density lacks {times.size} evaluated times, the first {times[0]}: {FIX}"
        )
    names = {f"{LOG_DENSITY}{name}": name for name in common_variables(ensemble, reference)}
    names = {long: name for long, name in names.items() if long in density}
    selected = density[[*names]].rename(names).sel(time=reference["time"])
    for name, values in selected.data_vars.items():
        _refuse_gaps(values, reference[name])
    return selected.transpose("time", "y", "x")


def _refuse_gaps(density: xr.DataArray, reference: xr.DataArray) -> None:
    """Raise an error where a value of the reference has no density; zero is one."""
    gaps = np.isfinite(reference) & ~(density < np.inf)
    if count := int(gaps.sum()):
        raise UserError(
            f"{reference.name}: log density is missing or infinite in {count} cells and times "
            f"where the reference has a value: {FIX}"
        )
