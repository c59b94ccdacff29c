"""Little files of daily weather in many dialects, and the region that reads them."""

from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core.config.region.region_inputs import RegionInputs

DAYS, FACTOR = 40, 4
DIMS = ("time", "lat", "lon")


def weather(rows: int = 8, columns: int = 8, west: float = 6.0, days: int = DAYS) -> xr.Dataset:
    """Return pr [mm day-1] and tas [K] on (time, lat, lon), quarters of a degree."""
    rng = np.random.default_rng(0)
    shape = (days, rows, columns)
    rain = np.where(rng.random(shape) < 0.5, rng.gamma(1, 5, shape), 0)
    fields = {
        "pr": (DIMS, rain.astype("float32"), {"units": "mm day-1"}),
        "tas": (DIMS, rng.normal(280, 5, shape).astype("float32"), {"units": "K"}),
    }
    axes = {
        "lat": 44.125 + 0.25 * np.arange(rows),
        "lon": west + 0.125 + 0.25 * np.arange(columns),
    }
    return xr.Dataset(fields, {"time": xr.date_range("2001-02-01", periods=days), **axes})


def block_means(fine: xr.Dataset, halo: int = 1) -> xr.Dataset:
    """Return block means of the weather, with `halo` further coarse cells all around."""
    coarse = fine.coarsen(lat=FACTOR, lon=FACTOR).mean().assign_coords(time=fine["time"])
    for name in ("lat", "lon"):
        padded = coarse.pad({name: halo}, mode="edge")
        centres = coarse[name].values[0] + np.arange(-halo, coarse.sizes[name] + halo)
        coarse = padded.assign_coords({name: centres})
    for name in ("pr", "tas"):
        coarse[name].attrs = fine[name].attrs
    return coarse


def region(folder: Path, target: dict, driver: dict | None = None, **keys) -> RegionInputs:
    """Return a region of 8 x 8 fine cells, or as `keys` of its target say."""
    section = {
        "source": "files",
        "frequency": "day",
        "accumulation_window": "00-24 UTC",
        "fine_shape": [8, 8],
        "variables": target,
        **keys,
    }
    drivers = {"perfect": {"type": "perfect", "predictors": list(target)}}
    if driver:
        drivers["reanalysis"] = {
            "type": "reanalysis",
            "predictors": list(driver),
            "source": "files",
            "variables": driver,
        }
    return RegionInputs.model_validate(
        {
            "name": "little",
            "targets": list(target),
            "factor": FACTOR,
            "resolution_km": 25.0,
            "year_start_month": 1,
            "drivers": drivers,
            "data_dir": str(folder),
            "target": section,
        }
    )


def entries(path: str | list[str], **more) -> dict:
    """Return entries of pr and tas in one file."""
    return {name: {"path": path, "variable": name, **more} for name in ("pr", "tas")}


def driver_entries(path: str | list[str], **more) -> dict:
    """Return entries of pr and tas of a driver in one file."""
    methods = {"pr": "conservative", "tas": "linear"}
    return {name: {**e, "method": methods[name]} for name, e in entries(path, **more).items()}
