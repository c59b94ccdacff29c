"""Units at the border: whatever a file says, inside it is the contract's unit (trap T15)."""

import numpy as np
import xarray as xr

from downbench.core.contract import (
    RAIN_MEDIAN_MM_DAY,
    RANGES,
    SUBDAILY_RAIN_MEDIAN_MM_DAY,
    UNITS,
    WET_MM_DAY,
)
from downbench.core.errors import UserError

TEMPERATURE = {"k": (1.0, 0.0), "degc": (1.0, 273.15), "celsius": (1.0, 273.15)}
TEMPERATURE |= {"c": (1.0, 273.15), "degree_celsius": (1.0, 273.15), "°c": (1.0, 273.15)}
RAIN = {
    "mm day-1": (1.0, 0.0),
    "mm/day": (1.0, 0.0),
    "mm d-1": (1.0, 0.0),
    "kg m-2 day-1": (1.0, 0.0),
    "kg m-2 s-1": (86400.0, 0.0),
    "kg/m2/s": (86400.0, 0.0),
    "mm s-1": (86400.0, 0.0),
    "mm h-1": (24.0, 0.0),
    "mm/h": (24.0, 0.0),
    "m day-1": (1000.0, 0.0),
}
DAILY_SUMS = {"mm": (1.0, 0.0), "kg m-2": (1.0, 0.0), "m": (1000.0, 0.0), "cm": (10.0, 0.0)}
PRESSURE = {"pa": (1.0, 0.0), "hpa": (100.0, 0.0), "mbar": (100.0, 0.0), "millibar": (100.0, 0.0)}
SHARE = {"1": (1.0, 0.0), "%": (0.01, 0.0), "percent": (0.01, 0.0), "fraction": (1.0, 0.0)}
HUMIDITY = {"1": (1.0, 0.0), "kg kg-1": (1.0, 0.0), "kg/kg": (1.0, 0.0), "g kg-1": (1e-3, 0.0)}
LENGTH = {"m": (1.0, 0.0), "km": (1000.0, 0.0), "m2 s-2": (1 / 9.80665, 0.0)}
WATER = {"kg m-2": (1.0, 0.0), "mm": (1.0, 0.0)}
SPEED = {"m s-1": (1.0, 0.0), "m/s": (1.0, 0.0)}
KNOWN = {
    "mm day-1": RAIN,
    "K": TEMPERATURE,
    "Pa": PRESSURE,
    "m": LENGTH,
    "kg m-2": WATER,
    "m s-1": SPEED,
}


def convert(
    field: xr.DataArray, name: str, unit: str | None, daily: bool, where: str
) -> xr.DataArray:
    """Convert a field to the unit that the data contract gives its name.

    Parameters
    ----------
    field
        Any dims.
    name
        Name in this project, which decides the unit: pr [mm day-1], tas [K], psl [Pa] …
    unit
        Unit in the region's YAML; None takes the file's attribute `units`.
    daily
        Are the values daily? Only then is a depth ("mm", "m") a daily sum.
    where
        File and variable, for messages.

    Raises
    ------
    UserError
        When the unit is absent or unknown, or the values cannot be in it.
    """
    if name not in UNITS:
        raise UserError(
            f"{where}: this project knows no variable '{name}': use one of {', '.join(UNITS)}"
        )
    said = unit if unit is not None else field.attrs.get("units")
    if said is None:
        raise UserError(f"{where}: the file gives no units: name them with `units:` in the YAML")
    known = _known(name, daily)
    key = " ".join(str(said).lower().split())
    if key not in known:
        raise UserError(
            f"{where}: no conversion of units '{said}' to '{UNITS[name]}' for {name}: "
            f"set `units:` to one of {', '.join(known)}"
        )
    scale, offset = known[key]
    converted = (field * scale + offset).astype("float32").assign_attrs(units=UNITS[name])
    _in_range(converted, name, f"{where}, read as '{said}'")

    return converted


def _known(name: str, daily: bool) -> dict[str, tuple[float, float]]:
    if name == "pr":
        return {**RAIN, **DAILY_SUMS} if daily else RAIN
    if UNITS[name] == "1":
        return SHARE if name == "land" else HUMIDITY
    return KNOWN[UNITS[name]]


def _in_range(field: xr.DataArray, name: str, where: str) -> None:
    """Catch a unit that file or YAML give wrongly, by the range of the values."""
    if name not in RANGES:
        return
    (low, high), least, most = RANGES[name], float(field.min()), float(field.max())
    if least < low or most > high:
        raise UserError(
            f"{where}: {name} runs from {least:.4g} to {most:.4g} {UNITS[name]}, outside "
            f"[{low:g}, {high:g}]: set `units:` to the file's true unit"
        )


def require_plausible_rain(rain: np.ndarray, daily: bool, where: str) -> None:
    """Catch a wrong unit of rain by the median of its wet values.

    Parameters
    ----------
    rain
        All values of a file or event [mm day-1], any shape.

    Raises
    ------
    UserError
        When the median of values ≥ 1 mm day-1 is not that of rain, or none is that large.
    """
    wet = rain[rain >= WET_MM_DAY]
    low, high = RAIN_MEDIAN_MM_DAY if daily else SUBDAILY_RAIN_MEDIAN_MM_DAY
    median = float(np.median(wet)) if wet.size else 0.0
    if not low <= median <= high:
        raise UserError(
            f"{where}: the median of rain ≥ 1 mm day-1 is {median:.3g} mm day-1, outside "
            f"[{low:g}, {high:g}]: set `units:` to the file's true unit"
        )
