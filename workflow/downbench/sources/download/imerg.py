"""Provider `imerg`: one file of the globe per day, behind a login."""

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import xarray as xr

from downbench.core.config.downloads.imerg import ImergDownload
from downbench.core.errors import UserError
from downbench.sources.download.box import cut
from downbench.sources.download.daily_grids import days_of, series
from downbench.sources.download.errors import RefusalError, StatusError
from downbench.sources.download.http import fetch_file
from downbench.sources.download.imerg_variables import RUNS, UNITS, VARIABLES, WINDOW
from downbench.sources.download.progress import silent
from downbench.sources.download.retries import PAUSES
from downbench.sources.download.session import public
from downbench.sources.files.units import convert, same_units

TOKEN = "EARTHDATA_TOKEN"
LOGIN = (
    f"Earthdata asks for a login: set {TOKEN} to a token of https://urs.earthdata.nasa.gov, or "
    "put name and password for urs.earthdata.nasa.gov into ~/.netrc; there, approve the "
    "application NASA GESDISC DATA ARCHIVE"
)
HOSTS = (".earthdata.nasa.gov", ".eosdis.nasa.gov")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
LARGEST_FILE = 1 << 30
ABSENT = -9000.0
"""The fill value is -9999.9; files may not declare it."""


def fetch(
    request: ImergDownload, part: str, work: Path, pauses: Sequence[float] = PAUSES
) -> xr.Dataset:
    """Return one year of rain: (time, lat, lon) [mm day-1].

    Raises
    ------
    UserError
        When the login fails, or a file is not that of its day.
    """
    return daily(request, days_of(request.years_of(part)), work, pauses)


def daily(
    request: ImergDownload, days: np.ndarray, work: Path, pauses: Sequence[float]
) -> xr.Dataset:
    """Return rain on days, (day,) datetime64[D]: (time, lat, lon) [mm day-1]."""
    label = f"{request.dataset}: pr"
    of_day = partial(_of_day, request, work, pauses)
    field = series(request, "pr", days, of_day, work)
    attributes = {
        "dataset_version": f"V{request.version}, {request.run} run",
        "licence": "free, NASA",
        "accumulation_window": WINDOW,
    }
    rain = convert(field, "pr", UNITS[0], True, label)
    return rain.to_dataset(name="pr").assign_attrs(attributes)


def address(request: ImergDownload, day: np.datetime64) -> str:
    """Return the address of the file of a day."""
    letter, ending = RUNS[request.run]
    year, month, _ = str(day).split("-")
    collection = f"GPM_3IMERGD{letter}.{request.version[:2]}"
    stamp = str(day).replace("-", "")
    name = f"3B-DAY{ending}.MS.MRG.3IMERG.{stamp}-S000000-E235959.V{request.version}.nc4"
    return f"{request.url}/{collection}/{year}/{month}/{name}"


def _of_day(
    request: ImergDownload, work: Path, pauses: Sequence[float], day: np.datetime64
) -> xr.DataArray:
    """Return the box on a day, (lat, lon) in the archive's unit."""
    url = address(request, day)
    headers = _authorization(url)
    file = work / url.rpartition("/")[2]
    try:
        fetch_file(
            url, file, headers=headers, kind="netcdf", largest=LARGEST_FILE, pauses=pauses,
            progress=silent(),
        )  # fmt: skip
    except RefusalError as error:
        is_other = isinstance(error, StatusError) and error.status not in (401, 403)
        raise error.with_fix(f"no file of {day}: try later" if is_other else LOGIN) from None
    try:
        return cut(read(file, VARIABLES[request.version], day), request.bounds, file.name)
    finally:
        file.unlink()


def _authorization(url: str) -> dict[str, str]:
    """Return the header with the token, which no other host than Earthdata's may read.

    Raises
    ------
    UserError
        When the token is set and `url` leads elsewhere, or is not encrypted.
    """
    token, parts = os.environ.get(TOKEN), urlsplit(url)
    if not token:
        return {}
    host = parts.hostname or ""
    if host not in LOOPBACK and not (parts.scheme == "https" and host.endswith(HOSTS)):
        raise UserError(
            f"url = {public(url)}: {TOKEN} is for https://*{HOSTS[0]} alone: correct `url`, or "
            f"unset {TOKEN} for a mirror"
        )
    return {"Authorization": f"Bearer {token}"}


def read(file: Path, name: str, day: np.datetime64) -> xr.DataArray:
    """Return the globe on a day, (lat, lon), in mm; NaN where missing.

    Raises
    ------
    UserError
        When the file is damaged, lacks the variable, or holds another day or unit.
    """
    try:
        with xr.open_dataset(file, engine="netcdf4") as dataset:
            return _checked(dataset, name, day, file.name)
    except (OSError, RuntimeError, ValueError) as error:
        raise UserError(f"{file.name}: damaged ({type(error).__name__}): fetch it again") from None


def _checked(dataset: xr.Dataset, name: str, day: np.datetime64, label: str) -> xr.DataArray:
    if name not in dataset.data_vars or set(dataset[name].dims) != {"time", "lon", "lat"}:
        found = {str(n): field.dims for n, field in dataset.data_vars.items()}
        raise UserError(f"{label}: no {name} on time, lon, lat, but {found}: check `version`")
    field, stamps = dataset[name], [str(stamp)[:10] for stamp in dataset["time"].values]
    if stamps != [str(day)]:
        raise UserError(f"{label}: its time is {', '.join(stamps)}: report it")
    units = field.attrs.get("units")
    if not any(same_units(units, unit) for unit in UNITS):
        raise UserError(f"{label}: units of {name} are '{units}', not {UNITS[0]}: report it")
    values = field.isel(time=0, drop=True).transpose("lat", "lon").load()
    further = [name for name in values.coords if name not in values.dims]
    return values.where(values > ABSENT).drop_vars(further).drop_attrs()
