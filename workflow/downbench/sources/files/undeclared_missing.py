"""Missing values that a file does not declare: they would be averaged like any other value."""

from collections import Counter
from collections.abc import Callable

import numpy as np
import xarray as xr

from downbench.core.time_parts import along_time
from downbench.sources.files.extremes import Extremes

CODES = (
    *(-9999.9, -9999.0, -8888.0, -999.9, -999.0, -99.9, -99.0, -32768.0, -32767.0, -1e30, -1e34),
    *(999.9, 999.0, 9999.0, 9999.9, 99999.0, 32767.0, 65535.0, 1e15, 1e20, 1e30, 1e34, 9.96921e36),
)
"""Values by which archives mark missing data, in decoded or in packed units."""
ORDINARY = (0.0, 1.0, 100.0)
"""Dry, no land, all land: values, whatever number packs them."""

FIX = "declare it in the file as _FillValue, or mask these values"
FEWEST = 2
WIDEST_KINDS = 3
LEAST_GAP, LEAST_SHARE = 0.3, 0.1
"""Distance of a code from all other values, as a share of their range and of the code itself."""


def outside(raw: xr.DataArray, is_beyond: Callable[[np.ndarray], np.ndarray]) -> str:
    """Return what values beyond a valid range say about themselves; empty if they just vary.

    They are up to three values that occur again and again, or the extreme ones are known codes.

    Parameters
    ----------
    raw
        Values as decoded from the file, in memory or lazy.
    is_beyond
        Says which values are outside the valid range.
    """
    counts, extremes = Counter(), Extremes()
    for part in along_time(raw):
        values = part.values[is_beyond(part.values)]
        extremes.add(values)
        if len(counts) <= WIDEST_KINDS:
            counts.update(_counted(values))
    codes = sorted(counts) if _are_repeated(counts) else []
    if not codes:
        bounds = {float(extremes.least), float(extremes.most)}
        codes = sorted(value for value in bounds if _is_code(value, raw))
    return "; ".join(_words(raw, code) for code in codes)


def inside(raw: xr.DataArray, extremes: Extremes) -> str:
    """Return what a known code among the values says about itself; empty without one.

    It must be the smallest or largest value, occur more than once, and lie apart from the others.
    """
    for code in (float(extremes.least), float(extremes.most)):
        if _is_code(code, raw) and _is_apart(raw, code):
            return _words(raw, code)
    return ""


def _counted(values: np.ndarray) -> Counter:
    """Return the number of each value, of up to four of them."""
    counts = Counter()
    while values.size and len(counts) <= WIDEST_KINDS:
        is_first = values == values[0]
        counts[float(values[0])] = int(is_first.sum())
        values = values[~is_first]
    return counts


def _are_repeated(counts: Counter) -> bool:
    """Return whether up to three values are all there is, and each occurs more than once."""
    return 0 < len(counts) <= WIDEST_KINDS and min(counts.values()) >= FEWEST


def _is_code(value: float, raw: xr.DataArray) -> bool:
    """Return whether a value, or the number that packs it, marks missing data somewhere."""
    encoding = raw.encoding
    scale, offset = (
        float(encoding.get(k, v)) for k, v in (("scale_factor", 1), ("add_offset", 0))
    )
    if any(abs(value - ordinary) <= 0.5 * abs(scale) for ordinary in ORDINARY):
        return False
    packed = (value - offset) / scale
    dtype = np.dtype(encoding.get("dtype", raw.dtype))
    ends = (np.iinfo(dtype).min, np.iinfo(dtype).max) if dtype.kind in "iu" else ()
    is_end = any(end and abs(packed - end) < 0.5 for end in ends)
    return is_end or any(np.isclose((value, packed), code, rtol=1e-6).any() for code in CODES)


def _is_apart(raw: xr.DataArray, code: float) -> bool:
    ordinary, number = Extremes(), 0
    for part in along_time(raw):
        values = part.values
        number += int((values == code).sum())
        ordinary.add(values[np.isfinite(values) & (values != code)])
    least, most = float(ordinary.least), float(ordinary.most)
    if np.isnan(least) or number < FEWEST:
        return False
    gap = max(least - code, code - most)
    return gap > LEAST_GAP * (most - least) and gap > LEAST_SHARE * abs(code)


def _words(raw: xr.DataArray, code: float) -> str:
    number, valid, first = 0, 0, ""
    for part in along_time(raw):
        is_code = part.values == code
        number, valid = number + int(is_code.sum()), valid + int(np.isfinite(part.values).sum())
        if "time" in part.dims and is_code.any() and not first:
            axes = tuple(i for i, dim in enumerate(part.dims) if dim != "time")
            stamp = part["time"].values[int(np.argmax(is_code.any(axis=axes)))]
            first = f", first on {str(stamp)[:10]},"
    return (
        f"{code:.7g} in {number / max(1, valid):.1%} of the values{first} looks like a missing "
        "value that the file does not declare"
    )
