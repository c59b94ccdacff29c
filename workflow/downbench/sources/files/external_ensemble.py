"""An ensemble that another program has written: read on the target's cells, days and units."""

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from downbench.core.config.model.external_ensemble import ExternalEnsemble
from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.errors import UserError
from downbench.core.spatial.grids import valid_cells
from downbench.sources.files import common_times
from downbench.sources.files.ensemble_files import EnsembleFiles, opened, series


def read(
    region: RegionInputs,
    files: Sequence[str],
    options: ExternalEnsemble,
    target: xr.Dataset,
    days: np.ndarray,
) -> xr.Dataset:
    """Return the variables of the region's targets, (time, member, y, x) float32.

    Parameters
    ----------
    region
        The region of the ensemble.
    files
        NetCDF files or Zarr stores that follow each other in time.
    options
        Names and units of variables that the files do not state.
    target : (time, y, x)
        Its cells are those of the result; where it never has a value, the result has none.
    days : (time,)
        Times to read; a margin of a day is looked at, too.

    Returns
    -------
    xr.Dataset
        As `samples` returns it.

    Raises
    ------
    UserError
        Naming file, variable and fix when a variable, an axis or a day is absent, a unit is
        unknown, or the cells are not those of the target.
    """
    return samples(
        EnsembleFiles(files, region.targets, options, target, days, region.target.daily)
    )


def samples(files: EnsembleFiles) -> xr.Dataset:
    """Return all variables of an ensemble, large ones lazily, in the units of the data contract.

    Members count from 0. The attributes are those of the first file.

    Raises
    ------
    UserError
        For the first thing that is not as it has to be.
    """
    require_same_years(files.paths)
    return merged({name: series(files, name) for name in files.names}, files)


def merged(fields: Mapping[str, xr.DataArray], files: EnsembleFiles) -> xr.Dataset:
    """Return variables (time, member, y, x) as one dataset, masked where the target is.

    Raises
    ------
    UserError
        When their times or members are not the same.
    """
    masked = {name: _masked(field, name, files.target) for name, field in fields.items()}
    dataset = common_times.merged(masked, f"{files.paths[0]}: variables")
    dataset = dataset.assign_coords(member=np.arange(dataset.sizes["member"]))
    return dataset.assign_attrs(opened(files.paths[0]).attrs)


def _masked(field: xr.DataArray, name: str, target: xr.Dataset | None) -> xr.DataArray:
    if target is None:
        return field
    return field.where(xr.DataArray(valid_cells(target[name]), dims=("y", "x")))


def require_same_years(paths: Sequence[str]) -> None:
    """Refuse files of which one states other years of the training than the first.

    Raises
    ------
    UserError
        Naming the file and the years of both.
    """
    first, *years = (str(opened(path).attrs.get("fit_years", "none")) for path in paths)
    for file, others in zip(paths[1:], years, strict=True):
        if others != first:
            raise UserError(
                f"{file}: attribute fit_years is {others}, that of {paths[0]} is {first}: write "
                "the same years into each file"
            )
