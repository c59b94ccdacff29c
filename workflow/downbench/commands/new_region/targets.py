"""Fine datasets that a new region may have as its target, and their grids inside a box."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from downbench.core.config.downloads.bounds import Bounds
from downbench.core.constants import EARTH_RADIUS_KM
from downbench.core.errors import UserError

FEWEST_COARSE_CELLS = 4
"""Coarse cells along each side: fewer hold no weather pattern."""
CERRA_GRID = {"proj": "lcc", "lat_1": 50, "lat_2": 50, "lat_0": 50, "lon_0": 8, "R": 6_371_229}
CERRA_CELLS, CERRA_SPACING_M = 1069, 5500.0


@dataclass(frozen=True)
class FineGrid:
    """The fine grid of a region.

    shape : rows and columns [cells]
    placement : the line of the YAML that places them, `crop` or `first_cell`
    spacing_km : width of a cell [km]
    """

    shape: tuple[int, int]
    placement: str
    spacing_km: float


@dataclass(frozen=True)
class FineDataset:
    """A dataset that can be a target.

    title : name on pages
    dataset : row of config/datasets.csv
    first_year, last_year : years that it has; None where it goes on
    window : the hours that a value belongs to
    static : static fields that it has
    keys : further lines of its download
    driver_keys : further lines of the download of daily statistics, for the same days
    rain_keys : the same for rain alone, which then has a download of its own
    grid : its cells inside a box, by the factor
    """

    title: str
    dataset: str
    first_year: int
    last_year: int | None
    window: str
    static: tuple[str, ...]
    keys: tuple[str, ...]
    driver_keys: tuple[str, ...]
    rain_keys: tuple[str, ...]
    grid: Callable[[Bounds, int], FineGrid]


def _rectilinear(spacing: float, first: float) -> Callable[[Bounds, int], FineGrid]:
    """Return the grid of cells whose centres are at `first` and every `spacing` [degrees]."""

    def grid(bounds: Bounds, factor: int) -> FineGrid:
        start = [np.ceil((edge - first) / spacing - 1e-6) for edge in (bounds.south, bounds.west)]
        sizes = [
            np.floor((edge - first) / spacing + 1e-6) - low + 1
            for edge, low in zip((bounds.north, bounds.west + bounds.width), start, strict=True)
        ]
        shape = _whole_blocks(sizes, factor)
        south, west = (first + (low - 0.5) * spacing for low in start)
        north, east = south + shape[0] * spacing, west + shape[1] * spacing
        edges = {"south": south, "north": north, "west": west, "east": east}
        text = ", ".join(f"{name}: {round(edge, 4):g}" for name, edge in edges.items())
        narrowing = np.sqrt(np.cos(np.deg2rad((south + north) / 2)))
        spacing_km = float(np.deg2rad(spacing) * EARTH_RADIUS_KM * narrowing)
        return FineGrid(shape, f"crop: {{{text}}}", spacing_km)

    return grid


def _cerra(bounds: Bounds, factor: int) -> FineGrid:
    """Return the block in the middle of the cells of the Lambert grid that a download keeps."""
    from pyproj import Proj

    axis = CERRA_SPACING_M * (np.arange(CERRA_CELLS) - CERRA_CELLS // 2)
    lon, lat = Proj(CERRA_GRID)(*np.meshgrid(axis, axis), inverse=True)
    inside = (lat >= bounds.south) & (lat <= bounds.north)
    inside &= (lon - bounds.west) % 360 <= bounds.width
    kept = [np.flatnonzero(inside.any(axis=side)) for side in (1, 0)]
    if any(not cells.size or cells[0] == 0 or cells[-1] == CERRA_CELLS - 1 for cells in kept):
        raise UserError("--bounds: outside of CERRA, which covers Europe: choose another target")
    sizes = [cells[-1] - cells[0] + 3 for cells in kept]
    shape = _whole_blocks([size - 2 for size in sizes], factor)
    row, column = (int(size - side) // 2 for size, side in zip(sizes, shape, strict=True))
    return FineGrid(shape, f"first_cell: {{row: {row}, column: {column}}}", CERRA_SPACING_M / 1000)


def _whole_blocks(sizes: Sequence[float], factor: int) -> tuple[int, int]:
    """Return the largest even sides that `factor` divides.

    Raises
    ------
    UserError
        When a side has too few coarse cells.
    """
    step = int(np.lcm(factor, 2))
    rows, columns = (int(size) // step * step for size in sizes)
    if min(rows, columns) < FEWEST_COARSE_CELLS * factor:
        raise UserError(
            f"--bounds: {int(sizes[0])} rows and {int(sizes[1])} columns of the target are too "
            f"few for factor {factor}: {FEWEST_COARSE_CELLS * factor} are needed each way: widen "
            "the box, or lower --factor"
        )
    return rows, columns


TARGETS = {
    "eobs": FineDataset(
        "E-OBS", "e-obs-cds", 1950, 2024,
        "E-OBS day, mostly 06-06 UTC for rain, called by the day on which it begins",
        ("orog",), (), (),
        ("time_zone: utc-06:00 # days from 06 to 06 UTC, as most of E-OBS",),
        _rectilinear(0.1, 0.05),
    ),
    "cerra": FineDataset(
        "CERRA", "cerra", 1985, None,
        "00-24 UTC, rain of forecasts, the maximum of eight analyses",
        ("orog", "land"), (), (), (), _cerra,
    ),
    "prism": FineDataset(
        "PRISM", "prism", 1981, None, "12-12 UTC, called by the day on which it begins",
        (), ("stamp: start",),
        ("time_zone: utc-12:00 # days from 12 to 12 UTC, as those of PRISM",), (),
        _rectilinear(1 / 24, 0.0),
    ),
}  # fmt: skip
