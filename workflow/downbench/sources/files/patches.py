"""Patches cut from frames of rain: many small pairs from a few large images.

Frames are cut side by side into squares. A patch is used when enough of it is valid and wet; of
the patches of one event a fixed number is sampled at random. Frames of one event resemble each
other, so a region of patches is split by event, never by frame.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.config.sources.patches import Patches, PatchFile
from downbench.core.errors import UserError
from downbench.core.rain_counts import RainCounts
from downbench.core.rng import generator
from downbench.core.variables import RAIN, VARIABLES
from downbench.sources.files import axes, events, raw_values, times
from downbench.sources.files.containers import reading
from downbench.sources.files.events import Event, Frames
from downbench.sources.files.frame_spacing import require_resolution
from downbench.sources.files.opening import open_file
from downbench.sources.files.rain_size import require_plausible_rain
from downbench.sources.files.units import convert

KM_PER_DEGREE = 111.195


@dataclass(frozen=True)
class EventPatches:
    """Patches of one event: rain (n, y, x) [mm day-1], frame times (n,), corners (n, 2)."""

    event: str
    source: str
    rain: np.ndarray
    times: np.ndarray
    corners: np.ndarray


def target(region: RegionInputs) -> xr.Dataset:
    """Return all patches of the region on (time, y, x), in order of time.

    Patches of one frame differ by seconds; `event(time)` and `source(time)` name event and
    file, `row(time)` and `column(time)` the patch's corner in the frame [cells]. lat and lon are
    relative to the patch's centre, for all patches alike.

    Raises
    ------
    UserError
        When a file, variable or unit is wrong, an event has no usable patch, or a frame has
        more patches than seconds to its successor.
    """
    files = [_opened(region, entry) for entry in region.target.patches.files]
    named = events.named(files, region.name)
    cut = [_of_event(region, event) for event in named]
    print(f"{region.name}: events of the target: {len(named)}")
    print(events.listing(named, [len(patches.rain) for patches in cut]))
    return _in_order(region, [patches for patches in cut if len(patches.rain)])


def _in_order(region: RegionInputs, events: list[EventPatches]) -> xr.Dataset:
    if not events:
        raise UserError(
            f"{region.name}: no event has a usable patch: lower least_wet_share, or take files "
            "with more rain"
        )
    stamps = np.concatenate([_stamps(event) for event in events])
    order = np.argsort(stamps, kind="stable")
    if (np.diff(stamps[order]) <= np.timedelta64(0, "s")).any():
        raise UserError(
            f"{region.name}: two events overlap in time: leave one of them out of "
            f"target.patches.files: {_spans(events)}"
        )

    def along_time(values: list[np.ndarray]) -> tuple[str, np.ndarray]:
        return "time", np.concatenate(values)[order]

    coords = {
        "time": stamps[order],
        "event": along_time([np.full(len(event.times), event.event) for event in events]),
        "source": along_time([np.full(len(event.times), event.source) for event in events]),
        "row": along_time([event.corners[:, 0] for event in events]),
        "column": along_time([event.corners[:, 1] for event in events]),
    }
    rain = np.concatenate([event.rain for event in events])[order]
    return _dataset(region, rain, coords)


def _spans(events: list[EventPatches]) -> str:
    return ", ".join(
        f"{event.event} ({str(event.times[0])[:16]} to {str(event.times[-1])[:16]})"
        for event in events
    )


def _opened(region: RegionInputs, entry: PatchFile) -> Frames:
    """Open a file that holds the variables that its entry names."""
    dataset = open_file(region, entry.path, entry.group)
    for name in filter(None, (entry.variable, entry.event_variable)):
        if name not in dataset.variables:
            raise UserError(f"{region.name}: {entry.path}: no variable '{name}': fix its name")
    label = f"{region.name}: {entry.path}: variable '{entry.variable}'"
    numbers = dataset[entry.event_variable] if entry.event_variable else None
    frames = _frames(dataset, entry.variable, label)
    _require_size(frames, region, label)
    require_resolution(frames, dataset, region.resolution_km, label)
    return Frames(entry, frames, numbers)


def _require_size(frames: xr.DataArray, region: RegionInputs, label: str) -> None:
    shape = frames.shape[1:]
    if len(shape) != 2 or any(n < m for n, m in zip(shape, region.target.shape(), strict=False)):
        raise UserError(
            f"{label}: a frame has {' x '.join(map(str, shape))} cells, expected two axes with at "
            f"least target.fine_shape = {list(region.target.shape())}: choose smaller patches, or "
            "one level of several"
        )


def _frames(dataset: xr.Dataset, variable: str, label: str) -> xr.DataArray:
    """Return (time, rows, columns) lazily, with dates."""
    field = axes.located(dataset, variable)
    if "time" not in field.dims:
        raise UserError(
            f"{label}: dims are {field.dims}, without a time: add the axis to the file"
        )
    flat = field.squeeze([d for d, n in field.sizes.items() if n == 1 and d != "time"], drop=True)
    return times.decoded(flat.transpose("time", ...), dataset, label)


def _of_event(region: RegionInputs, event: Event) -> EventPatches:
    """Return the patches of one event; none of a dry event that the configuration separated.

    Raises
    ------
    UserError
        When an event of its own file or number has no usable patch.
    """
    patches, entry, name = region.target.patches, event.entry, event.name
    label = f"{region.name}: {entry.path}: variable '{entry.variable}'"
    patches_of_frames = [_of_frame(region, entry, frame, label) for frame in event.frames]
    rain = np.concatenate([tiles for tiles, _ in patches_of_frames])
    corners = np.concatenate([corner for _, corner in patches_of_frames])
    times = np.repeat(event.frames.time.values, [len(tiles) for tiles, _ in patches_of_frames])
    if len(rain) == 0 and not entry.separates_events:
        raise UserError(
            f"{label}: event {name} has no patch with {patches.least_valid_share:.0%} valid and "
            f"{patches.least_wet_share:.0%} wet cells: lower least_wet_share or leave the file out"
        )
    if len(rain):
        counts = RainCounts.of(rain)
        require_plausible_rain(counts, len(rain), region.target.daily, f"{label}: event {name}")
    selected = np.arange(len(rain))
    if len(rain) > entry.most_patches:
        rng = generator("patches", patches.seed, name)
        selected = np.sort(rng.choice(len(rain), entry.most_patches, replace=False))
    return EventPatches(name, entry.label, rain[selected], times[selected], corners[selected])


def _of_frame(
    region: RegionInputs, entry: PatchFile, frame: xr.DataArray, label: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the usable patches (n, y, x) of one frame and their corners (n, 2) [cells]."""
    label = f"{label} at {str(frame.time.values)[:19]}"
    with reading(label):
        frame.load()
    checked = raw_values.checked(frame, RAIN, label)
    rain = convert(checked, RAIN, entry.units, region.target.daily, label)
    tiles, corners = side_by_side(rain.values, region.target.fine_shape)
    valid = is_usable(tiles, region.target.patches)
    return tiles[valid], corners[valid]


