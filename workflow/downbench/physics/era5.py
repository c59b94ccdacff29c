"""Hourly ERA5 as the terms of the daily moisture budget: names, units, signs, windows.

Accumulations of ERA5 belong to the hour that *ends* at their stamp, so a day from 00 to 24 UTC is
the sum of its stamps 01 … 23 and 00 of the next day (ECMWF's documentation; trap T16).
Instantaneous fields, such as precipitable water, hold at their stamp. Vertical fluxes count
positive downward at ECMWF, so evaporation is negative there; here it is positive upward.
"""

import numpy as np
import xarray as xr

from downbench.core.calendar import daily_values
from downbench.core.calendar.daily_values import HOUR, Statistic
from downbench.core.constants import EARTH_RADIUS_M, SECONDS_PER_DAY
from downbench.core.errors import UserError

GRAVITY_M_S2 = 9.80665
HOURS = 24
AMOUNT_KG_M2 = {"m": 1000.0, "m of water equivalent": 1000.0, "mm": 1.0, "kg m-2": 1.0}
RATE_KG_M2_HOUR = {"kg m-2 s-1": 3600.0}
ACCUMULATED = {
    "tp": ("pr", 1.0, "mm day-1"),
    "e": ("evspsbl", -1.0, "kg m-2 s-1"),
    "vimd": ("moisture_divergence", 1.0, "kg m-2 s-1"),
}
"""ERA5's name → ours, our sign in ECMWF's, our unit."""
RENAMED = {"lat": "Y", "lon": "X", "latitude": "Y", "longitude": "X"}


def daily(hourly: xr.Dataset) -> xr.Dataset:
    """Daily terms of the moisture budget from those hourly fields that are there.

    Parameters
    ----------
    hourly : (time, lat, lon)
        `tp` and `e` [m], `vimd` [kg m-2, or kg m-2 s-1], accumulated over the hour that ends at
        the stamp; `tcwv` [kg m-2] at the stamp; `flux_east`, `flux_north` [kg m-1 s-1] at the
        stamp (see `columns`).

    Returns
    -------
    (time, Y, X), south to north, complete days only
        `pr` [mm day-1], `evspsbl`, `moisture_divergence`, `prw_tendency` [kg m-2 s-1], `prw` at
        the start of the day [kg m-2]; fluxes as daily means on the faces of the inner cells, on
        which the other terms lie then too.

    Raises
    ------
    UserError
        For an unknown unit, stamps that are not hourly, or no complete day.
    """
    hourly = _south_to_north(hourly)
    _refuse_other_steps(hourly["time"])
    fields = {new: _accumulated(hourly[old], new) for old, new, *_ in _present(hourly)}
    if "tcwv" in hourly:
        fields |= _storage(hourly["tcwv"])
    days = xr.Dataset(fields)
    if {"flux_east", "flux_north"} <= set(hourly.data_vars):
        days = _on_faces(hourly, days)

    return days.rename({old: new for old, new in RENAMED.items() if old in days.dims})


def columns(hourly: xr.Dataset) -> xr.Dataset:
    """Precipitable water and moisture flux of the layers between the given pressure levels.

    Parameters
    ----------
    hourly : (time, plev, lat, lon)
        `hus` [1], `ua`, `va` [m s-1] on `plev` [Pa], and the surface pressure `sp` (time, lat,
        lon) [Pa]. Levels below ground are left out, and so is the layer between the ground and
        the lowest level above it.

    Returns
    -------
    (time, lat, lon)
        `tcwv` [kg m-2], `flux_east` and `flux_north` [kg m-1 s-1].
    """
    humidity = hourly["hus"]
    columns = {
        "tcwv": (humidity, "kg m-2"),
        "flux_east": (humidity * hourly["ua"], "kg m-1 s-1"),
        "flux_north": (humidity * hourly["va"], "kg m-1 s-1"),
    }
    return xr.Dataset(
        {
            name: integral_over_mass(field, hourly["sp"]).assign_attrs(units=units)
            for name, (field, units) in columns.items()
        }
    )


def integral_over_mass(field: xr.DataArray, surface_pressure: xr.DataArray) -> xr.DataArray:
    """1/g ∫ field dp over the layers above ground, by trapezoids; `plev` [Pa] in any order."""
    field = field.sortby("plev").where(field["plev"] <= surface_pressure)
    upper, lower = field.isel(plev=slice(None, -1)), field.isel(plev=slice(1, None))
    thickness = field["plev"].diff("plev")
    layers = 0.5 * (upper.assign_coords(plev=lower["plev"]) + lower) * thickness

    return layers.sum("plev", min_count=1) / GRAVITY_M_S2


def _present(hourly: xr.Dataset) -> list[tuple[str, str]]:
    return [(old, new) for old, (new, _, _) in ACCUMULATED.items() if old in hourly]


