"""Provider `cmip6`: daily values of a run from the frozen stores, in the run's own calendar.

Chunks hold several hundred days of the globe: each is read once, cut to the box, and kept until
all are there.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core.config.cmip6_selection import FILE
from downbench.core.config.downloads.cmip6 import Cmip6, archived_name
from downbench.core.config.sources.file_variable import FileVariable
from downbench.core.errors import UserError
from downbench.sources.download import pieces, zarr_store
from downbench.sources.download.box import cut
from downbench.sources.download.checking import days_of
from downbench.sources.download.daily_grids import folder_of
from downbench.sources.download.errors import RefusalError
from downbench.sources.download.progress import Progress
from downbench.sources.download.retries import PAUSES
from downbench.sources.files import reading

RUN = {"source_id": "model", "experiment_id": "experiment", "variant_label": "member"}
"""Keys of the configuration by the attributes of a store."""


def fetch(request: Cmip6, part: str, work: Path, pauses: Sequence[float] = PAUSES) -> xr.Dataset:
    """Return some years of one variable: (time, lat, lon) in the contract's unit.

    Parameters
    ----------
    request
        Section of the configuration.
    part
        Name of the part.
    work
        Folder that keeps the chunks that are there.
    pauses
        Before the second try of a request and the further ones [s].

    Raises
    ------
    UserError
        Naming the store and the fix: when it is withdrawn, empty or damaged, lacks a day or holds
        one twice, or when its values cannot be in their unit; and as `zarr_store.opened`.
    """
    (name,), years = request.variables_of(part), request.years_of(part)
    size = request.of_part(part).read_gigabytes()
    print(f"{part}: reads about {size:.1f} GB before compression")
    url = request.store_of(name)
    entry = FileVariable(path=url, variable=archived_name(name))
    with zarr_store.opened(url, entry.variable, pauses) as store:
        _require_run(store, request, url)
        lengths = store[entry.variable].encoding["chunks"]

        def of_years(field: xr.DataArray, label: str) -> xr.DataArray:
            box = cut(field, request.bounds, label).transpose("time", ...)
            folder, line = folder_of(work, request), Progress(f"{request.dataset} {part}")
            return _in_memory(box, years, int(lengths[0]), folder, line, label)

        field = _series(store, name, entry, of_years)
        licence = str(store.attrs.get("license", "CMIP6 terms of use"))
    within = field.isel(time=np.isin(field["time"].dt.year.values, years))
    _require_all_days(within, years, url)
    attributes = {
        "dataset_version": f"{request.model} {request.experiment} {_version(url)}",
        "licence": licence,
        "accumulation_window": "00-24 UTC: days of the model",
        "source": url,
    }
    return within.to_dataset(name=name).assign_attrs(attributes)


def _require_run(store: xr.Dataset, request: Cmip6, url: str) -> None:
    """Refuse a store that says it is of another run than its row."""
    for attribute, key in RUN.items():
        value, expected = store.attrs.get(attribute), getattr(request, key)
        if None not in (value, expected) and value != expected:
            raise UserError(
                f"{url}: its {attribute} is '{value}', not '{expected}': correct the row in {FILE}"
            )


def _series(
    store: xr.Dataset, name: str, entry: FileVariable, of_years: reading.Part
) -> xr.DataArray:
    """Return a variable on its days in the contract's unit."""
    try:
        return reading.series_of(store, name, entry, True, of_years, str(entry.path))
    except RefusalError:
        raise
    except UserError as error:
        raise UserError(f"{error}; or choose another store in {FILE}") from None


def _in_memory(
    box: xr.DataArray,
    years: tuple[int, ...],
    length: int,
    folder: Path,
    line: Progress,
    label: str,
) -> xr.DataArray:
    """Return the years of a box, read chunk by chunk."""
    first, end = _span(box, years, label)
    edges = sorted({first, end, *range(first - first % length + length, end, length)})
    fetches = {
        f"{start}-{stop}": partial(_chunk, box.isel(time=slice(start, stop)), box, length, label)
        for start, stop in zip(edges[:-1], edges[1:], strict=True)
    }
    return box.isel(time=slice(first, end)).copy(data=pieces.joined(fetches, folder, line))


def _chunk(part: xr.DataArray, box: xr.DataArray, length: int, label: str) -> np.ndarray:
    try:
        return zarr_store.loaded(part, label)
    except zarr_store.AbsentChunk as error:
        days = box["time"].values[error.first * length :][:length]
        raise RefusalError(
            f"{label}: values of {str(days[0])[:10]} to {str(days[-1])[:10]} are absent from the "
            f"store ({error.reason}): run the same command again later, or choose another store "
            f"in {FILE}"
        ) from None


def _span(box: xr.DataArray, years: tuple[int, ...], label: str) -> tuple[int, int]:
    """Return the first position of some years and the one after the last, and a day on each side.

    Stamps may be the end of their day, so the last day of a year may be stamped in the next one.
    """
    of_years = np.flatnonzero(np.isin(box["time"].dt.year.values, years))
    if not of_years.size:
        stamps = box["time"].values
        raise UserError(
            f"{label}: no day of {years[0]} to {years[-1]}, it runs from {str(stamps[0])[:10]} to "
            f"{str(stamps[-1])[:10]}: choose other years"
        )
    return max(int(of_years[0]) - 1, 0), min(int(of_years[-1]) + 2, box.sizes["time"])


def _require_all_days(field: xr.DataArray, years: tuple[int, ...], url: str) -> None:
    """Refuse a series that lacks a day of its calendar."""
    present = {str(day)[:10] for day in field["time"].values}
    missing = days_of(years, field["time"]) - present
    if missing:
        raise UserError(
            f"{url}: {len(missing)} days of its calendar are missing, the first {min(missing)}: "
            f"choose other years, or another store in {FILE}"
        )


def _version(url: str) -> str:
    """Return the version that the address of a store ends in; without one, its last part."""
    name = url.rstrip("/").removesuffix(".zarr").rpartition("/")[2]
    return name.rpartition(".")[2]
