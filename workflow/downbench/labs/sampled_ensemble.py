"""Parts of an ensemble: existing samples, missing cells, coordinates and attributes."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core.config.model.model import Model
from downbench.core.config.model.options import GenerativeOptions, Sampler
from downbench.core.errors import UserError
from downbench.core.spatial.grids import valid_cells
from downbench.labs.base import Trained


def with_sampler(trained: Trained, model: Model, sampler: str | None) -> Trained:
    """Return the model with this sampler in place of that of its calibration.

    Raises
    ------
    UserError
        When the model has no generative process, or that has no such solver.
    """
    if sampler is None:
        return trained
    section, options = Sampler.model_validate_json(sampler), model.options
    solvers = options.samplers if isinstance(options, GenerativeOptions) else ()
    if section.solver not in solvers:
        raise UserError(
            f"--sampler: {model.name} has no solver '{section.solver}' (it has "
            f"{', '.join(solvers) or 'none'}): name one of these, or leave --sampler out"
        )
    return replace(trained, sampler=section)


def existing_samples(source: xr.Dataset, time: xr.DataArray, path: Path) -> xr.Dataset:
    """Return the members of another ensemble at these times.

    Raises
    ------
    UserError
        When the store lacks a time.
    """
    try:
        return source.sel(time=time).load()
    except KeyError as error:
        raise UserError(
            f"{path}: not all times of this split are in it ({error}): sample it with the same "
            "budget, or leave --drawn out"
        ) from None


def masks(target: xr.Dataset) -> dict[str, np.ndarray]:
    """Return, per variable, the cells that have a value at any time, (y, x) bool."""
    return {
        str(name): valid_cells(field)
        for name, field in target.data_vars.items()
        if field.dims == ("time", "y", "x")
    }


def annotated(
    samples: xr.Dataset,
    mask: Mapping[str, np.ndarray],
    static: xr.Dataset,
    attributes: Mapping[str, object],
) -> xr.Dataset:
    """Return samples with coordinates and attributes, missing where the target has no value."""
    masked = {
        name: field.where(xr.DataArray(mask[str(name)], dims=("y", "x")))
        for name, field in samples.data_vars.items()
    }
    return (
        samples.assign(masked)
        .assign_coords(lat=static["lat"], lon=static["lon"])
        .assign_attrs(attributes)
    )
