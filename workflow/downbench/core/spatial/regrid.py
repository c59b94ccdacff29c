"""Regridding between grids that do not nest, behind one function.

Conservative means on rectilinear grids come from overlaps that are exact on the sphere (in
longitude and in the sine of latitude), applied by xarray-regrid, which also keeps count of missing
cells. Curvilinear grids have weights of their own, or those of xESMF where it is asked for.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Literal

import numpy as np
import xarray as xr
from xarray_regrid.methods.conservative import apply_weights

from downbench.core import compute, time_parts
from downbench.core.spatial import curvilinear_regrid, esmf
from downbench.core.spatial.longitudes import around, continuous
from downbench.core.spatial.rectilinear import ROUNDING, edges, lat_edges

Method = Literal["conservative", "linear"]
Regridder = Literal["overlap", "xesmf"]
BYTES_AT_ONCE = 2**26


def regrid(
    dataset: xr.Dataset,
    grid: xr.Dataset,
    method: Method,
    least_covered: float,
    regridder: Regridder = "overlap",
) -> xr.Dataset:
    """Regrid every variable with dims (…, lat, lon), or those of 2-D lat and lon, to `grid`.

    Parameters
    ----------
    dataset
        Variables per unit area or intensive (a rain rate, a temperature), any unit. Coordinates
        lat and lon [degrees] are one-dimensional, or two-dimensional on a curvilinear grid.
    grid
        Coordinates lat and lon of the target cells' centres [degrees], as in `dataset`.
    method
        `conservative` keeps the area integral; `linear` interpolates between cell centres and
        leaves cells whose centre lies beyond the outermost source centres missing.
    least_covered
        A conservative mean needs valid source cells over at least this share of its area [1];
        it is then the mean over the valid part, otherwise missing.
    regridder
        Where one of the grids is curvilinear: overlaps of polygons and linear weights of this
        project, or xESMF.

    Returns
    -------
    xr.Dataset
        On the cells of `grid`; longitudes run on beyond 180 where it crosses that meridian. Of
        lazy variables on (time, …) it is lazy, and float32.

    Raises
    ------
    UserError
        When cells of a curvilinear grid are folded, or xESMF is asked for and not installed.
    """
    centre = float(continuous(grid["lon"].values).mean())
    source = normalise(dataset, centre)
    regrid_part = _function(source, normalise(grid, centre), method, least_covered, regridder)
    if source.chunks:
        return _when_needed(regrid_part, source, normalise(grid, centre))
    parts = list(_along_time(source))
    if len(parts) == 1:
        return regrid_part(parts[0])
    regridded = list(compute.each(regrid_part, parts))
    return xr.concat(regridded, "time", data_vars="minimal", coords="minimal", compat="override")


def _along_time(source: xr.Dataset) -> Iterator[xr.Dataset]:
    """Yield parts of bounded size."""
    if "time" not in source.dims or source.nbytes <= BYTES_AT_ONCE:
        yield source
        return
    parts = time_parts.slices(source.sizes["time"], source.nbytes, BYTES_AT_ONCE)
    yield from (source.isel(time=part) for part in parts)


def _when_needed(
    regrid_part: Callable[[xr.Dataset], xr.Dataset], source: xr.Dataset, grid: xr.Dataset
) -> xr.Dataset:
    """Return lazy variables whose parts are regridded when they are needed."""
    source = time_parts.whole_grid(source)
    axes = source[["lat", "lon"]].reset_coords(drop=True).coords
    of_grid = grid["lat"].dims if grid["lat"].ndim == 2 else ("lat", "lon")
    shape = xr.broadcast(grid["lat"], grid["lon"])[0].shape

    def of_part(values: np.ndarray, dims: tuple[str, ...]) -> np.ndarray:
        part = regrid_part(xr.Dataset({"part": (dims, values)}, axes))["part"]
        return part.transpose("time", *of_grid).values.astype(np.float32)

    fields = {
        name: time_parts.on_other_grid(
            field, partial(of_part, dims=field.dims), ("time", *of_grid), shape
        )
        for name, field in source.data_vars.items()
    }
    coordinates = {"time": source["time"], "lat": grid["lat"], "lon": grid["lon"]}
    return xr.Dataset(fields, coordinates)


def _function(
    source: xr.Dataset,
    grid: xr.Dataset,
    method: Method,
    least_covered: float,
    regridder: Regridder,
) -> Callable[[xr.Dataset], xr.Dataset]:
    """Return the function that regrids a part along time; weights are computed once."""
    if source["lat"].ndim == grid["lat"].ndim == 1:
        return partial(_on_axes, grid, method, least_covered)
    if regridder == "xesmf":
        return partial(esmf.regrid, grid, method, least_covered)
    return partial(
        curvilinear_regrid.regrid,
        curvilinear_regrid.weights(source, grid, method, least_covered),
        grid,
    )


def _on_axes(
    grid: xr.Dataset, method: Method, least_covered: float, source: xr.Dataset
) -> xr.Dataset:
    """Regrid between rectilinear grids."""
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
            nan_threshold=1 - least_covered + ROUNDING,
        )
    return mean.assign_coords(lat=grid["lat"], lon=grid["lon"])


def _linear(source: xr.Dataset, grid: xr.Dataset) -> xr.Dataset:
    """Interpolate; centres that lie beyond the outermost ones by rounding alone are on them."""
    inner = {}
    for name in ("lat", "lon"):
        if source.sizes[name] == 1:
            source = _doubled(source, name)
        first, last = source[name].values[[0, -1]]
        centres, allowed = grid[name].values, ROUNDING * np.diff(edges(grid[name])).min()
        clipped = np.clip(centres, first, last)
        near = np.where(np.abs(clipped - centres) <= allowed, clipped, centres)
        inner[name] = (name, near, grid[name].attrs)
    # In this order: xarray_regrid takes the axes as a set, and so has other roundings in each run.
    regridded = source.interp(inner, method="linear")
    return regridded.assign_coords(lat=grid["lat"], lon=grid["lon"])


def _doubled(source: xr.Dataset, name: str) -> xr.Dataset:
    """Repeat the only row or column a little to both sides: linear weights need two."""
    sides = source[name].values[0] + ROUNDING * source[name].attrs["spacing"] * np.array([-1, 1])
    return source.isel({name: [0, 0]}).assign_coords({name: sides})


def normalise(dataset: xr.Dataset, centre: float = 0.0) -> xr.Dataset:
    """Longitudes around `centre`, both axes of a rectilinear grid ascending (trap T18)."""
    lon = dataset["lon"]
    moved = dataset.assign_coords(lon=(lon.dims, around(lon.values, centre), lon.attrs))
    return moved if lon.ndim == 2 else moved.sortby(["lat", "lon"])


def _sine_edges(lat: xr.DataArray) -> np.ndarray:
    return np.sin(np.deg2rad(lat_edges(lat)))


def _overlap(source: np.ndarray, grid: np.ndarray, name: str) -> xr.DataArray:
    """Share of each target cell (columns) that each source cell (rows) covers along one axis."""
    upper = np.minimum(source[1:, None], grid[None, 1:])
    lower = np.maximum(source[:-1, None], grid[None, :-1])
    share = np.maximum(upper - lower, 0.0) / np.diff(grid)[None, :]
    return xr.DataArray(share, dims=(name, f"target_{name}"))
