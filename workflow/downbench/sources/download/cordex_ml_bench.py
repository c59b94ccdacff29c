"""Provider `cordex-ml-bench`: files of a domain, from its archive at Zenodo; nothing is cut."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core.config.downloads.cordex_ml_bench import CordexMlBenchDownload
from downbench.core.errors import UserError
from downbench.sources.download import zip_members
from downbench.sources.download.cordex_ml_bench_variables import VOCABULARY, WINDOW
from downbench.sources.download.http import fetch_file, fetch_json
from downbench.sources.download.progress import Progress
from downbench.sources.download.retries import PAUSES
from downbench.sources.files.units import convert

PERIOD = re.compile(r"_(\d{4})-(\d{4})\.nc$")
MD5 = re.compile(r"md5:([0-9a-f]{32})")
LARGEST_ARCHIVE = 40 << 30
DAYS_AT_ONCE = 500


def fetch(
    request: CordexMlBenchDownload, part: str, work: Path, pauses: Sequence[float] = PAUSES
) -> xr.Dataset:
    """Return the variables of one grid, on (time, y, x) with lat and lon, or (time, lat, lon).

    Raises
    ------
    UserError
        When record, archive or files are not what they should be.
    """
    record = fetch_json(request.url, pauses=pauses)
    archive = _archive(request, record, work, pauses)
    files = _files(request, archive, work)
    fields = {name: _field(files, name, request) for name in request.variables}
    version = str(record.get("metadata", {}).get("version", "not stated"))
    licence = record.get("metadata", {}).get("license", {})
    attributes = {
        "dataset_version": version,
        "licence": str(licence.get("id", "see the record")),
        "accumulation_window": WINDOW,
        "domain": request.domain,
        "experiment": request.experiment,
    }
    return xr.Dataset(fields).assign_attrs(attributes)


def _archive(
    request: CordexMlBenchDownload, record: object, work: Path, pauses: Sequence[float]
) -> Path:
    """Return the archive of the domain, whose checksum is that of the record."""
    name = f"{request.domain}_domain.zip"
    try:
        entry = next(file for file in record["files"] if file["key"] == name)
        size, url = int(entry["size"]), str(entry["links"]["self"])
        md5 = MD5.fullmatch(entry["checksum"])[1]
    except (StopIteration, KeyError, TypeError, ValueError):
        raise UserError(
            f"{request.url}: the record has no {name} with size, md5 and address: check `url`"
        ) from None
    line = Progress(f"{request.dataset}: {name}")
    return fetch_file(
        url, work / name, size=size, md5=md5, kind="zip", largest=LARGEST_ARCHIVE,
        pauses=pauses, progress=line,
    )  # fmt: skip


def _files(request: CordexMlBenchDownload, archive: Path, work: Path) -> list[Path]:
    """Return the files of the years that are asked for, unpacked."""
    folder = f"train/{request.experiment}/{request.fields}/"
    with zip_members.opened(archive) as packed:
        inside = [n for n in packed.namelist() if f"/{folder}" in f"/{n}" and PERIOD.search(n)]
        chosen = [name for name in sorted(inside) if _overlaps(name, request.years)]
        if not chosen:
            raise UserError(
                f"{archive.name}: no file in {folder} has a year of {request.years[0]} to "
                f"{request.years[-1]}, but there are {', '.join(inside) or 'none'}"
            )
        return [
            zip_members.extract(packed, name, work / f"{i}.nc") for i, name in enumerate(chosen)
        ]


def _overlaps(name: str, years: Sequence[int]) -> bool:
    first, last = (int(year) for year in PERIOD.search(name).groups())
    return any(first <= year <= last for year in years)


def _field(files: Sequence[Path], name: str, request: CordexMlBenchDownload) -> xr.DataArray:
    """Return one variable of all files lazily, stamped with the start of its day."""
    theirs, units = VOCABULARY[name]
    pieces = [_opened(file, theirs, request) for file in files]
    joined = xr.concat(pieces, "time", coords="minimal", compat="equals", join="exact")
    stamped = joined.assign_coords(time=joined["time"].dt.floor("D"))
    chosen = stamped.isel(time=np.isin(stamped["time"].dt.year, request.years))
    label = f"{request.dataset}: {request.domain}: {theirs}"
    return convert(chosen, name, chosen.attrs.get("units", units), True, label)


def _opened(file: Path, name: str, request: CordexMlBenchDownload) -> xr.DataArray:
    label = f"{request.dataset}: {request.domain}: {request.experiment}"
    try:
        dataset = xr.open_dataset(file, engine="netcdf4", chunks={"time": DAYS_AT_ONCE})
    except (OSError, ValueError) as error:
        raise UserError(f"{label}: damaged ({error}): delete {file.parent}") from None
    if name not in dataset.data_vars:
        raise UserError(f"{label}: no {name} among {', '.join(map(str, dataset.data_vars))}")
    field = dataset[name].transpose("time", ...)
    kept = {"time", "lat", "lon"} | set(field.dims)
    field = field.drop_vars([n for n in field.coords if n not in kept])
    for axis in {"x", "y"} & set(field.coords):
        if field[axis].attrs.get("units", "km") == "km":
            metres = field[axis] * 1000.0
            field = field.assign_coords({axis: metres.assign_attrs(units="m")})
    return field
