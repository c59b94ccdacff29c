"""Provider `arco`: daily values of the hourly, analysis-ready ERA5 store.

One chunk is one hour of the globe: chunks are read a day at a time, cut to the box and reduced, so
memory does not depend on the length. The axis of time runs on where there are no data yet; the
attributes `valid_time_start` and `valid_time_stop` bound them.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core.calendar.daily_values import HOUR
from downbench.core.calendar.daily_values import daily as daily_of
from downbench.core.config.downloads.arco import HOURS, Arco
from downbench.core.config.sources.file_variable import FileVariable
from downbench.core.errors import UserError
from downbench.sources.download import daily_grids, zarr_store
from downbench.sources.download.box import cut
from downbench.sources.download.cds import LICENCE, WINDOWS
from downbench.sources.download.copernicus.archive_variable import ArchiveVariable
from downbench.sources.download.copernicus.era5_variables import ERA5
from downbench.sources.download.errors import RefusalError
from downbench.sources.download.retries import PAUSES
from downbench.sources.files.opening import variable_of
from downbench.sources.files.units import convert, same_units

START, STOP, PRELIMINARY = "valid_time_start", "valid_time_stop", "valid_time_stop_era5t"


def fetch(request: Arco, part: str, work: Path, pauses: Sequence[float] = PAUSES) -> xr.Dataset:
    """Return one year of one variable: (time, lat, lon) in the contract's unit.

    Parameters
    ----------
    request
        Section of the configuration.
    part
        Name of the part.
    work
        Folder that keeps the days that are there.
    pauses
        Before the second try of a request and the further ones [s].

    Raises
    ------
    UserError
        Naming store, variable and hour when values are absent or only preliminary, and as
        `zarr_store.opened`.
    """
    (name,) = request.variables_of(part)
    print(f"{part}: reads {request.of_part(part).read_gigabytes():.1f} GB before compression")
    return daily(request, name, daily_grids.days_of(request.years_of(part)), work, pauses)


def daily(
    request: Arco, name: str, days: np.ndarray, work: Path, pauses: Sequence[float]
) -> xr.Dataset:
    """Return daily values of one variable on days in a row, (day,) datetime64[D]."""
    row = ERA5[name]
    label = f"{request.url}: variable '{row.name}'"
    with zarr_store.opened(request.url, row.name, pauses) as store:
        _require_final(store, days, row, label)
        field = variable_of(store, FileVariable(path=request.url, variable=row.name), name, label)
        _require_units(field, row, label)
        box = cut(field, request.bounds, label)
        first = np.searchsorted(box["time"].values, days + row.accumulated * HOUR)
        positions = dict(zip(days, first.tolist(), strict=True))
        series = daily_grids.series(
            request, name, days, lambda day: _of_day(box, day, positions[day], row, label), work
        )
        version = str(store.attrs.get("last_updated", store.attrs[STOP]))
    attributes = {
        "dataset_version": version,
        "licence": LICENCE,
        "accumulation_window": WINDOWS[row.statistic],
        "source": request.url,
    }
    converted = convert(series, name, row.units, True, label)
    return converted.to_dataset(name=name).assign_attrs(attributes)


def _of_day(
    box: xr.DataArray, day: np.datetime64, first: int, row: ArchiveVariable, label: str
) -> xr.DataArray:
    """Return the value of one day, (lat, lon), from its hours."""
    hours = box.isel(time=slice(first, first + HOURS)).transpose("time", "lat", "lon")
    try:
        values = zarr_store.loaded(hours, label)
    except zarr_store.AbsentChunk as error:
        raise RefusalError(
            f"{label}: the hour {_stamp(box, error.first)} is absent ({error.reason}): run the "
            "same command again later, or take the provider cds-daily"
        ) from None
    missing = np.isnan(values).any(axis=(1, 2))
    if missing.any():
        raise UserError(
            f"{label}: {missing.sum()} hours from {_stamp(box, first + int(missing.argmax()))} "
            "have missing values, ERA5 has none: take the provider cds-daily"
        )
    hours = hours.copy(data=values)
    values = daily_of(
        hours, row.statistic, np.array([day]), accumulated=row.accumulated, label=label
    )
    return values.isel(time=0).reset_coords(drop=True)


def _stamp(box: xr.DataArray, position: int) -> str:
    return f"{str(box['time'].values[position])[:16]} UTC"


def _require_final(store: xr.Dataset, days: np.ndarray, row: ArchiveVariable, label: str) -> None:
    """Refuse days beyond the final data: the hours are there, missing or preliminary."""
    try:
        start, stop = (np.datetime64(str(store.attrs[key])[:10], "D") for key in (START, STOP))
    except (KeyError, ValueError):
        raise UserError(
            f"{label}: the store has no dates {START} and {STOP}, so where data end is unclear: "
            "take the store of the default `url`"
        ) from None
    last = days[-1] + daily_grids.DAY if row.accumulated else days[-1]
    if days[0] < start or last > stop:
        until = store.attrs.get(PRELIMINARY)
        note = f", preliminary ones to {until}" if until else ""
        raise UserError(
            f"{label}: {days[0]} to {last} are asked for, final data are from {start} to {stop}"
            f"{note}: choose other years"
        )


def _require_units(field: xr.DataArray, row: ArchiveVariable, label: str) -> None:
    units = field.attrs.get("units")
    if not same_units(units, row.units):
        raise UserError(
            f"{label}: its units are '{units}', not '{row.units}': the store has changed, "
            "choose another mirror or the provider cds-daily"
        )