def _accumulated(field: xr.DataArray, new: str) -> xr.DataArray:
    _, sign, units = ACCUMULATED[str(field.name)]
    per_day = sign * _to_kg_m2(field) * _of_days(field, "sum", accumulated=True)
    if units == "kg m-2 s-1":
        per_day = per_day / SECONDS_PER_DAY

    return per_day.rename(new).assign_attrs(units=units)


def _to_kg_m2(field: xr.DataArray) -> float:
    """What turns an hourly value into kg m-2, that is mm of water."""
    units = str(field.attrs.get("units")).replace("**", "")
    factors = AMOUNT_KG_M2 | RATE_KG_M2_HOUR
    if units not in factors:
        raise UserError(
            f"{field.name}: units are '{units}': convert it to one of {', '.join(factors)}"
        )

    return factors[units]


def _storage(water: xr.DataArray) -> dict[str, xr.DataArray]:
    """Precipitable water at 00 UTC, and its change to the next 00 UTC, where both are there."""
    start = water.where(water["time"].dt.hour == 0, drop=True)
    day = np.timedelta64(1, "D")
    following = start.assign_coords(time=start["time"] - day)
    start, following = xr.align(start, following, join="inner")
    rate = (following - start) / SECONDS_PER_DAY

    return {
        "prw": start.assign_attrs(units="kg m-2"),
        "prw_tendency": rate.assign_attrs(units="kg m-2 s-1"),
    }


def _on_faces(hourly: xr.Dataset, days: xr.Dataset) -> xr.Dataset:
    """Daily mean fluxes between neighbouring cells, and the other terms of the cells within."""
    fluxes = {name: _of_days(hourly[name], "mean") for name in ("flux_east", "flux_north")}
    inner = {"lat": slice(1, -1), "lon": slice(1, -1)}
    east = _between(fluxes["flux_east"].isel(lat=inner["lat"]), "lon", "X_face")
    north = _between(fluxes["flux_north"].isel(lon=inner["lon"]), "lat", "Y_face")
    lengths = _face_lengths_m(hourly["lat"].values, hourly["lon"].values)
    faces = {
        "flux_east": east.assign_attrs(units="kg m-1 s-1"),
        "flux_north": north.assign_attrs(units="kg m-1 s-1"),
        "face_length_east": xr.DataArray(lengths[0], dims=("lat", "X_face"), attrs={"units": "m"}),
        "face_length_north": xr.DataArray(
            lengths[1], dims=("Y_face", "lon"), attrs={"units": "m"}
        ),
    }
    return xr.merge([days.isel(inner), faces], join="inner", compat="override")


def _between(field: xr.DataArray, dim: str, face: str) -> xr.DataArray:
    first, second = field.isel({dim: slice(None, -1)}), field.isel({dim: slice(1, None)})
    return (0.5 * (first.drop_vars(dim) + second.drop_vars(dim))).rename({dim: face})


def _face_lengths_m(lat: np.ndarray, lon: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lengths of the faces of the inner cells crossed eastward and northward [m]."""
    edges = np.radians(0.5 * (lat[1:] + lat[:-1]))
    widths = np.radians(np.diff(0.5 * (lon[1:] + lon[:-1])))
    east = np.repeat(EARTH_RADIUS_M * np.diff(edges)[:, None], lon.size - 1, axis=1)

    return east, EARTH_RADIUS_M * np.cos(edges)[:, None] * widths


def _of_days(
    hourly: xr.DataArray, statistic: Statistic, *, accumulated: bool = False
) -> xr.DataArray:
    """Return the days that have all of their 24 stamps, see `daily_values.daily`."""
    starts = hourly["time"].values - (HOUR if accumulated else 0 * HOUR)
    days, counts = np.unique(starts.astype("M8[D]"), return_counts=True)
    if not (counts == HOURS).any():
        raise UserError(
            f"{hourly.name}: no day has its {HOURS} hours: give whole days from 00 to 24 UTC"
        )
    options = {"accumulated": accumulated, "label": str(hourly.name)}
    return daily_values.daily(hourly, statistic, days[counts == HOURS], **options)


def _south_to_north(hourly: xr.Dataset) -> xr.Dataset:
    named = {"latitude": "lat", "longitude": "lon"}
    hourly = hourly.rename({old: new for old, new in named.items() if old in hourly.dims})
    return hourly.sortby(["lat", "lon"])


def _refuse_other_steps(time: xr.DataArray) -> None:
    step = np.diff(time.values)
    odd = step != np.timedelta64(1, "h")
    if odd.any():
        raise UserError(
            f"time: a step of {step[odd][0] / np.timedelta64(1, 'h'):g} hours after "
            f"{time.values[:-1][odd][0]}: accumulations belong to the hour that ends at their "
            "stamp, so give every hour"
        )
