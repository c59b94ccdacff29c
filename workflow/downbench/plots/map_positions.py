"""Where the cells of a map lie: latitudes and longitudes without a jump, and the map's shape."""

import numpy as np
import xarray as xr

from downbench.core.spatial.longitudes import around


def has_positions(field: xr.DataArray) -> bool:
    """Return whether every cell (y, x) has a latitude and a longitude."""
    return all(
        name in field.coords and field[name].ndim == 2 and bool(field[name].notnull().all())
        for name in ("lat", "lon")
    )


def positions(field: xr.DataArray) -> tuple[np.ndarray, np.ndarray]:
    """Return longitudes, which run on across 180, and latitudes (y, x) [degrees]."""
    lon, lat = field["lon"].values, field["lat"].values
    return around(lon, float(lon[lon.shape[0] // 2, lon.shape[1] // 2])), lat


def height_over_width(field: xr.DataArray) -> float:
    """Return the shape of a map, as long on the ground along x as along y."""
    if not has_positions(field):
        return field.sizes["y"] / field.sizes["x"]
    lon, lat = positions(field)
    return float(np.ptp(lat) / (np.ptp(lon) * np.cos(np.deg2rad(lat.mean()))))
