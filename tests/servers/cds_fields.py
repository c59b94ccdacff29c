"""Small fields in the forms of the Climate Data Store: ERA5 by hour and day, CERRA, E-OBS."""

import calendar
import io
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

HOUR = np.timedelta64(1, "h")
ACCUM, INSTANT = "accum", "instant"
NAMES = {
    "total_precipitation": ("tp", "m", ACCUM),
    "2m_temperature": ("t2m", "K", INSTANT),
    "10m_u_component_of_wind": ("u10", "m s**-1", INSTANT),
    "10m_v_component_of_wind": ("v10", "m s**-1", INSTANT),
    "10m_wind_speed": ("si10", "m s**-1", INSTANT),
    "mean_sea_level_pressure": ("msl", "Pa", INSTANT),
    "total_column_water_vapour": ("tcwv", "kg m**-2", INSTANT),
    "2m_relative_humidity": ("r2", "%", INSTANT),
    "specific_humidity": ("q", "kg kg**-1", INSTANT),
    "temperature": ("t", "K", INSTANT),
    "geopotential": ("z", "m**2 s**-2", INSTANT),
    "land_sea_mask": ("lsm", "(0 - 1)", INSTANT),
    "orography": ("orog", "m", INSTANT),
}
"""Short name, unit and kind of step of ERA5 and CERRA."""
EOBS = {
    "precipitation_amount": ("rr", "mm"),
    "mean_temperature": ("tg", "Celsius"),
    "maximum_temperature": ("tx", "Celsius"),
    "minimum_temperature": ("tn", "Celsius"),
    "land_surface_elevation": ("elevation", "m"),
}
LINEAR = {
    "2m_temperature": (284.0, 1.0),
    "10m_u_component_of_wind": (3.0, 0.2),
    "10m_v_component_of_wind": (-1.0, 0.1),
    "10m_wind_speed": (5.0, 0.1),
    "mean_sea_level_pressure": (101325.0, 5.0),
    "total_column_water_vapour": (25.0, 0.8),
    "2m_relative_humidity": (70.0, -1.0),
    "specific_humidity": (0.008, 2e-4),
    "temperature": (275.0, 1.0),
    "geopotential": (9.80665 * 5500, 0.0),
}
"""Mean and change with 2 m temperature."""
Change = Callable[[xr.Dataset], xr.Dataset]


