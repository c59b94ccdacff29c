"""Units and values of one file's variable: each check by itself, none stops another."""

from collections.abc import Sequence
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
from downbench.sources.files.joining import joined
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
    fields: Sequence[xr.DataArray],
    names: Sequence[str],
    name: str,
    units: str | None,
    daily: bool,
    breaches: Breaches,
) -> SeriesInUnit:
    """Return the parts of a series as one, in the contract's unit or as it is.

    Parameters
    ----------
    fields
        Lazy, of each file, with its attributes and encoding.
    names
        The files, for messages.
    name, units, daily
        As in `units.conversion`.
    breaches
        Takes what is wrong.
    """
    label, of_file = ", ".join(names), fields[0].attrs.get("units")
    to_contract = breaches.attempt(UNITS, name, conversion, of_file, name, units, daily, label)
    also = (lambda part: None) if to_contract is None else to_contract.add
    is_large, kept, raw = time_parts.is_large(fields), [], []
    for field, file in zip(fields, names, strict=True):
        held = breaches.attempt(VALUES, name, _held, field, file, is_large)
        if held is None:
            return SeriesInUnit(joined(fields), False, False)
        raw.append(held)
        checks = (raw_values.checked, held, name, file)
        kept.append(breaches.attempt(VALUES, name, *checks, also=also))
    if any(part is None for part in kept):
        return SeriesInUnit(joined(raw).astype(np.float32), False, False)
    series = joined(kept)
    converted = None
    if to_contract is not None:
        converted = _converted(to_contract, series, daily, label, breaches)
    if converted is None:
        return SeriesInUnit(series.astype(np.float32), True, False)
    return SeriesInUnit(converted, True, True)


def _held(field: xr.DataArray, label: str, is_large: bool) -> xr.DataArray:
    with reading(label):
        held = time_parts.in_parts(field) if is_large else field.load()
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
