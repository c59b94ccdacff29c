"""Geometry of the fine grid: distances, rectangle for spectra, cell pairs for the variogram."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from downbench.core.constants import EARTH_RADIUS_KM
from downbench.core.rng import generator

SMALLEST_WINDOW = 16
VALID_SHARES = (1.0, 0.99, 0.95, 0.9, 0.75, 0.5)
VARIOGRAM_PAIRS = 1000
LONGEST_PAIR_CELLS = 8


@dataclass(frozen=True)
class Window:
    """A rectangle of valid cells with its grid spacing [km]; dx and dy may differ (trap T32)."""

    rows: slice
    columns: slice
    dy: float
    dx: float


@dataclass(frozen=True)
class CellPairs:
    """Pairs of cells: flat indices into (y, x) and weights 1 / distance [km-1], each (pair,)."""

    first: np.ndarray
    second: np.ndarray
    weight: np.ndarray


def distance_km(
    lat: np.ndarray, lon: np.ndarray, other_lat: np.ndarray, other_lon: np.ndarray
) -> np.ndarray:
    """Return the great-circle distance [km] of points in degrees (haversine formula)."""
    a, b = np.radians(lat), np.radians(other_lat)
    haversine = np.sin((b - a) / 2) ** 2
    haversine = haversine + np.cos(a) * np.cos(b) * np.sin(np.radians(other_lon - lon) / 2) ** 2

    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(haversine, 0, 1)))


def spacing_km(lat: np.ndarray, lon: np.ndarray) -> tuple[float, float]:
    """Return the mean distance (dy, dx) [km] of neighbouring cell centres along y and x."""
    along_y = distance_km(lat[:-1], lon[:-1], lat[1:], lon[1:])
    along_x = distance_km(lat[:, :-1], lon[:, :-1], lat[:, 1:], lon[:, 1:])

    return float(along_y.mean()), float(along_x.mean())


def window(valid: np.ndarray, lat: np.ndarray, lon: np.ndarray) -> Window | None:
    """Return the rectangle in which the most cells count, with at least 16 cells on each side.

    A day counts where all cells of the rectangle are valid. Candidates are the largest
    rectangles of cells that are valid on some share of the days, and halves of these: a missing
    cell on one day costs this day, and one that is missing every day its place.

    Parameters
    ----------
    valid : (day, y, x) bool
    lat, lon : (y, x)
        [degrees]
    """
    days = valid[valid.any(axis=(1, 2))]
    best, most = None, 0
    for rows, columns in _candidates(days.mean(axis=0)) if len(days) else ():
        part = days[:, rows, columns]
        cells = int(part.all(axis=(1, 2)).sum()) * part[0].size
        if cells > most:
            best, most = (rows, columns), cells
    if best is None:
        return None
    rows, columns = best

    return Window(rows, columns, *spacing_km(lat[rows, columns], lon[rows, columns]))


def _candidates(share: np.ndarray) -> Iterator[tuple[slice, slice]]:
    """Rectangles of cells (y, x) whose valid share of the days is high, and their centres."""
    for least in VALID_SHARES:
        rectangle = largest_rectangle(share >= least, SMALLEST_WINDOW)
        while rectangle is not None:
            yield rectangle
            centre = (_centre(rectangle[0]), _centre(rectangle[1]))
            rectangle = None if centre == rectangle else centre


def _centre(side: slice) -> slice:
    """Return the middle half of a side, not below the smallest window."""
    size = side.stop - side.start
    half = max(SMALLEST_WINDOW, size // 2)
    start = side.start + (size - half) // 2

    return slice(start, start + half)


def largest_rectangle(valid: np.ndarray, smallest: int) -> tuple[slice, slice] | None:
    """Return rows and columns of the largest all-true rectangle, None below `smallest` a side.

    Each row is read as a histogram of the valid cells above it; for every column the rectangle
    grows to both sides as far as the histogram is at least as high.
    """
    best, area = None, 0
    height = np.zeros(valid.shape[1], int)
    for bottom, row in enumerate(valid):
        height = np.where(row, height + 1, 0)
        for tall in np.unique(height[height >= smallest]):
            left, right = _longest_run(height >= tall)
            if right - left >= smallest and tall * (right - left) > area:
                area = tall * (right - left)
                best = (slice(bottom + 1 - int(tall), bottom + 1), slice(left, right))

    return best


def _longest_run(flags: np.ndarray) -> tuple[int, int]:
    """Start and end (exclusive) of the longest run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(int), [0]])))
    starts, ends = edges[::2], edges[1::2]
    longest = int(np.argmax(ends - starts))

    return int(starts[longest]), int(ends[longest])


def pairs(lat: np.ndarray, lon: np.ndarray, seed: int) -> CellPairs:
    """Return seeded random pairs of cells at most eight cells apart along each axis."""
    ny, nx = lat.shape
    rng = generator("variogram pairs", seed, ny, nx)
    y, x = rng.integers(ny, size=VARIOGRAM_PAIRS), rng.integers(nx, size=VARIOGRAM_PAIRS)
    shift = rng.integers(-LONGEST_PAIR_CELLS, LONGEST_PAIR_CELLS + 1, (2, VARIOGRAM_PAIRS))
    other_y = np.clip(y + shift[0], 0, ny - 1)
    other_x = np.clip(x + shift[1], 0, nx - 1)
    distinct = (other_y != y) | (other_x != x)
    y, x, other_y, other_x = y[distinct], x[distinct], other_y[distinct], other_x[distinct]
    distance = distance_km(lat[y, x], lon[y, x], lat[other_y, other_x], lon[other_y, other_x])

    return CellPairs(y * nx + x, other_y * nx + other_x, 1 / distance)
