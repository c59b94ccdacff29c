"""Physical limits of corrected variables; an impossible value is an error (trap T13)."""

import numpy as np
import xarray as xr

from downbench.core.config.region.quantile_mapping import QuantileMapping
from downbench.core.errors import UserError
from downbench.core.variables import RAIN, TEMPERATURES


def limits_of(name: str, mapping: QuantileMapping) -> tuple[float, float] | None:
    """Return the smallest and largest possible value of a variable, in its unit, or None."""
    if name == RAIN and mapping.rain:
        return 0.0, mapping.rain.ceiling_mm_day
    return mapping.temperature_limits_k if name in TEMPERATURES else None


def check(mapped: xr.DataArray, raw: xr.DataArray, limits: tuple[float, float], what: str) -> None:
    """Refuse values outside `limits`.

    Parameters
    ----------
    mapped, raw : (time, Y, X)
        Coordinates time, lat(Y, X) and lon(Y, X) [degrees]; NaN is ignored.
    what
        Driver that the message names.

    Raises
    ------
    UserError
        Naming variable, value, place, time and the raw value of the most extreme breach.
    """
    values = mapped.values
    low, high = limits
    excess = np.maximum(low - values, values - high)
    breaches = excess > 0
    if not breaches.any():
        return
    time, row, column = np.unravel_index(np.nanargmax(excess), excess.shape)
    worst = mapped[time, row, column]
    unit = raw.attrs.get("units", "")
    raise UserError(
        f"{what}: mapped {mapped.name} = {float(worst):.6g} {unit} at "
        f"{float(worst['lat']):.3f}° N, {float(worst['lon']):.3f}° E on "
        f"{str(worst['time'].values)[:10]} leaves [{low:g}, {high:g}] (raw value "
        f"{float(raw[time, row, column]):.6g}; {int(breaches.sum())} such values): "
        "check the units of model and reference, raise "
        "least_wet_days or lower tail_cap"
    )
