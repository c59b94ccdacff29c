"""Provider `cds-daily`: daily statistics of ERA5, made by the Climate Data Store.

The store shifts accumulations by their hour, so its daily sums are those of 01 … 24 UTC, too.
"""

from pathlib import Path

import xarray as xr

from downbench.core.config.downloads.cds_daily import UTC, CdsDailyDownload
from downbench.core.config.downloads.download import STATIC
from downbench.sources.download import cds
from downbench.sources.download.copernicus import archive_variable
from downbench.sources.download.copernicus.archive_variable import ArchiveVariable
from downbench.sources.download.copernicus.days import daily, days_of
from downbench.sources.download.copernicus.delivery import DAYS, MONTHS, delivered, finished
from downbench.sources.download.copernicus.era5_variables import ERA5
from downbench.sources.download.copernicus.expver import versions
from downbench.sources.download.copernicus.service import Request

SINGLE = "derived-era5-single-levels-daily-statistics"
LEVELS = "derived-era5-pressure-levels-daily-statistics"
STATISTICS = {
    "sum": "daily_sum",
    "mean": "daily_mean",
    "max": "daily_maximum",
    "min": "daily_minimum",
}


def fetch(request: CdsDailyDownload, part: str, work: Path) -> xr.Dataset:
    """Return one variable of one year.

    Raises
    ------
    UserError
        When the store refuses, or its files are not what was asked for.
    """
    (name,) = request.variables_of(part)
    row, label = archive_variable.row(ERA5, name, request.dataset), f"{request.dataset}: {part}"
    if name in STATIC:
        return cds.static_field(request, part, work)
    years = request.years_of(part)
    place = {"area": cds.area(request.bounds), "time_zone": request.time_zone}
    wishes = [daily_request(row, year) | place for year in years]
    dataset = LEVELS if row.level_hpa else SINGLE
    steps = delivered(request, part, dataset, wishes, row, work)
    values = daily(steps, row.statistic, days_of(years), hours=24, label=label)
    versioned = versions(steps, request.preliminary, label)
    return finished(values, name, row, cds.attributes(row) | _zone(request) | versioned, label)


def _zone(request: CdsDailyDownload) -> dict[str, str]:
    """Return the window of days of another zone."""
    zone = request.time_zone
    return {} if zone == UTC else {"accumulation_window": f"00-24 of {zone}"}


def daily_request(row: ArchiveVariable, year: int) -> Request:
    """Return the request for all days of a year, without its area."""
    level = {"pressure_level": [str(row.level_hpa)]} if row.level_hpa else {}
    return {
        "product_type": "reanalysis",
        "variable": [row.name],
        **level,
        "year": str(year),
        "month": MONTHS,
        "day": DAYS,
        "daily_statistic": STATISTICS[row.statistic],
        "time_zone": UTC,
        "frequency": "1_hourly",
    }
