"""Provider `prism`: one ZIP archive with a BIL grid per variable and day."""

import re
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core.config.downloads.prism import PrismDownload
from downbench.core.errors import UserError
from downbench.sources.download import band_interleaved, zip_members
from downbench.sources.download.box import cut
from downbench.sources.download.daily_grids import DAY, days_of, series
from downbench.sources.download.errors import ContentError, RefusalError, StatusError
from downbench.sources.download.http import fetch_file, fetch_text
from downbench.sources.download.prism_variables import VOCABULARY
from downbench.sources.download.progress import silent
from downbench.sources.download.retries import PAUSES
from downbench.sources.files.units import convert

LARGEST_ZIP, LARGEST_GRID, LARGEST_TEXT = 200 << 20, 256 << 20, 1 << 20
STABLE = 8
"""Releases of a grid after which no routine one follows."""

RELEASE = re.compile(
    r"(\d{4}-?\d\d-?\d\d)\s+(\d{4}-?\d\d-?\d\d)\S*\s+(?:[\d:]+\s+)?[a-z]+\s+(\d+)\b"
)
"""Day, date of its last release, element, number of releases."""

VERSION = re.compile(r"PRISM_DATASET_VERSION:\s*(\S+)")
LICENCE = "PRISM Climate Group terms of use: non-commercial, with attribution"


def fetch(
    request: PrismDownload, part: str, work: Path, pauses: Sequence[float] = PAUSES
) -> xr.Dataset:
    """Return one year of one variable: (time, lat, lon) in the contract's unit.

    Raises
    ------
    UserError
        When the service refuses, or a file is not the grid that was asked for.
    """
    (name,) = request.variables_of(part)
    return daily(request, name, days_of(request.years_of(part)), work, pauses)


def daily(
    request: PrismDownload, name: str, days: np.ndarray, work: Path, pauses: Sequence[float]
) -> xr.Dataset:
    """Return one variable on days, (day,) datetime64[D]: (time, lat, lon) in our unit."""
    element, units = VOCABULARY[name]
    label = f"{request.dataset}: {name}"
    shift = DAY if request.stamp == "start" else 0 * DAY
    of_day = partial(_of_day, request, name, shift, work, pauses)
    releases = _releases(request, element, days + shift, pauses)
    field = series(request, name, days, of_day, work)
    attributes = {
        "dataset_version": field.attrs.get("version", "several"),
        "licence": LICENCE,
        "accumulation_window": request.window,
    }
    field = convert(field, name, units, True, label)
    return field.to_dataset(name=name).assign_attrs(attributes | releases)


def _of_day(
    request: PrismDownload,
    name: str,
    shift: np.timedelta64,
    work: Path,
    pauses: Sequence[float],
    day: np.datetime64,
) -> xr.DataArray:
    """Return the grid of a day, (lat, lon) in the archive's unit."""
    element, stamp = VOCABULARY[name][0], str(day + shift).replace("-", "")
    url = f"{request.url}/us/{request.resolution}/{element}/{stamp}?format=bil"
    file = work / f"prism_{element}_{stamp}.zip"
    if not file.exists():
        _fetch(url, file, day, pauses)
        time.sleep(request.pause_s)
    try:
        grid = read(file, element, stamp)
    except UserError:
        file.unlink()  # it is damaged; any other is kept, as it is served twice a day alone
        raise
    box = cut(grid, request.bounds, file.name)
    file.unlink()
    return box


def _fetch(url: str, file: Path, day: np.datetime64, pauses: Sequence[float]) -> None:
    """Fetch an archive, with one further attempt: PRISM serves it twice in 24 hours."""
    try:
        fetch_file(
            url, file, kind="zip", largest=LARGEST_ZIP, pauses=pauses[:1], progress=silent()
        )
    except (StatusError, ContentError) as error:
        raise _refused(error, day) from None


def _refused(error: StatusError | ContentError, day: np.datetime64) -> RefusalError:
    if "more than twice" in error.text:
        return RefusalError(
            f"PRISM serves a file twice in 24 hours, that of {day} is used up; asking again may "
            "block this address: run the same command tomorrow, days that are there are kept"
        )
    if isinstance(error, StatusError) and error.status != 404:
        return error
    return error.with_fix(f"no grid for {day}; see https://prism.oregonstate.edu/downloads")


def read(file: Path, element: str, stamp: str) -> xr.DataArray:
    """Return the grid of a ZIP archive, (lat, lon) in the archive's unit.

    Parameters
    ----------
    file
        Archive of one grid in BIL form.
    element, stamp
        Variable and date (YYYYMMDD) that its names must have.

    Raises
    ------
    UserError
        When it is another grid, or damaged.
    """
    with zip_members.opened(file) as archive:
        name = zip_members.named(archive, ".bil")
        if f"_{element}_" not in name or stamp not in name:
            raise UserError(f"{file.name} holds {name}, not {element} of {stamp}: report it")
        named = zip_members.named(archive, ".hdr")
        header = zip_members.content(archive, named, LARGEST_TEXT).decode("latin-1")
        values = zip_members.content(archive, name, LARGEST_GRID)
        field = band_interleaved.grid(header, values, name)
        statistics, notes = (
            zip_members.text(archive, end, LARGEST_TEXT) for end in (".stx", ".info.txt")
        )
    if statistics:
        band_interleaved.require_statistics(field, statistics, name)
    version = VERSION.search(notes)
    return field.assign_attrs(version=version[1]) if version else field


def _releases(
    request: PrismDownload, element: str, days: np.ndarray, pauses: Sequence[float]
) -> dict[str, str]:
    """Return the attributes that distinguish final grids from those that PRISM replaces later."""
    first, last = (str(day).replace("-", "") for day in (days[0], days[-1]))
    url = f"{request.url}/releaseDate/us/{request.resolution}/{element}/{first}/{last}"
    try:
        rows = RELEASE.findall(fetch_text(url, pauses=pauses))
    except RefusalError:
        rows = []
    known = {day.replace("-", ""): (date, int(count)) for day, date, count in rows}
    stated = [known[d] for d in (str(day).replace("-", "") for day in days) if d in known]
    if len(stated) < days.size:
        return {"release": f"not stated for {days.size - len(stated)} of {days.size} days"}
    provisional = sum(count < STABLE for _, count in stated)
    what = f"provisional on {provisional} of {days.size} days" if provisional else "stable"
    return {"release": what, "release_date": max(date for date, _ in stated)}
