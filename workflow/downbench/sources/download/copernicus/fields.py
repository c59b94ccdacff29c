"""Fields in the form of the Climate Data Store's files: one variable on time, lat and lon.

Files since 2024 have the axis `valid_time`, a scalar `number` and a text `expver` for each time;
a request with instantaneous and accumulated variables comes as a ZIP of one file for each kind.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core.config.downloads.bounds import Bounds
from downbench.core.errors import UserError
from downbench.sources.download import box
from downbench.sources.download.copernicus.archive_variable import ArchiveVariable
from downbench.sources.download.copernicus.expver import UNKNOWN
from downbench.sources.download.copernicus.refusals import blaming_file
from downbench.sources.download.copernicus.unpacking import netcdf_files
from downbench.sources.files.containers import ERRORS
from downbench.sources.files.units import same_units

EXPVER, LEVEL, VALID = "expver", "pressure_level", "valid_time"
LEADS = ("forecast_period", "step")
"""Names of the axis of lead times."""
RENAMED = {"valid_time": "time", "latitude": "lat", "longitude": "lon"}
KEPT = ("time", "lat", "lon", EXPVER)
DAYS_PER_CHUNK, CHUNK_BYTES = 31, 16 << 20
"""Of hours that are read at once."""


def field(
    paths: Iterable[Path],
    variable: ArchiveVariable,
    bounds: Bounds | None,
    label: str,
    outside: type[UserError] = UserError,
) -> xr.DataArray:
    """Return the box of one variable from all files, lazily, in order of time.

    Parameters
    ----------
    paths
        What the store delivered for parts of one request: NetCDF files and archives of them.
    variable
        Its names there.
    bounds
        Cells that are kept, with one around them; None keeps all.
    label
        Dataset and part, for messages.
    outside
        Error for a grid that does not cover the box.

    Returns
    -------
    xr.DataArray
        On time and the axes of the grid, with coordinates lat and lon, and expver(time) where the
        files have it. Times may repeat and lack.

    Raises
    ------
    WrongFileError
        When a file lacks the variable or is no such file, its unit is another one, or grids
        differ.
    """
    with blaming_file():
        uncut = [piece for path in paths for piece in _of_delivery(path, variable, label)]
    try:
        cut = [piece if bounds is None else box.cut(piece, bounds, label) for piece in uncut]
    except UserError as error:
        raise outside(str(error)) from None
    pieces = [_lazy(piece) for piece in cut]
    with blaming_file():
        for other in pieces[1:]:
            _require_same_grid(pieces[0], other, label)
    if any(EXPVER in piece.coords for piece in pieces):
        pieces = [_with_version(piece) for piece in pieces]
    joined = xr.concat(pieces, "time", coords="minimal", compat="override", join="override")
    return joined.sortby("time")


def _of_delivery(path: Path, variable: ArchiveVariable, label: str) -> list[xr.DataArray]:
    """Return the variable from all files of a delivery that hold it."""
    pieces, listed = [], []
    for file in netcdf_files(path):
        dataset = _opened(file, label)
        if variable.short in dataset:
            pieces.append(_on_time(dataset[variable.short], variable, label))
            continue
        listed += map(str, dataset.data_vars)
        dataset.close()
    if pieces:
        return pieces
    raise UserError(
        f"{label}: {variable.name} was asked for and did not come ({variable.short} is not among "
        f"{', '.join(listed) or 'no variables'}): the store has skipped it; see its page"
    )


def _opened(file: Path, label: str) -> xr.Dataset:
    try:
        return xr.open_dataset(file, engine="netcdf4", decode_timedelta=False)
    except ERRORS as error:
        raise UserError(f"{label}: {file} is no NetCDF file ({error}): delete it") from None


def _on_time(raw: xr.DataArray, variable: ArchiveVariable, label: str) -> xr.DataArray:
    if not same_units(raw.attrs.get("units"), variable.units):
        raise UserError(
            f"{label}: {variable.short} is in '{raw.attrs.get('units')}', not in "
            f"'{variable.units}': the archive has changed; the vocabulary has to follow"
        )
    flat = _at_level(_by_valid_time(raw), variable, label)
    flat = flat.rename({old: new for old, new in RENAMED.items() if old in flat.coords})
    if "time" not in flat.dims:
        flat = flat.expand_dims("time")
    further = set(flat.dims) - {"time", *flat["lat"].dims, *flat["lon"].dims}
    if further:
        raise UserError(f"{label}: {variable.short} has further axes ({', '.join(further)})")
    return flat.drop_vars([name for name in flat.coords if name not in KEPT])


def _lazy(piece: xr.DataArray) -> xr.DataArray:
    """Return a piece in parts of whole days, a month at most, each read when it is needed."""
    per_day = 24 * piece.isel(time=0).nbytes
    return piece.chunk({"time": 24 * min(max(CHUNK_BYTES // per_day, 1), DAYS_PER_CHUNK)})


def _with_version(piece: xr.DataArray) -> xr.DataArray:
    codes = piece[EXPVER].astype(str).values if EXPVER in piece.coords else UNKNOWN
    return piece.assign_coords({EXPVER: ("time", np.full(piece.sizes["time"], codes))})


def _by_valid_time(raw: xr.DataArray) -> xr.DataArray:
    """Return forecasts of one lead time on the times that they hold for."""
    one = raw.squeeze([dim for dim in LEADS if raw.sizes.get(dim) == 1])
    if VALID not in one.coords or VALID in one.dims or one[VALID].ndim > 1:
        return one
    times, start = one[VALID].variable, one[VALID].dims or ("time",)
    bare = one.drop_vars([VALID, *start], errors="ignore")
    return bare.rename(dict.fromkeys(times.dims, "time")).assign_coords(
        time=(("time",) if times.dims else (), times.values)
    )


def _at_level(raw: xr.DataArray, variable: ArchiveVariable, label: str) -> xr.DataArray:
    if LEVEL not in raw.dims:
        return raw
    levels = raw[LEVEL].values
    if variable.level_hpa not in levels:
        raise UserError(f"{label}: {variable.short} lacks the level {variable.level_hpa} hPa")
    return raw.isel({LEVEL: int(np.flatnonzero(levels == variable.level_hpa)[0])}, drop=True)


def _require_same_grid(first: xr.DataArray, other: xr.DataArray, label: str) -> None:
    for name in ("lat", "lon"):
        same = first[name].shape == other[name].shape
        if not same or not np.allclose(first[name], other[name], atol=1e-4):
            raise UserError(f"{label}: the files have different {name}: fetch all of them again")