def rain(time: np.ndarray, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Return rain of the hour before each stamp, (time, y, x) [mm]."""
    hours = _hours(time)
    waves = np.sin(2 * np.pi * (hours / 71 + lon / 9)) + np.sin(
        2 * np.pi * (hours / 113 - lat / 7)
    )
    fine = 0.6 * np.sin(2 * np.pi * (1.7 * lon + 1.3 * lat + hours / 37))
    return np.maximum(waves + fine - 0.9, 0.0)


def temperature(time: np.ndarray, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Return temperature at each stamp, (time, y, x) [K]."""
    hours = _hours(time)
    season, day = np.cos(2 * np.pi * (hours / 8766 - 0.55)), np.cos(2 * np.pi * (hours - 14) / 24)
    weather = 3 * np.sin(2 * np.pi * (hours / 131 + lon / 11))
    return 284 + 10 * season + 4 * day + weather - 0.7 * (lat - 46) + 0.2 * np.sin(3 * lon)


def _hours(time: np.ndarray) -> np.ndarray:
    return ((time - np.datetime64("1970-01-01")) / HOUR)[:, None, None]


def values(variable: str, time: np.ndarray, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Return a variable in its unit, (time, y, x)."""
    if variable == "total_precipitation":
        return rain(time, lat, lon) / 1000
    warm = temperature(time, lat, lon) - 284
    if variable in ("land_sea_mask", "orography"):
        waves = np.sin(lat + 2 * lon) + 0 * warm
        return 0.5 + 0.5 * waves if variable == "land_sea_mask" else 500 + 100 * waves
    mean, slope = LINEAR[variable]
    return mean + slope * warm


def times(inputs: dict[str, Any]) -> np.ndarray:
    """Return the stamps of a request; days that a month lacks are skipped, as there."""
    years, months, days, hours = (listed(inputs, key) for key in ("year", "month", "day", "time"))
    stamps = [
        f"{year}-{month}-{day}T{hour}"
        for year, month, day, hour in product(years, months, days, hours or ["00:00"])
        if int(day) <= calendar.monthrange(int(year), int(month))[1]
    ]
    return np.array(stamps, "M8[ns]")


def listed(inputs: dict[str, Any], key: str) -> list[str]:
    """Return the values of a key, which may be a single one."""
    value = inputs.get(key, [])
    return value if isinstance(value, list) else [value]


def axes(area: list[float], spacing: float = 0.25) -> tuple[np.ndarray, np.ndarray]:
    """Return latitudes from the north and longitudes inside an area."""
    north, west, south, east = area
    lat = np.arange(north, south - 1e-9, -spacing)
    return lat, np.arange(west, east + 1e-9, spacing)


def era5(inputs: dict[str, Any], expver: Callable[[np.ndarray], np.ndarray]) -> list[xr.Dataset]:
    """Return one dataset for each kind of step."""
    stamps, (lat, lon) = times(inputs), axes(inputs["area"])
    kinds: dict[str, dict[str, xr.DataArray]] = {}
    for variable in listed(inputs, "variable"):
        short, units, kind = NAMES[variable]
        data = values(variable, stamps, lat[:, None], lon).astype("float32")
        attrs = {"GRIB_stepType": kind, "units": units, "standard_name": "unknown"}
        field = xr.DataArray(data, dims=("valid_time", "latitude", "longitude"), attrs=attrs)
        if levels := listed(inputs, "pressure_level"):
            level = {"pressure_level": np.array(levels, float)}
            field = field.expand_dims(level, axis=1)
        kinds.setdefault(kind, {})[short] = field
    return [_with_coordinates(fields, stamps, lat, lon, expver) for fields in kinds.values()]


def daily_statistics(inputs: dict[str, Any]) -> xr.Dataset:
    """Return days as the store computes them: of accumulations, hours 01 to 24 UTC."""
    (variable,) = listed(inputs, "variable")
    short, units, kind = NAMES[variable]
    days, (lat, lon) = times(inputs), axes(inputs["area"])
    zone = int(inputs["time_zone"].removeprefix("utc")[:3])
    hours = np.arange(24) + (kind == ACCUM) - zone
    stamps = (days[:, None] + hours * HOUR).ravel()
    data = values(variable, stamps, lat[:, None], lon).reshape(len(days), 24, lat.size, lon.size)
    name = inputs["daily_statistic"].removeprefix("daily_")
    reduced = getattr(data, {"maximum": "max", "minimum": "min"}.get(name, name))(axis=1)
    dims = ("valid_time", "latitude", "longitude")
    field = xr.DataArray(reduced.astype("float32"), dims=dims, attrs={"units": units})
    return _with_coordinates({short: field}, days, lat, lon, None)


def cerra(inputs: dict[str, Any]) -> xr.Dataset:
    """Return all cells of a small Lambert-like grid; rain since the start of the forecast."""
    (variable,), runs = listed(inputs, "variable"), times(inputs)
    short, units, _ = NAMES[variable]
    lat, lon = lambert_grid()
    lead = int(listed(inputs, "leadtime_hour")[0]) if inputs["product_type"] == "forecast" else 0
    if variable == "total_precipitation":
        units, stamps = "kg m**-2", (runs[:, None] + np.arange(1, lead + 1) * HOUR).ravel()
        data = rain(stamps, lat, lon).reshape(len(runs), lead, *lat.shape).sum(axis=1)
    else:
        data = values(variable, runs, lat, lon)
    field = (("valid_time", "y", "x"), data.astype("float32"), {"units": units})
    grid = {"latitude": (("y", "x"), lat), "longitude": (("y", "x"), lon % 360)}
    return xr.Dataset({short: field}, grid).assign_coords(_time(runs + lead * HOUR))


def lambert_grid() -> tuple[np.ndarray, np.ndarray]:
    """Return lat and lon of a grid that is turned against the meridians, (y, x) [degrees]."""
    y, x = np.meshgrid(np.arange(16), np.arange(18), indexing="ij")
    return 45 + 0.1 * y + 0.01 * x, 6.5 + 0.1 * x - 0.01 * y


def eobs(inputs: dict[str, Any]) -> tuple[str, xr.Dataset]:
    """Return name and content of a file with all days of a period, or with the altitude."""
    (variable,), version = listed(inputs, "variable"), inputs["version"][0].replace("_", ".")
    short, units = EOBS[variable]
    lat, lon = np.arange(45.05, 47, 0.1), np.arange(6.05, 9, 0.1)
    grid = {"latitude": lat, "longitude": lon}
    if inputs["product_type"] == "elevation":
        height = values("orography", np.array(["2000-01-01"], "M8[ns]"), lat[:, None], lon)[0]
        content = xr.Dataset({short: (("latitude", "longitude"), height, {"units": units})}, grid)
        return f"elev_ens_0.1deg_reg_v{version}.nc", content
    first, last = (int(year) for year in inputs["period"].split("_"))
    days = np.arange(f"{first}-01-01", f"{last + 1}-01-01", dtype="M8[D]").astype("M8[ns]")
    stamps = (days[:, None] + np.arange(1, 25) * HOUR).ravel()
    hourly = rain if short == "rr" else temperature
    by_day = hourly(stamps, lat[:, None], lon).reshape(len(days), 24, lat.size, lon.size)
    statistic = {"rr": "sum", "tg": "mean", "tx": "max", "tn": "min"}[short]
    data = getattr(by_day, statistic)(axis=1) - (0.0 if short == "rr" else 273.15)
    dims = ("time", "latitude", "longitude")
    field = (dims, data.astype("float32"), {"units": units})
    content = xr.Dataset({short: field}, {"time": days, **grid})
    return f"{short}_ens_mean_0.1deg_reg_{first}-{last}_v{version}.nc", content


def _with_coordinates(
    fields: dict[str, xr.DataArray],
    stamps: np.ndarray,
    lat: np.ndarray,
    lon: np.ndarray,
    expver: Callable[[np.ndarray], np.ndarray] | None,
) -> xr.Dataset:
    """Return fields with the coordinates of the form of 2024."""
    dataset = xr.Dataset(fields).assign_coords(_time(stamps))
    direction = {"units": "degrees_north", "stored_direction": "decreasing"}
    dataset = dataset.assign_coords(
        number=((), 0, {"standard_name": "realization"}),
        latitude=("latitude", lat, direction),
        longitude=("longitude", lon, {"units": "degrees_east"}),
    )
    if expver is None:
        return dataset
    return dataset.assign_coords(expver=("valid_time", expver(stamps)))


def _time(stamps: np.ndarray) -> dict[str, Any]:
    seconds = stamps.astype("M8[s]").astype("int64")
    attrs = {"units": "seconds since 1970-01-01", "calendar": "proleptic_gregorian"}
    return {"valid_time": ("valid_time", seconds, attrs)}


def netcdf(dataset: xr.Dataset) -> bytes:
    """Return the bytes of a NetCDF-4 file with zlib of level 1."""
    encoding = {name: {"zlib": True, "complevel": 1} for name in dataset.data_vars}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.nc"
        dataset.to_netcdf(path, engine="netcdf4", encoding=encoding)
        return path.read_bytes()


def zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    """Return the bytes of a ZIP archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()