def side_by_side(frame: np.ndarray, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Cut (rows, columns) into complete patches (n, y, x) and their corners (n, 2) [cells].

    Remainders at the far edges are dropped.
    """
    count = (frame.shape[0] // shape[0], frame.shape[1] // shape[1])
    covered = frame[: count[0] * shape[0], : count[1] * shape[1]]
    tiles = covered.reshape(count[0], shape[0], count[1], shape[1]).swapaxes(1, 2)
    corners = np.indices(count).reshape(2, -1).T * np.array(shape)
    return tiles.reshape(-1, *shape), corners


def is_usable(tiles: np.ndarray, patches: Patches) -> np.ndarray:
    """Return (n,) bool: enough valid cells and, of all cells, enough wet ones."""
    valid = np.isfinite(tiles).mean(axis=(1, 2))
    wet = (tiles >= patches.wet_mm_day).mean(axis=(1, 2))
    return (valid >= patches.least_valid_share) & (wet >= patches.least_wet_share)


def _stamps(event: EventPatches) -> np.ndarray:
    """Return frame times plus one second for each patch before it in the same frame."""
    frames, first, count = np.unique(event.times, return_index=True, return_counts=True)
    gaps = np.diff(frames) / np.timedelta64(1, "s")
    if gaps.size and count.max() > gaps.min():
        raise UserError(
            f"event {event.event}: {count.max()} patches in one frame but frames "
            f"{gaps.min():g} s apart, and patches of a frame differ by seconds: lower most_patches"
        )
    position = np.arange(len(event.times)) - np.repeat(first, count)
    return event.times.astype("datetime64[s]") + position.astype("timedelta64[s]")


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
