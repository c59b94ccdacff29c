"""Provider `cds`: hourly ERA5 on single and pressure levels of the Climate Data Store, made daily.

A daily sum has the hours that end at 01 … 24 UTC, so it needs 00 UTC of the next day.
"""

import math
from pathlib import Path

import xarray as xr

from downbench.core.config.downloads.bounds import Bounds
from downbench.core.config.downloads.cds import CdsDownload, Era5Download
from downbench.core.config.downloads.download import STATIC
from downbench.sources.download.copernicus import archive_variable
from downbench.sources.download.copernicus.archive_variable import ArchiveVariable
from downbench.sources.download.copernicus.days import daily, days_of
from downbench.sources.download.copernicus.delivery import (
    DAYS,
    MONTHS,
    delivered,
    finished,
    hours_of_day,
    static,
)
from downbench.sources.download.copernicus.era5_variables import ERA5
from downbench.sources.download.copernicus.expver import versions
from downbench.sources.download.copernicus.service import Request

SINGLE, LEVELS = "reanalysis-era5-single-levels", "reanalysis-era5-pressure-levels"
SPACING = 0.25
LICENCE = "CC BY 4.0"
WINDOWS = {
    "sum": "00-24 UTC, the hours that end at 01 to 24 UTC",
    "mean": "00-24 UTC, mean of 24 hourly values",
    "max": "00-24 UTC, maximum of 24 hourly values",
    "min": "00-24 UTC, minimum of 24 hourly values",
}


def fetch(request: CdsDownload, part: str, work: Path) -> xr.Dataset:
    """Return one variable of one year.

    Raises
    ------
    UserError
        When the store refuses, or its files are not what was asked for.
    """
    (name,) = request.variables_of(part)
    row, label = archive_variable.row(ERA5, name, request.dataset), f"{request.dataset}: {part}"
    if name in STATIC:
        return static_field(request, part, work)
    years = request.years_of(part)
    wishes = hourly_requests(row, years, request.bounds)
    hours = delivered(request, part, dataset_of(row), wishes, row, work)
    values = daily(hours, row.statistic, days_of(years), accumulated=row.accumulated, label=label)
    versioned = versions(hours, request.preliminary, label)
    return finished(values, name, row, attributes(row) | versioned, label)


def static_field(request: Era5Download, part: str, work: Path) -> xr.Dataset:
    """Return altitude or land mask, which the hourly data repeat at each hour."""
    row = ERA5[part]
    wish = common(row, request.bounds) | {
        "year": ["2000"], "month": ["01"], "day": ["01"], "time": ["00:00"],
    }  # fmt: skip
    values = static(delivered(request, part, SINGLE, [wish], row, work))
    window = {"accumulation_window": "none, does not change"}
    return finished(values, part, row, attributes(row) | window, f"{request.dataset}: {part}")


def hourly_requests(row: ArchiveVariable, years: tuple[int, ...], bounds: Bounds) -> list[Request]:
    """Return the requests for all hours of some years, and for the hour that ends the last day."""
    wishes = []
    for year in years:
        hours = {"month": MONTHS, "day": DAYS, "time": hours_of_day(1)}
        wishes.append(common(row, bounds) | {"year": [str(year)]} | hours)
        if row.accumulated and year + 1 not in years:
            last = {"year": [str(year + 1)], "month": ["01"], "day": ["01"], "time": ["00:00"]}
            wishes.append(common(row, bounds) | last)
    return wishes


def common(row: ArchiveVariable, bounds: Bounds) -> Request:
    """Return what all requests for a variable share."""
    level = {"pressure_level": [str(row.level_hpa)]} if row.level_hpa else {}
    return {
        "product_type": ["reanalysis"],
        "variable": [row.name],
        **level,
        "data_format": "netcdf",
        "download_format": "unarchived",
        "area": area(bounds),
    }


def area(bounds: Bounds) -> list[float]:
    """Return north, west, south, east of a box and a cell around it, on points of the grid."""
    west = math.floor(bounds.west / SPACING) * SPACING - SPACING
    south = math.floor(bounds.south / SPACING) * SPACING - SPACING
    north = math.ceil(bounds.north / SPACING) * SPACING + SPACING
    east = math.ceil((bounds.west + bounds.width) / SPACING) * SPACING + SPACING
    return [min(north, 90.0), west, max(south, -90.0), east]


def dataset_of(row: ArchiveVariable) -> str:
    """Return the dataset that holds a variable."""
    return LEVELS if row.level_hpa else SINGLE


def attributes(row: ArchiveVariable) -> dict[str, str]:
    """Return what every part says about itself."""
    return {
        "dataset_version": "ERA5",
        "licence": LICENCE,
        "accumulation_window": WINDOWS[row.statistic],
    }
