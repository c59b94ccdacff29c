"""Provider `cds`: hourly ERA5 on single and pressure levels of the Climate Data Store, made daily.

A daily sum has the hours that end at 01 … 24 UTC, so it needs 00 UTC of the next day.
"""

import math
from pathlib import Path

import xarray as xr

from downbench.core.config.downloads.bounds import Bounds
from downbench.core.config.downloads.cds import CdsDownload
from downbench.sources.download.copernicus.archive_variable import ArchiveVariable
from downbench.sources.download.copernicus.era5_variables import ERA5
from downbench.sources.download.copernicus.expver import versions
from downbench.sources.download.copernicus.part import Part
from downbench.sources.download.copernicus.requests import DAYS, MONTHS, Request, hours_of_day

SINGLE, LEVELS = "reanalysis-era5-single-levels", "reanalysis-era5-pressure-levels"
SPACING = 0.25
LICENCE = "CC BY 4.0"
ATTRIBUTES = {"dataset_version": "ERA5", "licence": LICENCE}
WINDOWS = {
    "sum": "00-24 UTC, the hours that end at 01 to 24 UTC",
    "mean": "00-24 UTC, mean of 24 hourly values",
    "max": "00-24 UTC, maximum of 24 hourly values",
    "min": "00-24 UTC, minimum of 24 hourly values",
}


def fetch(request: CdsDownload, part: str, work: Path) -> xr.Dataset:
    """Return one variable of one year, or a static one, in the contract's unit.

    Raises
    ------
    UserError
        When the store refuses, or its files are not what was asked for.
    """
    piece = Part.of(ERA5, request, part, work)
    if piece.is_static:
        return static(piece)
    dataset = LEVELS if piece.row.level_hpa else SINGLE
    files = piece.files(dataset, hourly_requests(piece.row, piece.years, request.bounds))
    with piece.forgotten_if_refused():
        hours = piece.steps(files)
        days = piece.daily(hours, 1, accumulated=piece.row.accumulated)
        version = versions(hours, request.preliminary, piece.label)
        return piece.finished(days, **attributes(piece.row), **version)


def static(piece: Part) -> xr.Dataset:
    """Return altitude or land mask, which the hourly data repeat at each hour."""
    hour = {"year": ["2000"], "month": ["01"], "day": ["01"], "time": ["00:00"]}
    files = piece.files(SINGLE, [_common(piece.row, piece.request.bounds) | hour])
    with piece.forgotten_if_refused():
        return piece.finished(piece.steps(files), **ATTRIBUTES, accumulation_window="none")


def hourly_requests(row: ArchiveVariable, years: tuple[int, ...], bounds: Bounds) -> list[Request]:
    """Return the requests for all hours of some years, and for the hour that ends the last day."""
    wishes = []
    for year in years:
        hours = {"month": MONTHS, "day": DAYS, "time": hours_of_day(1)}
        wishes.append(_common(row, bounds) | {"year": [str(year)]} | hours)
        if row.accumulated and year + 1 not in years:
            last = {"year": [str(year + 1)], "month": ["01"], "day": ["01"], "time": ["00:00"]}
            wishes.append(_common(row, bounds) | last)
    return wishes


def _common(row: ArchiveVariable, bounds: Bounds) -> Request:
    return {
        "product_type": ["reanalysis"],
        "variable": [row.name],
        **levels(row),
        "data_format": "netcdf",
        "download_format": "unarchived",
        "area": area(bounds),
    }


def levels(row: ArchiveVariable) -> Request:
    """Return the level of a variable, as requests name it."""
    return {"pressure_level": [str(row.level_hpa)]} if row.level_hpa else {}


def area(bounds: Bounds) -> list[float]:
    """Return north, west, south, east of a box and a cell around it, on points of the grid.

    West lies in -180 … 180 and east above it, also across Greenwich and the date line.
    """
    south, west = (
        math.floor(v / SPACING) * SPACING - SPACING for v in (bounds.south, bounds.west)
    )
    edges = bounds.north, bounds.west + bounds.width
    north, east = (math.ceil(v / SPACING) * SPACING + SPACING for v in edges)
    turn = -360.0 * math.floor((west + 180.0) / 360.0)
    return [min(north, 90.0), west + turn, max(south, -90.0), east + turn]


def attributes(row: ArchiveVariable) -> dict[str, str]:
    """Return what every part says about itself."""
    return {**ATTRIBUTES, "accumulation_window": WINDOWS[row.statistic]}
