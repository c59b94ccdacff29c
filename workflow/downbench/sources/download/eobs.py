"""Provider `eobs`: gridded observations of Europe, in files of about 15 years."""

from pathlib import Path

import xarray as xr

from downbench.core.config.downloads.download import STATIC
from downbench.core.config.downloads.eobs import EobsDownload
from downbench.sources.download.copernicus import archive_variable
from downbench.sources.download.copernicus.archive_variable import ArchiveVariable
from downbench.sources.download.copernicus.days import daily, days_of
from downbench.sources.download.copernicus.delivery import delivered, finished, static
from downbench.sources.download.copernicus.service import Request

DATASET, LICENCE = "insitu-gridded-observations-europe", "non-commercial research and education"
EOBS = {
    "pr": ArchiveVariable("precipitation_amount", "rr", "mm", "sum"),
    "tas": ArchiveVariable("mean_temperature", "tg", "Celsius"),
    "tasmax": ArchiveVariable("maximum_temperature", "tx", "Celsius", "max"),
    "tasmin": ArchiveVariable("minimum_temperature", "tn", "Celsius", "min"),
    "orog": ArchiveVariable("land_surface_elevation", "elevation", "m"),
}
WINDOW = "the day of each national network, often 06-06 UTC for rain"


def fetch(request: EobsDownload, part: str, work: Path) -> xr.Dataset:
    """Return one variable of the years of one file.

    Raises
    ------
    UserError
        When the store refuses, or its files are not what was asked for.
    """
    (name,) = request.variables_of(part)
    row, label = archive_variable.row(EOBS, name, request.dataset), f"{request.dataset}: {part}"
    wish = file_request(request, row, part)
    values = delivered(request, part, DATASET, [wish], row, work)
    if name in STATIC:
        values = static(values)
    else:
        days = days_of(request.years_of(part))
        values = daily(values, row.statistic, days, hours=24, label=label)
    attributes = {
        "dataset_version": request.version,
        "licence": LICENCE,
        "accumulation_window": WINDOW,
    }
    return finished(values, name, row, attributes, label)


def file_request(request: EobsDownload, row: ArchiveVariable, part: str) -> Request:
    """Return the request for one file."""
    period = part.rpartition("_")[2] if part not in STATIC else "full_period"
    return {
        "product_type": "elevation" if part in STATIC else "ensemble_mean",
        "variable": [row.name],
        "grid_resolution": request.grid.replace(".", "_"),
        "period": period.replace("-", "_"),
        "version": [request.version.replace(".", "_")],
    }
