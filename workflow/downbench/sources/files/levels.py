"""Takes one pressure level of a variable on several."""

import numpy as np
import xarray as xr

from downbench.core.errors import UserError

NAMES = ("plev", "level", "lev", "pressure_level", "isobaricinhpa", "pressure", "isobaric")
PA_PER_UNIT = {"pa": 1.0, "hpa": 100.0, "mbar": 100.0, "mb": 100.0, "millibar": 100.0}
PA_PER_UNIT |= {"millibars": 100.0, "kpa": 1000.0}
LARGEST_HPA = 2000.0
SAME_LEVEL_HPA = 0.5


def at_level(field: xr.DataArray, level_hpa: float | None, label: str) -> xr.DataArray:
    """Return the field at a pressure level; without an axis of pressure, the field as it is.

    Parameters
    ----------
    field
        With a coordinate on the axis of pressure, if there is one.
    level_hpa
        Level [hPa]; None where the configuration names none.

    Raises
    ------
    UserError
        When the file has not this level, or has levels and none is named.
    """
    pressures = (d for d in field.dims if d in field.coords and is_pressure(field[d]))
    axis = next(pressures, None)
    if axis is None:
        return field
    levels = hectopascals(field[axis])
    listing = ", ".join(f"{level:g}" for level in levels)
    if level_hpa is None and levels.size > 1:
        raise UserError(f"{label} has the levels {listing} hPa: choose one with `level_hpa:`")
    if level_hpa is None:
        return field.isel({axis: 0}, drop=True)
    nearest = int(np.argmin(np.abs(levels - level_hpa)))
    if abs(levels[nearest] - level_hpa) > SAME_LEVEL_HPA:
        raise UserError(
            f"{label} has no level of {level_hpa:g} hPa, only {listing}: take the file of that "
            "level, or set `level_hpa:`"
        )
    return field.isel({axis: nearest}, drop=True)


def hectopascals(levels: xr.DataArray) -> np.ndarray:
    """Return pressures [hPa]; where units are absent, values beyond 2000 are Pa."""
    values = np.atleast_1d(levels.values).astype(np.float64)
    units = str(levels.attrs.get("units", "")).lower()
    guess = 1.0 if values.max() > LARGEST_HPA else 100.0
    return values * PA_PER_UNIT.get(units, guess) / 100.0


def is_pressure(levels: xr.DataArray) -> bool:
    """Return whether a coordinate holds pressures, by its units, standard name or name."""
    if levels.dtype.kind not in "fiu":
        return False
    units = str(levels.attrs.get("units", "")).lower()
    is_named = str(levels.name).lower() in NAMES
    is_named |= levels.attrs.get("standard_name") == "air_pressure"
    return units in PA_PER_UNIT or (not units and is_named)
