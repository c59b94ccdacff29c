"""Regridding between grids that do not nest, behind one function.

Conservative means on rectilinear grids come from overlaps that are exact on the sphere (in
longitude and in the sine of latitude), applied by xarray-regrid, which also keeps count of missing
cells. Curvilinear grids go through xESMF where ESMF is installed.
"""

from collections.abc import Iterator
from functools import partial
from typing import Literal

import numpy as np
import xarray as xr
import xarray_regrid
from xarray_regrid.methods.conservative import apply_weights

from downbench.core import compute
from downbench.core.constants import EARTH_RADIUS_M
from downbench.core.errors import UserError
from downbench.core.spatial.longitudes import around, continuous

Method = Literal["conservative", "linear"]
BYTES_AT_ONCE = 2**26
TOLERANCE = 2e-3
"""Share of a cell by which the source may end short of it: coordinates in float32, say."""


def regrid(
    dataset: xr.Dataset, grid: xr.Dataset, method: Method, least_covered: float
) -> xr.Dataset:
    """Regrid every variable with dims (…, lat, lon) to the cells of `grid`.

    Parameters
    ----------
    dataset
        Variables per unit area or intensive (a rain rate, a temperature), any unit. Coordinates
        lat and lon [degrees] are one-dimensional, or two-dimensional on a curvilinear grid.
    grid
        Coordinates lat and lon of the target cells' centres [degrees].
    method
        `conservative` keeps the area integral; `linear` interpolates between cell centres and
        leaves cells whose centre lies beyond the outermost source centres missing.
    least_covered
        A conservative mean needs valid source cells over at least this share of its area [1];
        it is then the mean over the valid part, otherwise missing.

    Returns
    -------
    xr.Dataset
        On the cells of `grid`; longitudes run on beyond 180 where it crosses that meridian.

    Raises
    ------
    UserError
        When a grid is curvilinear and xESMF is not installed.
    """
    centre = float(continuous(grid["lon"].values).mean())
    regrid_part = partial(_regrid, normalise(grid, centre), method, least_covered)
    parts = list(_along_time(normalise(dataset, centre)))
    if len(parts) == 1:
        return regrid_part(parts[0])
    regridded = list(compute.each(regrid_part, parts))
    return xr.concat(regridded, "time", data_vars="minimal", coords="minimal", compat="override")


