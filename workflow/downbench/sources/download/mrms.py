"""Provider `mrms`: sums of hours or days in packed GRIB files, of the time before their stamp.

A day is complete or absent: a missing hour is never taken for a dry one.
"""

import gzip
import zlib
from collections.abc import Mapping, Sequence
from functools import partial, reduce
from operator import add
from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core.config.downloads.mrms import MrmsDownload
from downbench.core.errors import UserError
from downbench.sources import grib_message
from downbench.sources.download import mrms_listing
from downbench.sources.download.box import cut
from downbench.sources.download.checking import MISSING_DAYS
from downbench.sources.download.daily_grids import days_of, missing_days, series
from downbench.sources.download.http import fetch_file
from downbench.sources.download.progress import silent
from downbench.sources.download.retries import PAUSES
from downbench.sources.files.units import convert

HOUR = np.timedelta64(1, "h")
LARGEST_PACKED, LARGEST_GRIB = 64 << 20, 256 << 20
UNITS = "mm"
"""The files use local tables and state no unit that readers know."""


def fetch(
    request: MrmsDownload, part: str, work: Path, pauses: Sequence[float] = PAUSES
) -> xr.Dataset:
    """Return one year of rain: (time, lat, lon) [mm day-1].

    Raises
    ------
    UserError
        When eccodes is absent, or a file is not that of its hour.
    """
    return daily(request, days_of(request.years_of(part)), work, pauses)


def daily(
    request: MrmsDownload, days: np.ndarray, work: Path, pauses: Sequence[float]
) -> xr.Dataset:
    """Return rain on days, (day,) datetime64[D]: (time, lat, lon) [mm day-1].

    Days that lack a file, or have no value in the box, are left out and named in the attribute
    `missing_days`.

    Raises
    ------
    UserError
        When more than `most_missing_share` of the days are missing, and as `fetch`.
    """
    grib_message.reader()  # it may be absent
    label = f"{request.dataset}: pr"
    of_day = partial(_of_day, request, work, pauses)
    field = series(request, "pr", days, of_day, work)
    missing = missing_days(days, field)
    _require_few(request, missing.get(MISSING_DAYS, "").split(), days.size)
    attributes = {
        "dataset_version": request.product,
        "licence": "public domain",
        "accumulation_window": "00-24 UTC",
    } | missing
    rain = convert(field, "pr", UNITS, True, label)
    return rain.to_dataset(name="pr").assign_attrs(attributes)


def stamps_of(day: np.datetime64, hours: int) -> np.ndarray:
    """Return the ends of the sums that make a day: the last is 00 UTC of the next one."""
    return day.astype("M8[h]") + HOUR * np.arange(hours, 25, hours)


def key_of(request: MrmsDownload, stamp: np.datetime64) -> str:
    """Return the name of the file that ends at a time."""
    date, clock = str(stamp.astype("M8[s]")).split("T")
    date, clock = date.replace("-", ""), clock.replace(":", "")
    name = f"{request.product}_00.00"
    return f"{request.area}/{name}/{date}/MRMS_{name}_{date}-{clock}.grib2.gz"


def _of_day(
    request: MrmsDownload, work: Path, pauses: Sequence[float], day: np.datetime64
) -> xr.DataArray | None:
    """Return the sum of a day in the box, (lat, lon) [mm]; None where a file is absent."""
    keys = {key_of(request, stamp): stamp for stamp in stamps_of(day, request.hours)}
    folders = dict.fromkeys(key.rpartition("/")[0] for key in keys)
    sizes: dict[str, int] = {}
    for folder in folders:
        sizes |= mrms_listing.sizes(request.url, f"{folder}/", pauses)
    absent = [key for key in keys if key not in sizes]
    if absent:
        print(f"{request.dataset}: {day} is left out, {len(absent)} files are absent: {absent[0]}")
        return None
    files = (_of_file(request, key, sizes, stamp, work, pauses) for key, stamp in keys.items())
    with xr.set_options(arithmetic_join="exact"):
        total = reduce(add, files).astype(np.float32)
    if total.isnull().all():
        print(f"{request.dataset}: {day} is left out, it has no value in the box")
        return None
    return total


def _require_few(request: MrmsDownload, missing: Sequence[str], count: int) -> None:
    if len(missing) > request.most_missing_share * count:
        raise UserError(
            f"{request.dataset}: {len(missing)} of {count} days are missing, the first "
            f"{missing[0]}: choose other years (the bucket begins in October 2020), or raise "
            "most_missing_share"
        )


def _of_file(
    request: MrmsDownload,
    key: str,
    sizes: Mapping[str, int],
    stamp: np.datetime64,
    work: Path,
    pauses: Sequence[float],
) -> xr.DataArray:
    file = work / key.rpartition("/")[2]
    fetch_file(
        f"{request.url}/{key}", file, size=sizes[key], kind="gzip", largest=LARGEST_PACKED,
        pauses=pauses, progress=silent(),
    )  # fmt: skip
    try:
        return cut(read(file, stamp), request.bounds, file.name)
    finally:
        file.unlink()


def read(file: Path, stamp: np.datetime64) -> xr.DataArray:
    """Return a packed GRIB file, (lat, lon) [mm]; NaN where there is no coverage or no value.

    Parameters
    ----------
    file
        One message, packed with gzip.
    stamp
        Time that it must have.

    Raises
    ------
    UserError
        When it is damaged, or has another time or grid.
    """
    field = grib_message.field(_unpacked(file), file.name)
    if field["time"].values != stamp:
        time = str(field["time"].values)[:16]
        raise UserError(f"{file.name}: its time is {time}, not {stamp}: report it")
    rain = field.drop_vars("time").astype(np.float32)
    return rain.where(rain >= 0)  # -1 is missing, -3 is without coverage


def _unpacked(file: Path) -> bytes:
    try:
        with gzip.open(file) as opened:
            content = opened.read(LARGEST_GRIB + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UserError(f"{file.name}: damaged ({error}): fetch it again") from None
    if len(content) > LARGEST_GRIB:
        raise UserError(f"{file.name} unpacks to more than {LARGEST_GRIB} bytes: report it")
    if not content.startswith(b"GRIB") or not content.endswith(b"7777"):
        raise UserError(f"{file.name} holds no complete GRIB message: fetch it again")
    return content
