"""Missing values that a file does not declare: they would be averaged like any other value."""

from collections.abc import Iterator

import numpy as np
import xarray as xr

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


def outside(raw: xr.DataArray, beyond: np.ndarray) -> str:
    """Return what values beyond a valid range say about themselves; empty if they just vary.

    They are up to three values that occur again and again, or the extreme ones are known codes.

    Parameters
    ----------
    raw
        Values as decoded from the file.
    beyond : bool, like `raw`
        Those outside the valid range.
    """
    values = raw.values[beyond]
    codes = list(_repeated(values))
    if not codes:
        extremes = {float(values.min()), float(values.max())}
        codes = sorted(value for value in extremes if _is_code(value, raw))
    return "; ".join(_words(raw, code) for code in codes)


def inside(raw: xr.DataArray) -> str:
    """Return what a known code among the values says about itself; empty without one.

    It must be the smallest or largest value, occur more than once, and lie apart from the others.
    """
    values = raw.values
    for extreme in (np.nanmin, np.nanmax):
        code = float(extreme(values))
        if _is_code(code, raw) and _is_apart(values, code):
            return _words(raw, code)
    return ""


def _repeated(values: np.ndarray) -> Iterator[float]:
    """Yield up to three values if they are all there is and each occurs more than once."""
    codes, counts = [], []
    while values.size and len(codes) < WIDEST_KINDS:
        codes.append(float(values[0]))
        is_code = values == values[0]
        counts.append(int(is_code.sum()))
        values = values[~is_code]
    if not values.size and codes and min(counts) >= FEWEST:
        yield from sorted(codes)


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


def _is_apart(values: np.ndarray, code: float) -> bool:
    ordinary = values[np.isfinite(values) & (values != code)]
    if not ordinary.size or (values == code).sum() < FEWEST:
        return False
    least, most = float(ordinary.min()), float(ordinary.max())
    gap = max(least - code, code - most)
    return gap > LEAST_GAP * (most - least) and gap > LEAST_SHARE * abs(code)


def _words(raw: xr.DataArray, code: float) -> str:
    is_code = raw.values == code
    share = is_code.sum() / max(1, np.isfinite(raw.values).sum())
    when = ""
    if "time" in raw.dims:
        axes = tuple(i for i, dim in enumerate(raw.dims) if dim != "time")
        first = int(np.argmax(is_code.any(axis=axes)))
        when = f", first on {str(raw['time'].values[first])[:10]},"
    return (
        f"{code:.7g} in {share:.1%} of the values{when} looks like a missing value that the file "
        "does not declare"
    )
