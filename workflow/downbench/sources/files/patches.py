"""Patches cut from frames of rain: many small pairs from a few large pictures.

Frames are cut side by side into squares. A patch enters when enough of it is valid and wet; of the
patches of one event a fixed number is drawn at random. Frames of one event resemble each other, so
a region of patches is split by event, never by frame.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.config.sources.files import Patches, PatchFile
from downbench.core.errors import UserError
from downbench.core.rng import generator
from downbench.core.variables import RAIN, VARIABLES
from downbench.sources.files.reading import open_file
from downbench.sources.files.units import convert, require_plausible_rain

KM_PER_DEGREE = 111.195


@dataclass(frozen=True)
class Cut:
    """Patches of one event: rain (n, y, x) [mm day-1], frame times (n,), corners (n, 2)."""

    event: str
    source: str
    rain: np.ndarray
    times: np.ndarray
    corners: np.ndarray


def target(region: RegionInputs) -> xr.Dataset:
    """All patches of the region on (time, y, x), in order of time.

    Patches of one frame are told apart by seconds; `event(time)` and `source(time)` name event and
    file, `row(time)` and `column(time)` the patch's corner in the frame [cells]. lat and lon are
    relative to the patch's centre, for all patches alike.

    Raises
    ------
    UserError
        When a file, variable or unit is wrong, an event has no patch that passes, or a frame has
        more patches than seconds to its successor.
    """
    cuts = [cut for entry in region.target.patches.files for cut in _of_file(region, entry)]
    stamps = np.concatenate([_stamps(cut) for cut in cuts])
    order = np.argsort(stamps, kind="stable")
    if (np.diff(stamps[order]) <= np.timedelta64(0, "s")).any():
        raise UserError(f"{region.name}: two events overlap in time: leave one of them out")

    def along_time(values: list[np.ndarray]) -> tuple[str, np.ndarray]:
        return "time", np.concatenate(values)[order]

    coords = {
        "time": stamps[order],
        "event": along_time([np.full(len(cut.times), cut.event) for cut in cuts]),
        "source": along_time([np.full(len(cut.times), cut.source) for cut in cuts]),
        "row": along_time([cut.corners[:, 0] for cut in cuts]),
        "column": along_time([cut.corners[:, 1] for cut in cuts]),
    }
    rain = np.concatenate([cut.rain for cut in cuts])[order]
    return _dataset(region, rain, coords)


def _of_file(region: RegionInputs, entry: PatchFile) -> Iterator[Cut]:
    """The patches of every event in one file."""
    where = f"{region.name}: {entry.path}: variable '{entry.variable}'"
    dataset = open_file(region, entry.path)
    for name in filter(None, (entry.variable, entry.event_variable)):
        if name not in dataset.variables:
            raise UserError(f"{region.name}: {entry.path}: no variable '{name}': fix its name")
    numbers = (
        dataset[entry.event_variable].values
        if entry.event_variable
        else np.zeros(dataset.sizes["time"], int)
    )
    for number in np.unique(numbers):
        frames = dataset[entry.variable].isel(time=np.flatnonzero(numbers == number))
        yield _of_event(region, entry, frames, where)


def _of_event(region: RegionInputs, entry: PatchFile, frames: xr.DataArray, where: str) -> Cut:
    patches, event = region.target.patches, f"{entry.label}-{str(frames.time.values[0])[:10]}"
    found = [_of_frame(region, entry, frame, where) for frame in frames]
    rain = np.concatenate([tiles for tiles, _ in found])
    corners = np.concatenate([corner for _, corner in found])
    times = np.repeat(frames.time.values, [len(tiles) for tiles, _ in found])
    if len(rain) == 0:
        raise UserError(
            f"{where}: event {event} has no patch with {patches.least_valid_share:.0%} valid and "
            f"{patches.least_wet_share:.0%} wet cells: lower least_wet_share or leave the file out"
        )
    require_plausible_rain(rain, region.target.daily, f"{where}: event {event}")
    kept = np.arange(len(rain))
    if len(rain) > entry.most_patches:
        draw = generator("patches", patches.seed, event)
        kept = np.sort(draw.choice(len(rain), entry.most_patches, replace=False))
    return Cut(event, entry.label, rain[kept], times[kept], corners[kept])


def _of_frame(
    region: RegionInputs, entry: PatchFile, frame: xr.DataArray, where: str
) -> tuple[np.ndarray, np.ndarray]:
    """Patches (n, y, x) of one frame that pass, and their corners (n, 2) [cells]."""
    daily = region.target.daily
    rain = convert(
        frame.load(), RAIN, entry.units, daily, f"{where} at {str(frame.time.values)[:19]}"
    )
    tiles, corners = side_by_side(rain.values, region.target.fine_shape)
    chosen = passes(tiles, region.target.patches)
    return tiles[chosen], corners[chosen]


def side_by_side(frame: np.ndarray, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Cut (rows, columns) into whole patches (n, y, x) and their corners (n, 2) [cells].

    What is left over at the far edges is dropped.
    """
    count = (frame.shape[0] // shape[0], frame.shape[1] // shape[1])
    whole = frame[: count[0] * shape[0], : count[1] * shape[1]]
    tiles = whole.reshape(count[0], shape[0], count[1], shape[1]).swapaxes(1, 2)
    corners = np.indices(count).reshape(2, -1).T * np.array(shape)
    return tiles.reshape(-1, *shape), corners


def passes(tiles: np.ndarray, patches: Patches) -> np.ndarray:
    """(n,) bool: enough valid cells and, of all cells, enough wet ones."""
    valid = np.isfinite(tiles).mean(axis=(1, 2))
    wet = (tiles >= patches.wet_mm_day).mean(axis=(1, 2))
    return (valid >= patches.least_valid_share) & (wet >= patches.least_wet_share)


def _stamps(cut: Cut) -> np.ndarray:
    """Frame times plus one second for each patch before it in the same frame."""
    frames, first, count = np.unique(cut.times, return_index=True, return_counts=True)
    gaps = np.diff(frames) / np.timedelta64(1, "s")
    if gaps.size and count.max() > gaps.min():
        raise UserError(
            f"event {cut.event}: {count.max()} patches in one frame but frames {gaps.min():g} s "
            "apart, and patches are told apart by seconds: lower most_patches"
        )
    place = np.arange(len(cut.times)) - np.repeat(first, count)
    return cut.times.astype("datetime64[s]") + place.astype("timedelta64[s]")


def _dataset(region: RegionInputs, rain: np.ndarray, coords: dict) -> xr.Dataset:
    rows, columns = rain.shape[1:]
    offsets = [(np.arange(n) - (n - 1) / 2) * region.resolution_km for n in (rows, columns)]
    lat, lon = np.meshgrid(*[offset / KM_PER_DEGREE for offset in offsets], indexing="ij")
    grid, missing = ("y", "x"), np.full((rows, columns), np.nan, np.float32)
    area = np.full((rows, columns), (1000 * region.resolution_km) ** 2)
    return xr.Dataset(
        {
            RAIN: (("time", *grid), rain, {"units": VARIABLES[RAIN].units}),
            "orog": (grid, missing, {"units": VARIABLES["orog"].units}),
            "land": (grid, missing, {"units": VARIABLES["land"].units}),
            "cell_area": (grid, area, {"units": VARIABLES["cell_area"].units}),
        },
        coords={
            **coords,
            "lat": (grid, lat, {"units": "degrees_north", "comment": "from the patch's centre"}),
            "lon": (grid, lon, {"units": "degrees_east", "comment": "from the patch's centre"}),
        },
        attrs={
            "region": region.name,
            "frequency": region.target.frequency,
            "accumulation_window": region.target.accumulation_window,
        },
    )
