"""Log density of the target under one model, in the cells and on the days of its ensemble."""

import xarray as xr
from tqdm import tqdm

from downbench.core.config.model.model import Model
from downbench.core.errors import UserError
from downbench.labs import sampling_parts
from downbench.labs.base import CellDensity, LogDensity, common_times, static_fields
from downbench.labs.sampled_days import SamplingInputs, select_days
from downbench.labs.separate_halves import DensityOfHalves


def require_density(model: Model) -> None:
    """Raise an error for a model without an exact density of single cells.

    Block means that are imposed on samples make their density singular.
    """
    if not model.has_cell_density:
        raise UserError(
            f"{model.name}: {'physics.constraint' if model.is_constrained else model.family} "
            "leaves no exact density of single cells: score its ensemble without --log-density"
        )


def log_densities(
    inputs: SamplingInputs, model: Model, trained: CellDensity, sampling: str, days_at_once: int
) -> xr.Dataset:
    """Return `log_density_{variable}` of the target (time, y, x) [nat], float32.

    Parameters
    ----------
    model, trained
        Entry of `config/models.yaml`, and the fitted model.
    sampling
        Section `sampling` of the budget as JSON: days and members of the ensemble.
    days_at_once
        Days in memory: it changes no number.
    """
    days, members = select_days(inputs, sampling)
    static = static_fields(inputs.target)
    density = DensityOfHalves(trained).log_density(static, members, inputs.seed)
    context = sampling_parts.context_days(trained)
    parts = [*sampling_parts.parts(days, inputs.driver, context, days_at_once)]
    progress = tqdm(parts, desc=f"density of {model.name}", unit="batch")
    logs = [_of_part(density, inputs.target, *part) for part in progress]
    return (
        xr.concat(logs, "time")
        .assign_coords(lat=static["lat"], lon=static["lon"])
        .assign_attrs(model=model.name, driver=inputs.driver_name, split=inputs.split)
    )


def _of_part(
    density: LogDensity, target: xr.Dataset, part: xr.Dataset, time: xr.DataArray
) -> xr.Dataset:
    """Return the log density on `time`; days of the context may lack a target."""
    shared, _ = common_times(target, part)
    return density(part.load(), shared.load().reindex(time=part["time"])).sel(time=time)
