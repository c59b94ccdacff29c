"""Grid, orography and coast of the synthetic region."""

import numpy as np
import xarray as xr
from scipy import ndimage

from downbench.core.config.region.generator import Ridge, Terrain
from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.config.sources.synthetic import SyntheticTarget
from downbench.core.constants import EARTH_RADIUS_M
from downbench.core.rng import generator
from downbench.core.spatial.grids import block_mean
from downbench.sources.synthetic.random_fields import colour, power_law

STATIC = ("orog", "land", "cell_area")
KM_PER_DEGREE = np.pi / 180 * EARTH_RADIUS_M / 1000


def static(region: RegionInputs) -> xr.Dataset:
    """Return the static fields on the fine grid.

    Returns
    -------
    xr.Dataset
        orog [m], land [1], cell_area [m2] on (y, x), float32, with lat, lon [degrees].
    """
    options, km = region.target, region.resolution_km
    lat, lon = _centres(options, km)
    dlat, dlon = spacing(options.terrain, km)
    coast = _distance_from_coast_km(options, km)
    land = np.clip(coast / km + 0.5, 0.0, 1.0)
    fields = {
        "orog": (_height_m(options, km, coast), "m"),
        "land": (land, "1"),
        "cell_area": (cell_area(lat, dlat, dlon)[:, None] * np.ones(land.shape), "m2"),
    }
    dataset = xr.Dataset(
        {n: (("y", "x"), v.astype(np.float32), {"units": u}) for n, (v, u) in fields.items()}
    )
    return dataset.assign_coords(_coordinates(lat, lon, ("y", "x")))


def coarse_static(fine: xr.Dataset, factor: int) -> xr.Dataset:
    """Return block means of the static fields, sums of the areas, on (Y, X), float64."""
    area = fine.cell_area.values.astype(np.float64)
    means = {n: block_mean(fine[n].values.astype(np.float64), factor, area) for n in STATIC}
    means["cell_area"] = block_mean(area, factor) * factor**2
    dataset = xr.Dataset({n: (("Y", "X"), v, fine[n].attrs) for n, v in means.items()})
    lat = block_mean(fine.lat.values.astype(np.float64), factor)[:, 0]
    lon = block_mean(fine.lon.values.astype(np.float64), factor)[0]
    return dataset.assign_coords(_coordinates(lat, lon, ("Y", "X")))


def spacing(terrain: Terrain, km: float) -> tuple[float, float]:
    """Return the grid spacing in latitude and longitude [degrees], square at the centre."""
    dlat = km / KM_PER_DEGREE
    return dlat, dlat / np.cos(np.radians(terrain.centre_lat_degrees))


def cell_area(lat: np.ndarray, dlat: float, dlon: float) -> np.ndarray:
    """Return exact areas [m2] of cells of a regular grid with centres at `lat` [degrees]."""
    north, south = np.radians(lat + dlat / 2), np.radians(lat - dlat / 2)
    return EARTH_RADIUS_M**2 * np.radians(dlon) * (np.sin(north) - np.sin(south))


def _centres(options: SyntheticTarget, km: float) -> tuple[np.ndarray, np.ndarray]:
    dlat, dlon = spacing(options.terrain, km)
    lat = options.terrain.centre_lat_degrees + dlat * (
        np.arange(options.rows) - (options.rows - 1) / 2
    )
    lon = options.terrain.centre_lon_degrees + dlon * (
        np.arange(options.columns) - (options.columns - 1) / 2
    )
    return lat, lon


def _coordinates(lat: np.ndarray, lon: np.ndarray, dims: tuple[str, str]) -> dict:
    north, east = np.meshgrid(lat, lon, indexing="ij")
    return {
        "lat": (dims, north, {"units": "degrees_north"}),
        "lon": (dims, east, {"units": "degrees_east"}),
    }


def _distance_from_coast_km(options: SyntheticTarget, km: float) -> np.ndarray:
    """Eastward distance from a wavy coast, positive inland, (y, x)."""
    terrain, size = options.terrain, options.noise.size
    white = generator(options.seed, "terrain", "coast").standard_normal((size, size))
    waves = colour(white, power_law(size, 3.0, size))[: options.rows, 0]
    waves = (waves - waves.mean()) / waves.std()
    coast = terrain.coast_x * options.columns * km + terrain.coast_roughness_km * waves
    return (np.arange(options.columns) + 0.5)[None, :] * km - coast[:, None]


def _height_m(options: SyntheticTarget, km: float, coast_km: np.ndarray) -> np.ndarray:
    terrain, size = options.terrain, options.noise.size
    white = generator(options.seed, "terrain", "relief").standard_normal((size, size))
    relief = colour(white, power_law(size, terrain.relief_slope, size / 2))
    relief = relief[: options.rows, : options.columns]
    inland = np.clip(coast_km, 0.0, None)
    smooth = terrain.plain_rise_m_per_km * inland
    for ridge in terrain.ridges:
        smooth = smooth + _ridge_m(ridge, options, km)
    ramp = np.tanh(inland / terrain.coastal_ramp_km)
    return smooth * np.exp(terrain.relief_log_sd * relief) * ramp


def _ridge_m(ridge: Ridge, options: SyntheticTarget, km: float) -> np.ndarray:
    y = (np.arange(options.rows)[:, None] + 0.5 - ridge.centre_y * options.rows) * km
    x = (np.arange(options.columns)[None, :] + 0.5 - ridge.centre_x * options.columns) * km
    angle = np.radians(ridge.azimuth_degrees)
    along, across = x * np.sin(angle) + y * np.cos(angle), x * np.cos(angle) - y * np.sin(angle)
    bell = (along / ridge.length_km) ** 2 + (across / ridge.width_km) ** 2
    return ridge.height_m * np.exp(-0.5 * bell)


def slopes_m_per_km(height: np.ndarray, km: float) -> tuple[np.ndarray, np.ndarray]:
    """Northward and eastward slope of a lightly smoothed height (y, x) [m km-1]."""
    north, east = np.gradient(ndimage.gaussian_filter(height, 1.0, mode="nearest"), km)
    return north, east
