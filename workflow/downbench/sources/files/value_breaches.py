"""Units and values of one file's variable: each check by itself, none stops another."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core import time_parts
from downbench.core.breaches import Breaches
from downbench.core.rain_magnitude import is_polar
from downbench.core.variables import RAIN
from downbench.sources.files import raw_values
from downbench.sources.files.containers import reading
from downbench.sources.files.conversion import Conversion
from downbench.sources.files.rain_size import require_plausible_rain
from downbench.sources.files.units import conversion

UNITS, VALUES = "units", "values"


@dataclass(frozen=True)
class SeriesInUnit:
    """Values as far as they are known.

    values : float32, large ones lazy along time
    is_comparable : do they hold no code of missing values?
    is_sized : are they in the unit of the data contract?
    """

    values: xr.DataArray
    is_comparable: bool
    is_sized: bool


def in_unit(
    field: xr.DataArray,
    name: str,
    units: str | None,
    daily: bool,
    label: str,
    breaches: Breaches,
) -> SeriesInUnit:
    """Return a field in the contract's unit, or as it is where the unit is not known.

    Parameters
    ----------
    field
        Lazy, with the attributes and the encoding of its file.
    name, units, daily, label
        As in `units.conversion`.
    breaches
        Takes what is wrong.
    """
    held = breaches.attempt(VALUES, name, _held, field, label)
    if held is None:
        return SeriesInUnit(field, False, False)
    of_file = field.attrs.get("units")
    to_contract = breaches.attempt(UNITS, name, conversion, of_file, name, units, daily, label)
    also = (lambda part: None) if to_contract is None else to_contract.add
    kept = breaches.attempt(VALUES, name, raw_values.checked, held, name, label, also=also)
    converted = None
    if to_contract is not None and kept is not None:
        converted = _converted(to_contract, kept, daily, label, breaches)
    if converted is not None:
        return SeriesInUnit(converted, True, True)
    values = held if kept is None else kept
    return SeriesInUnit(values.astype(np.float32), kept is not None, False)


def _held(field: xr.DataArray, label: str) -> xr.DataArray:
    with reading(label):
        held = time_parts.in_parts(field) if time_parts.is_large([field]) else field.load()
    held.encoding = field.encoding
    return held


def _converted(
    to_contract: Conversion, kept: xr.DataArray, daily: bool, label: str, breaches: Breaches
) -> xr.DataArray | None:
    name = to_contract.row.name
    converted = breaches.attempt(VALUES, name, to_contract.of, kept)
    if converted is None or name != RAIN:
        return converted
    polar = "lat" in kept.coords and is_polar(kept["lat"].values)
    rain, times = to_contract.rain, kept.sizes.get("time", 1)
    is_plausible = breaches.passes(
        VALUES, name, require_plausible_rain, rain, times, daily, label, polar
    )
    return converted if is_plausible else None
