"""Checks of what a provider returns, before it becomes a file that others read."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

import numpy as np
import xarray as xr

from downbench.core.config.downloads.download import STATIC, Download
from downbench.core.constants import ORIGIN_ATTRIBUTES
from downbench.core.contract_values import value_breaches
from downbench.core.errors import UserError
from downbench.core.variables import VARIABLES

MISSING_DAYS = "missing_days"
"""Attribute with the days (YYYY-MM-DD, separated by spaces) that the archive says it lacks."""


LISTED = 5


def require_over(request: Download, part: str) -> None:
    """Refuse a part whose last day the archive cannot have yet.

    Raises
    ------
    UserError
        Naming the year and the day from which it is complete.
    """
    year = max(request.of_part(part).years)
    if request.latency_days is None or part in STATIC:
        return
    complete = date(year, 12, 31) + timedelta(days=1 + request.latency_days)
    if datetime.now(UTC).date() < complete:
        raise UserError(
            f"{request.provider}, {request.dataset}, part {part}: the year {year} is complete on "
            f"{complete} at the earliest: leave it out of `years`"
        )


def require(dataset: xr.Dataset, request: Download, part: str) -> None:
    """Check attributes, variables, units, days, values and the box of one part.

    Parameters
    ----------
    dataset
        Variables on (time, lat, lon), (time, y, x) with 2-D lat and lon, or (time, station);
        static ones have no time.
    request
        What was asked for; of it only the part counts.
    part
        Name of the part.

    Raises
    ------
    UserError
        With every breach: nothing is written then.
    """
    part_request = request.of_part(part)
    breaches = [
        *(f"attribute '{n}' is absent" for n in ORIGIN_ATTRIBUTES if n not in dataset.attrs),
        *(text for name in part_request.variables for text in _of_variable(dataset, name)),
        *(text for name in part_request.variables for text in _of_gaps(dataset, request, name)),
        *_of_days(dataset, part_request),
        *_of_box(dataset, part_request),
    ]
    if breaches:
        listing = "\n".join(f"  - {breach}" for breach in breaches)
        raise UserError(f"{request.provider}, {request.dataset}, part {part}:\n{listing}")


def _of_variable(dataset: xr.Dataset, name: str) -> Iterator[str]:
    if name not in dataset.data_vars:
        names = ", ".join(map(str, dataset.data_vars)) or "nothing"
        yield f"{name} was asked for, but the server sent {names}: ask again, or drop it"
        return
    field, units = dataset[name], VARIABLES[name].units
    if field.attrs.get("units") != units:
        yield f"{name}: units are '{field.attrs.get('units')}', expected '{units}'"
    elif name not in STATIC and field.dims[:1] != ("time",):
        yield f"{name}: dims are {field.dims}, expected time first"
    else:
        yield from value_breaches(_with_grid(dataset, name), name)


def _of_gaps(dataset: xr.Dataset, request: Download, name: str) -> Iterator[str]:
    """Yield days without a value, and any gap where the archive has none; stations have gaps."""
    field = dataset.get(name)
    if field is None or "station" in field.dims or not {"time"} < set(field.dims):
        return
    missing = field.isnull()
    cells = [dim for dim in field.dims if dim != "time"]
    has_gaps = request.has_gaps(name)
    days = (missing.all(cells) if has_gaps else missing.any(cells)).values
    if days.any():
        stamps = ", ".join(str(day)[:10] for day in field["time"].values[days][:LISTED])
        what = "have no value" if has_gaps else "lack values, the archive has all of them"
        yield f"{name}: {days.sum()} days {what}, first {stamps}: download again, or leave out"


def _with_grid(dataset: xr.Dataset, name: str) -> xr.Dataset:
    """Return a variable on (time, y, x): static fields and stations get the axes they lack."""
    field = dataset[name]
    if "time" not in field.dims:
        field = field.expand_dims(time=[np.datetime64("2000-01-01", "ns")])
    if field.ndim == 2:
        field = field.expand_dims("row", axis=1)
    return field.to_dataset(name=name)


def _of_days(dataset: xr.Dataset, request: Download) -> Iterator[str]:
    if set(request.variables) <= set(STATIC):
        return
    if "time" not in dataset.coords or not dataset.sizes["time"]:
        yield f"no day at all: expected those of {', '.join(map(str, request.years))}"
        return
    time = dataset["time"]
    stamps = [str(stamp)[:10] for stamp in time.values]
    starts = time.dt.floor("D").values
    if (time.values != starts).any():
        first = time.values[time.values != starts][0]
        yield f"time: {str(first)[:19]} is not the start of a day"
        return
    if len(set(stamps)) < len(stamps):
        yield f"time: {len(stamps) - len(set(stamps))} days come twice"
    asked = days_of(request.years, time)
    absent = asked - set(stamps) - set(dataset.attrs.get(MISSING_DAYS, "").split())
    if absent:
        yield f"time: {len(absent)} days are missing, first {min(absent)}: download again"
    others = set(stamps) - asked
    if others:
        yield f"time: {len(others)} days were not asked for, first {min(others)}"


def days_of(years: Iterable[int], time: xr.DataArray) -> set[str]:
    """Return all days of some years, as YYYY-MM-DD, in the calendar of the data."""
    days = (
        xr.date_range(
            f"{year}-01-01", f"{year + 1}-01-01", inclusive="left",
            calendar=time.dt.calendar, use_cftime=True,
        )
        for year in years
    )  # fmt: skip
    return {str(day)[:10] for year in days for day in year}


def _of_box(dataset: xr.Dataset, request: Download) -> Iterator[str]:
    """Yield edges of the box that the grid does not reach; stations lie where they are."""
    if not {"lat", "lon"} <= set(map(str, dataset.coords)):
        yield f"coordinates are {', '.join(map(str, dataset.coords))}, without lat and lon"
        return
    if "station" in dataset.dims:
        return
    lat, bounds = dataset["lat"].values, request.bounds
    spacing = np.ptp(lat) / max(1, min(lat.shape) - 1)
    if lat.min() - spacing > bounds.south or lat.max() + spacing < bounds.north:
        yield (
            f"latitudes run from {lat.min():.4g} to {lat.max():.4g}, but the box from "
            f"{bounds.south:g} to {bounds.north:g}: choose one inside the dataset"
        )
    east = np.sort((dataset["lon"].values.ravel() - bounds.west + 180) % 360 - 180)
    spacing = np.ptp(east) / max(1, min(dataset["lon"].shape) - 1)
    if east[0] - spacing > 0 or east[-1] + spacing < min(bounds.width, 180):
        yield (
            f"longitudes run from {bounds.west + east[0]:.4g} to {bounds.west + east[-1]:.4g}, "
            f"but the box from {bounds.west:g} to {bounds.east:g}: choose one inside the dataset"
        )
