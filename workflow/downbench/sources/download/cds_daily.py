"""Provider `cds-daily`: daily statistics of ERA5, made by the Climate Data Store.

The store shifts accumulations by their hour, so its daily sums are those of 01 … 24 UTC, too.
"""

from pathlib import Path

import xarray as xr

from downbench.core.config.downloads.cds_daily import UTC, CdsDailyDownload
from downbench.sources.download import cds
from downbench.sources.download.copernicus.archive_variable import ArchiveVariable
from downbench.sources.download.copernicus.era5_variables import ERA5
from downbench.sources.download.copernicus.expver import require_following_day, versions
from downbench.sources.download.copernicus.part import Part
from downbench.sources.download.copernicus.requests import DAYS, MONTHS, Request
from downbench.sources.download.daily_grids import days_of

SINGLE = "derived-era5-single-levels-daily-statistics"
LEVELS = "derived-era5-pressure-levels-daily-statistics"
STATISTICS = {
    "sum": "daily_sum",
    "mean": "daily_mean",
    "max": "daily_maximum",
    "min": "daily_minimum",
}


def fetch(request: CdsDailyDownload, part: str, work: Path) -> xr.Dataset:
    """Return one variable of one year, or a static one, in the contract's unit.

    Raises
    ------
    UserError
        When the store refuses, or its files are not what was asked for.
    """
    piece = Part.of(ERA5, request, part, work)
    if piece.is_static:
        return cds.static(piece)
    if piece.row.accumulated or request.time_zone != UTC:
        require_following_day(days_of(piece.years).max(), piece.label)
    wishes = [daily_request(piece.row, year, request) for year in piece.years]
    files = piece.files(LEVELS if piece.row.level_hpa else SINGLE, wishes)
    with piece.forgotten_if_refused():
        steps = piece.steps(files)
        version = versions(steps, request.preliminary, piece.label)
        attributes = cds.attributes(piece.row) | _zone(request.window) | version
        return piece.finished(piece.daily(steps, 24), **attributes)


def _zone(window: str | None) -> dict[str, str]:
    """Return the window of days of another zone."""
    return {"accumulation_window": window} if window else {}


def daily_request(row: ArchiveVariable, year: int, request: CdsDailyDownload) -> Request:
    """Return the request for all days of a year."""
    return {
        "product_type": "reanalysis",
        "variable": [row.name],
        **cds.levels(row),
        "year": str(year),
        "month": MONTHS,
        "day": DAYS,
        "daily_statistic": STATISTICS[row.statistic],
        "time_zone": request.time_zone,
        "frequency": "1_hourly",
        "area": cds.area(request.bounds),
    }
