"""What all datasets of the Climate Data Store share: requests, files, and the finished part."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import xarray as xr

from downbench.core.config.downloads.copernicus import CopernicusDownload
from downbench.core.variables import variable
from downbench.sources.download import box
from downbench.sources.download.copernicus.account import account
from downbench.sources.download.copernicus.archive_variable import ArchiveVariable
from downbench.sources.download.copernicus.fields import field
from downbench.sources.download.copernicus.jobs import Patience
from downbench.sources.download.copernicus.retrieval import retrieve
from downbench.sources.download.copernicus.service import Request, Service
from downbench.sources.download.progress import Progress
from downbench.sources.files.units import convert

MONTHS = [f"{month:02d}" for month in range(1, 13)]
DAYS = [f"{day:02d}" for day in range(1, 32)]


def hours_of_day(step: int) -> list[str]:
    """Return the hours of a day at a step [h], as requests name them."""
    return [f"{hour:02d}:00" for hour in range(0, 24, step)]


def delivered(
    request: CopernicusDownload,
    part: str,
    dataset: str,
    wishes: Iterable[Request],
    row: ArchiveVariable,
    work: Path,
) -> xr.DataArray:
    """Return the box of one variable on the steps of the archive, fetched as far as needed.

    Parameters
    ----------
    request, part
        The download, and which part of it.
    dataset
        Its name at the store.
    wishes
        What the store is asked for; each may become several jobs.
    row
        Names of the variable there.
    work
        Folder that outlives a killed rule.

    Raises
    ------
    UserError
        As of `retrieval.retrieve`, `fields.field` and `box.cut`.
    """
    label = f"{request.dataset}: {part}"
    service = Service(account(request.url), dataset)
    patience, line = Patience(all_s=3600 * request.patience_hours), Progress(label)
    paths = [path for wish in wishes for path in retrieve(service, wish, work, patience, line)]
    return box.cut(field(paths, row, label), request.bounds, label)


def finished(
    values: xr.DataArray,
    name: str,
    row: ArchiveVariable,
    attributes: Mapping[str, str],
    label: str,
) -> xr.Dataset:
    """Return one part in the contract's unit, in memory, with the attributes of a download."""
    converted = convert(values.load(), name, row.units, True, label)
    grid = values["lat"].dims if values["lat"].ndim == 2 else ("lat", "lon")
    leading = ("time",) if "time" in values.dims else ()
    ordered = converted.transpose(*leading, *grid).drop_vars("expver", errors="ignore")
    own = variable(name)
    ordered.attrs = {"long_name": own.long_name, "units": own.units}
    for axis, units in (("lat", "degrees_north"), ("lon", "degrees_east")):
        ordered[axis].attrs = {"standard_name": f"{axis}itude", "units": units}
    return ordered.to_dataset(name=name).assign_attrs(attributes)


def static(values: xr.DataArray) -> xr.DataArray:
    """Return the only time of a field that does not change."""
    return values.isel(time=0, drop=True)
