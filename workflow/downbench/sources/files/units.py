"""Units at the border: whatever a file says, inside it is the contract's unit (trap T15)."""

import numpy as np
import xarray as xr

from downbench.core.contract_values import (
    FEWEST_TIMES,
    RAIN_MEDIAN_MM_DAY,
    SUBDAILY_RAIN_MEDIAN_MM_DAY,
    WET_MM_DAY,
)
from downbench.core.errors import UserError
from downbench.core.variables import variable
from downbench.sources.files import plausible_values, raw_values

TEMPERATURE = {"k": (1.0, 0.0), "degc": (1.0, 273.15), "celsius": (1.0, 273.15)}
TEMPERATURE |= {"c": (1.0, 273.15), "degree_celsius": (1.0, 273.15), "°c": (1.0, 273.15)}
PRECIPITATION = {
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
PERCENT = {name: (100 * scale, offset) for name, (scale, offset) in SHARE.items()}
HUMIDITY = {"1": (1.0, 0.0), "kg kg-1": (1.0, 0.0), "kg/kg": (1.0, 0.0), "g kg-1": (1e-3, 0.0)}
LENGTH = {"m": (1.0, 0.0), "km": (1000.0, 0.0), "m2 s-2": (1 / 9.80665, 0.0)}
WATER = {"kg m-2": (1.0, 0.0), "mm": (1.0, 0.0)}
SPEED = {"m s-1": (1.0, 0.0), "m/s": (1.0, 0.0)}
AREA = {"m2": (1.0, 0.0), "km2": (1e6, 0.0)}
CONVERSIONS = {
    ("precipitation", "mm day-1"): PRECIPITATION,
    ("temperature", "K"): TEMPERATURE,
    ("pressure", "Pa"): PRESSURE,
    ("height", "m"): LENGTH,
    ("water column", "kg m-2"): WATER,
    ("wind", "m s-1"): SPEED,
    ("specific humidity", "1"): HUMIDITY,
    ("relative humidity", "%"): PERCENT,
    ("area fraction", "1"): SHARE,
    ("area fraction", "%"): PERCENT,
    ("area", "m2"): AREA,
}
"""Scale and offset to the project's unit, by quantity and that unit, then by the file's unit."""


def convert(
    field: xr.DataArray, name: str, unit: str | None, daily: bool, label: str
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
    units = variable(name, label).units
    file_unit = unit if unit is not None else field.attrs.get("units")
    if file_unit is None:
        raise UserError(f"{label}: the file gives no units: name them with `units:` in the YAML")
    conversions = _conversions(name, daily)
    key = " ".join(str(file_unit).lower().split())
    if key not in conversions:
        raise UserError(
            f"{label}: no conversion of units '{file_unit}' to '{units}' for {name}: "
            f"set `units:` to one of {', '.join(conversions)}"
        )
    scale, offset = conversions[key]
    field = raw_values.checked(field, name, label)
    converted = (field * scale + offset).astype("float32").assign_attrs(units=units)
    plausible_values.require(converted, field, name, f"{label}, read as '{file_unit}'")

    return converted


def _conversions(name: str, daily: bool) -> dict[str, tuple[float, float]]:
    row = variable(name)
    conversions = CONVERSIONS[row.quantity, row.units]
    return conversions | DAILY_SUMS if daily and row.quantity == "precipitation" else conversions


def require_plausible_rain(rain: np.ndarray, daily: bool, label: str) -> None:
    """Catch a wrong unit of rain by the median of its wet values.

    Parameters
    ----------
    rain
        All values of a file or event [mm day-1], (time, …).

    Raises
    ------
    UserError
        When the median of values ≥ 1 mm day-1 is not that of rain, or none is that large in an
        event or in a year of days; fewer days may be dry.
    """
    wet = rain[rain >= WET_MM_DAY]
    if daily and not wet.size and len(rain) < FEWEST_TIMES:
        return
    low, high = RAIN_MEDIAN_MM_DAY if daily else SUBDAILY_RAIN_MEDIAN_MM_DAY
    median = float(np.median(wet)) if wet.size else 0.0
    if not low <= median <= high:
        raise UserError(
            f"{label}: the median of rain ≥ 1 mm day-1 is {median:.3g} mm day-1, outside "
            f"[{low:g}, {high:g}]: set `units:` to the file's true unit"
        )