def _along_time(source: xr.Dataset) -> Iterator[xr.Dataset]:
    """Yield parts of bounded size."""
    days = source.sizes.get("time", 1)
    step = max(1, BYTES_AT_ONCE * days // max(1, source.nbytes))
    if step >= days:
        yield source
        return
    yield from (source.isel(time=slice(start, start + step)) for start in range(0, days, step))


def _regrid(
    grid: xr.Dataset, method: Method, least_covered: float, source: xr.Dataset
) -> xr.Dataset:
    if source["lat"].ndim == 2 or grid["lat"].ndim == 2:
        return _by_xesmf(source, grid, method, least_covered)
    if method == "linear":
        return _linear(source, grid)
    weights = {
        "lat": _overlap(_sine_edges(source["lat"]), _sine_edges(grid["lat"]), "lat"),
        "lon": _overlap(edges(source["lon"]), edges(grid["lon"]), "lon"),
    }
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = source.map(
            apply_weights,
            weights=weights,
            skipna=True,
            nan_threshold=1 - least_covered + TOLERANCE,
        )
    return mean.assign_coords(lat=grid["lat"], lon=grid["lon"])


def _linear(source: xr.Dataset, grid: xr.Dataset) -> xr.Dataset:
    """Interpolate; centres that lie beyond the outermost ones by rounding alone are on them."""
    inner = {}
    for name in ("lat", "lon"):
        if source.sizes[name] == 1:
            source = _doubled(source, name)
        first, last = source[name].values[[0, -1]]
        centres, allowed = grid[name].values, TOLERANCE * np.diff(edges(grid[name])).min()
        clipped = np.clip(centres, first, last)
        near = np.where(np.abs(clipped - centres) <= allowed, clipped, centres)
        inner[name] = (name, near, grid[name].attrs)
    regridded = xarray_regrid.Regridder(source).linear(xr.Dataset(coords=inner))
    return regridded.assign_coords(lat=grid["lat"], lon=grid["lon"])


def _doubled(source: xr.Dataset, name: str) -> xr.Dataset:
    """Repeat the only row or column a little to both sides: linear weights need two."""
    sides = source[name].values[0] + TOLERANCE * source[name].attrs["spacing"] * np.array([-1, 1])
    return source.isel({name: [0, 0]}).assign_coords({name: sides})


def normalise(dataset: xr.Dataset, centre: float = 0.0) -> xr.Dataset:
    """Longitudes around `centre`, both axes of a rectilinear grid ascending (trap T18)."""
    lon = dataset["lon"]
    moved = dataset.assign_coords(lon=(lon.dims, around(lon.values, centre), lon.attrs))
    return moved if lon.ndim == 2 else moved.sortby(["lat", "lon"])


def edges(centres: xr.DataArray) -> np.ndarray:
    """Cell edges (n + 1,) half-way between n centres, half a cell beyond the outer ones.

    The width of a single cell is the attribute `spacing` of its centre.
    """
    values = np.asarray(centres, np.float64)
    if values.size == 1:
        return values + np.array([-0.5, 0.5]) * centres.attrs["spacing"]
    middle = (values[:-1] + values[1:]) / 2
    return np.concatenate([[2 * values[0] - middle[0]], middle, [2 * values[-1] - middle[-1]]])


def cell_area(lat: xr.DataArray, lon: xr.DataArray) -> np.ndarray:
    """Cell areas (lat, lon) [m2] of a rectilinear grid on a sphere of 6371 km radius."""
    strips = np.abs(np.diff(_sine_edges(lat)))
    widths = np.abs(np.diff(np.deg2rad(edges(lon))))
    return EARTH_RADIUS_M**2 * strips[:, None] * widths[None, :]


def _sine_edges(lat: xr.DataArray) -> np.ndarray:
    return np.sin(np.deg2rad(np.clip(edges(lat), -90.0, 90.0)))


def _overlap(source: np.ndarray, grid: np.ndarray, name: str) -> xr.DataArray:
    """Share of each target cell (columns) that each source cell (rows) covers along one axis."""
    upper = np.minimum(source[1:, None], grid[None, 1:])
    lower = np.maximum(source[:-1, None], grid[None, :-1])
    share = np.maximum(upper - lower, 0.0) / np.diff(grid)[None, :]
    return xr.DataArray(share, dims=(name, f"target_{name}"))


def corners(centres: xr.DataArray) -> np.ndarray:
    """Cell corners (ny + 1, nx + 1) of a curvilinear grid from its centres (ny, nx) [degrees].

    Means of the four centres around each corner; beyond the outer cells the centres are continued
    linearly. Longitudes run on beyond 180 where the grid crosses it.
    """
    values = np.asarray(centres, np.float64)
    if centres.name == "lon":
        values = np.unwrap(np.unwrap(values, period=360.0, axis=0), period=360.0, axis=1)
    grown = np.pad(values, 1, mode="reflect", reflect_type="odd")
    mean = (grown[:-1, :-1] + grown[:-1, 1:] + grown[1:, :-1] + grown[1:, 1:]) / 4
    return np.clip(mean, -90.0, 90.0) if centres.name == "lat" else mean


def _by_xesmf(
    source: xr.Dataset, grid: xr.Dataset, method: Method, least_covered: float
) -> xr.Dataset:
    """Weights of ESMF, which leave cells beyond the source at zero by default."""
    try:
        import xesmf  # needs ESMF, which pip cannot install
    except ImportError:
        raise UserError(
            "a curvilinear grid (two-dimensional lat, lon) needs xESMF: install it with "
            "`conda env create -f envs/data.yaml`, or bring the file to a rectilinear grid first"
        ) from None
    if method == "linear":
        return xesmf.Regridder(source, grid, "bilinear", unmapped_to_nan=True)(
            source, keep_attrs=True
        )
    # Not conservative_normed: its weights add up to 1 however little of a cell the source covers,
    # which would hide from the threshold what lies beyond the source.
    regridder = xesmf.Regridder(_with_corners(source), _with_corners(grid), "conservative")
    return regridder(source, keep_attrs=True, skipna=True, na_thres=1 - least_covered)


def _with_corners(grid: xr.Dataset) -> xr.Dataset:
    """The grid alone, with the corners lat_b, lon_b [degrees] that xESMF cannot infer in 2-D."""
    lat, lon = grid["lat"], grid["lon"]
    if lat.ndim == 2:
        dims = ("y_b", "x_b")
        bounds = {"lat_b": (dims, corners(lat)), "lon_b": (dims, corners(lon))}
    else:
        lat_edges = np.clip(edges(lat), -90.0, 90.0)
        bounds = {"lat_b": ("y_b", lat_edges), "lon_b": ("x_b", edges(lon))}
    return xr.Dataset(coords={"lat": lat, "lon": lon, **bounds})
