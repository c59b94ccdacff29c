"""Series of archives with one grid per day: each day is kept until all are there."""

import hashlib
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core.config.downloads.download import Download
from downbench.core.errors import UserError
from downbench.core.io.netcdf import write_netcdf
from downbench.core.time_parts import HELD_BYTES
from downbench.sources.download.checking import MISSING_DAYS
from downbench.sources.download.progress import Progress

DAY = np.timedelta64(1, "D")
RANGES = {"lat": (-90.0, 90.0), "lon": (-180.0, 360.0)}
"""Possible values of coordinates [degrees]."""


def days_of(years: Iterable[int]) -> np.ndarray:
    """Return all days of years, (day,) datetime64[D]."""
    spans = [np.arange(f"{year}-01-01", f"{year + 1}-01-01", dtype="M8[D]") for year in years]
    return np.concatenate(spans)


def folder_of(work: Path, request: Download) -> Path:
    """Return the folder for days of a request: another box has another one."""
    values = request.without_handling().model_dump_json()
    folder = work / hashlib.sha256(values.encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def series(
    request: Download,
    name: str,
    days: np.ndarray,
    fetch: Callable[[np.datetime64], xr.DataArray | None],
    work: Path,
) -> xr.DataArray:
    """Return all days, lazily if they are many bytes; those that are kept are not fetched.

    Parameters
    ----------
    request, name
        Section of the configuration, and the variable.
    days : (day,)
        In order, datetime64[D].
    fetch
        Returns (lat, lon) of a day, with lat and lon; None where the archive lacks the day.
    work
        Folder in which days are kept.

    Returns
    -------
    xr.DataArray
        (time, lat, lon) of the days that the archive has; attributes that agree on all days.

    Raises
    ------
    UserError
        When coordinates are impossible, grids differ between days, or there is no day.
    """
    folder, progress = folder_of(work, request), Progress(f"{request.dataset}: {name} {days[0]}")
    files = {}
    for number, day in enumerate(days, start=1):
        file = folder / f"{day}.nc"
        field = None if file.exists() else fetch(day)
        if field is not None:
            _require_coordinates(field, str(day), progress.label)
            write_netcdf(field.rename("value").to_dataset(), file)
        if file.exists():
            files[day] = file
        progress.count(number, days.size, "days")
    progress.close()
    if not files:
        raise UserError(f"{progress.label}: the archive has none of the days: choose other years")
    return _joined(files, progress.label)


def _joined(files: dict[np.datetime64, Path], label: str) -> xr.DataArray:
    size = xr.load_dataset(next(iter(files.values())))["value"].nbytes * len(files)
    read = partial(xr.open_dataset, chunks={}) if size > HELD_BYTES else xr.load_dataset
    fields = [read(file)["value"] for file in files.values()]
    for day, field in zip(files, fields, strict=True):
        if any(not field[name].equals(fields[0][name]) for name in RANGES):
            raise UserError(
                f"{label}: the grid of {day} differs from that of {next(iter(files))}: the "
                "archive has changed it; make a download for each of the grids"
            )
    stamps = np.array(list(files), "M8[ns]")
    joined = xr.concat(fields, "time", coords="minimal", combine_attrs="drop_conflicts")
    return joined.assign_coords(time=stamps).transpose("time", "lat", "lon")


def _require_coordinates(field: xr.DataArray, day: str, label: str) -> None:
    for name, (low, high) in RANGES.items():
        values = field[name].values
        if not ((values >= low) & (values <= high)).all():
            raise UserError(
                f"{label}: {name} of {day} runs from {values.min():g} to {values.max():g}: the "
                "axes are swapped or not degrees; report it"
            )


def missing_days(days: np.ndarray, field: xr.DataArray) -> dict[str, str]:
    """Return the attribute that names the days an archive lacks; {} if it has all."""
    absent = days[~np.isin(days.astype("M8[ns]"), field["time"].values)]
    return {MISSING_DAYS: " ".join(map(str, absent))} if absent.size else {}
