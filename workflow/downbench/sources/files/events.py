"""Events of a region of patches: which frames belong together, and the names of the events."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.config.sources.patches import PatchFile
from downbench.core.errors import UserError

HOUR = np.timedelta64(3600, "s")


@dataclass(frozen=True)
class Frames:
    """All frames of one file: (time, y, x) with dates, lazy, and the numbers of their events."""

    entry: PatchFile
    field: xr.DataArray
    numbers: xr.DataArray | None = None


@dataclass(frozen=True)
class Event:
    """One event: its name, its file and its frames (time, y, x), in order of time and lazy."""

    name: str
    entry: PatchFile
    frames: xr.DataArray


def named(files: Iterable[Frames], region: str) -> list[Event]:
    """Return the events of all files in order of time.

    An event is '<label>-<first date>'; where several events of a label begin on one date, they
    have a number as well, '<label>-<first date>-1' and so on.

    Parameters
    ----------
    files
        Opened files.
    region
        Name of the region, for messages.

    Raises
    ------
    UserError
        When times or events of a file cannot be used, naming the file.
    """
    pieces = [
        (file.entry, frames)
        for file in files
        for frames in _pieces(file, f"{region}: {file.entry.path}")
    ]
    pieces.sort(key=lambda piece: piece[1]["time"].values[0])
    dated = [f"{entry.label}-{str(frames['time'].values[0])[:10]}" for entry, frames in pieces]
    total, count = Counter(dated), Counter()
    events = []
    for name, (entry, frames) in zip(dated, pieces, strict=True):
        count[name] += 1
        numbered = f"{name}-{count[name]}" if total[name] > 1 else name
        events.append(Event(numbered, entry, frames))
    return events


def listing(events: Iterable[Event], patches: Iterable[int]) -> str:
    """Return one line for each event: name, first and last frame, frames and patches."""
    return "\n".join(
        f"  {event.name}: {_minutes(event.frames, 0)} to {_minutes(event.frames, -1)}, "
        f"{event.frames.sizes['time']} frames, {number} patches"
        for event, number in zip(events, patches, strict=True)
    )


def _minutes(frames: xr.DataArray, position: int) -> str:
    return str(frames["time"].values[position])[:16].replace("T", " ")


def _pieces(file: Frames, label: str) -> Iterator[xr.DataArray]:
    """Yield the frames of each event of one file."""
    stamps = file.field["time"].values
    if not np.issubdtype(stamps.dtype, np.datetime64):
        raise UserError(f"{label}: frames need dates of the standard calendar as their time")
    order = np.argsort(stamps, kind="stable")
    times = stamps[order]
    repeated = times[1:][times[1:] == times[:-1]]
    if repeated.size:
        raise UserError(
            f"{label}: {repeated.size} frames have the time of another, first {repeated[0]}: keep "
            "one of each"
        )
    numbers = _numbers(file, order, times, label)
    for number in np.unique(numbers[numbers >= 0]):
        yield file.field.isel(time=order[numbers == number])


def _numbers(file: Frames, order: np.ndarray, times: np.ndarray, label: str) -> np.ndarray:
    """Return the number of the event of each frame in order, (time,) int; -1 for none."""
    entry = file.entry
    if file.numbers is not None:
        return _of_variable(file.numbers, times.size, label)[order]
    if entry.event_gap_hours is not None:
        return _runs(times, entry.event_gap_hours)
    if entry.event_hours is not None:
        return _windows(times, entry.event_hours, entry.event_pause_hours)
    return np.zeros(times.size, int)


def _runs(times: np.ndarray, gap_hours: float) -> np.ndarray:
    """Return consecutive numbers, a new one after each longer gap."""
    return np.concatenate([[0], np.cumsum(np.diff(times) / HOUR > gap_hours)]).astype(int)


def _windows(times: np.ndarray, hours: float, pause_hours: float) -> np.ndarray:
    """Return consecutive numbers of equal windows, -1 in the pause at the end of each.

    Windows are counted from the first frame, and anew after a gap as long as a window.
    """
    run = _runs(times, hours)
    start = times[np.searchsorted(run, run)]
    window, elapsed = np.divmod((times - start) / HOUR, hours)
    _, number = np.unique(np.stack([run, window]), axis=1, return_inverse=True)
    return np.where(elapsed >= hours - pause_hours, -1, number)


def _of_variable(numbers: xr.DataArray, frames: int, label: str) -> np.ndarray:
    """Return consecutive numbers of the values of event(time); -1 where they are missing."""
    if numbers.shape != (frames,):
        raise UserError(
            f"{label}: event_variable '{numbers.name}' is on {dict(numbers.sizes)}, expected one "
            f"number for each of the {frames} frames"
        )
    _, position = np.unique(numbers.values, return_inverse=True)
    return np.where(numbers.isnull().values, -1, position)
