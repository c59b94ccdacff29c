"""Longitudes of one region, which may lie across 180 degrees."""

import numpy as np

LARGEST_GAP = 1.5
"""A gap between longitudes is the region's outside if it exceeds the usual step so many times."""


def wrapped(lon: np.ndarray) -> np.ndarray:
    """Return longitudes in -180 … 180 (180 itself becomes -180); any shape [degrees]."""
    values = np.asarray(lon, np.float64)
    return np.where(
        (values >= -180.0) & (values < 180.0), values, (values + 180.0) % 360.0 - 180.0
    )


def continuous(lon: np.ndarray) -> np.ndarray:
    """Return longitudes that do not jump inside their region; any shape [degrees].

    They are in -180 … 180, or run on beyond 180 where the region lies across it. A grid around
    the globe starts at -180. Missing ones (NaN) stay missing.
    """
    values = wrapped(lon)
    ordered = np.unique(values[np.isfinite(values)])
    if ordered.size < 2:
        return values
    gaps = np.append(np.diff(ordered), ordered[0] + 360.0 - ordered[-1])
    widest = int(np.argmax(gaps))
    usual_gap = float(np.median(np.delete(gaps, widest)))
    if widest == ordered.size - 1 or gaps[widest] <= LARGEST_GAP * usual_gap:
        return values
    return np.where(values <= ordered[widest], values + 360.0, values)


def around(lon: np.ndarray, centre: float) -> np.ndarray:
    """Return longitudes within 180 degrees of a centre; any shape [degrees]."""
    values = np.asarray(lon, np.float64)
    return np.where(np.abs(values - centre) < 180.0, values, wrapped(values - centre) + centre)
