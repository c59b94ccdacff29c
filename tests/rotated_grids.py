"""Grids with lat and lon on two dimensions whose answer is known: rotated and regular ones."""

import numpy as np
import xarray as xr

from downbench.core.spatial.sphere import lat_lon, unit_vectors


def rotated(
    rows: np.ndarray, columns: np.ndarray, pole: tuple[float, float] = (39.25, -162.0)
) -> xr.Dataset:
    """Cells that are regular [degrees] around a pole (lat, lon): lat and lon on (y, x)."""
    tilt, turn = np.radians(90 - pole[0]), np.radians(pole[1] + 180)
    about_y = np.array([
        [np.cos(tilt), 0, -np.sin(tilt)], [0, 1, 0], [np.sin(tilt), 0, np.cos(tilt)]
    ])  # fmt: skip
    about_z = np.array([
        [np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]
    ])  # fmt: skip
    vectors = unit_vectors(*np.meshgrid(rows, columns, indexing="ij"))
    lat, lon = lat_lon(vectors @ (about_z @ about_y).T)
    return xr.Dataset(coords={"lat": (("y", "x"), lat), "lon": (("y", "x"), lon)})


def flat(dataset: xr.Dataset) -> xr.Dataset:
    """The same regular grid with lat and lon on both axes, as a curvilinear one has them."""
    lat, lon = xr.broadcast(dataset["lat"], dataset["lon"])
    fields = dataset.drop_vars(["lat", "lon"]).rename_dims(lat="y", lon="x")
    return fields.assign_coords(lat=(("y", "x"), lat.values), lon=(("y", "x"), lon.values))
