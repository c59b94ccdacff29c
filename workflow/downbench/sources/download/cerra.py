"""Provider `cerra`: the regional reanalysis of Europe, on its Lambert grid.

Rain is accumulated from the start of a forecast. A day has two halves, each of them hours 12 to 24
of a forecast: from 12 UTC of the day before and from 00 UTC. So it is the day of ERA5, 00-24 UTC.
Other variables are analyses at every third hour; extremes are those of these eight values.
"""

from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core.config.downloads.cerra import CerraDownload
from downbench.core.config.downloads.download import STATIC
from downbench.sources.download.copernicus import archive_variable
from downbench.sources.download.copernicus.archive_variable import ArchiveVariable
from downbench.sources.download.copernicus.days import HOUR, daily, days_of
from downbench.sources.download.copernicus.delivery import (
    DAYS,
    MONTHS,
    delivered,
    finished,
    hours_of_day,
    static,
)
from downbench.sources.download.copernicus.service import Request

DATASET, LICENCE = "reanalysis-cerra-single-levels", "CC BY 4.0"
START_H, END_H, STEP_H = 12, 24, 3
CERRA = {
    "pr": ArchiveVariable("total_precipitation", "tp", "kg m**-2", "sum", accumulated=True),
    "tas": ArchiveVariable("2m_temperature", "t2m", "K"),
    "tasmax": ArchiveVariable("2m_temperature", "t2m", "K", "max"),
    "tasmin": ArchiveVariable("2m_temperature", "t2m", "K", "min"),
    "psl": ArchiveVariable("mean_sea_level_pressure", "msl", "Pa"),
    "sfcWind": ArchiveVariable("10m_wind_speed", "si10", "m s**-1"),
    "hurs": ArchiveVariable("2m_relative_humidity", "r2", "%"),
    "orog": ArchiveVariable("orography", "orog", "m"),
    "land": ArchiveVariable("land_sea_mask", "lsm", "(0 - 1)"),
}
ATTRIBUTES = {"dataset_version": "CERRA", "licence": LICENCE}
ANALYSES = "00-24 UTC, from analyses at 00, 03, …, 21 UTC"
FORECASTS = "00-24 UTC, hours 12 to 24 of the forecasts from 12 UTC of the day before and 00 UTC"


def fetch(request: CerraDownload, part: str, work: Path) -> xr.Dataset:
    """Return one variable of one year.

    Raises
    ------
    UserError
        When the store refuses, or its files are not what was asked for.
    """
    (name,) = request.variables_of(part)
    row, label = archive_variable.row(CERRA, name, request.dataset), f"{request.dataset}: {part}"
    if name in STATIC:
        wish = analyses(row, "2000") | {"month": ["01"], "day": ["01"], "time": ["00:00"]}
        values, window = static(delivered(request, part, DATASET, [wish], row, work)), "none"
    elif row.accumulated:
        values, window = _rain(request, part, row, work, label), FORECASTS
    else:
        years = request.years_of(part)
        wishes = [analyses(row, str(year)) for year in years]
        steps = delivered(request, part, DATASET, wishes, row, work)
        values = daily(steps, row.statistic, days_of(years), hours=STEP_H, label=label)
        window = ANALYSES
    return finished(values, name, row, ATTRIBUTES | {"accumulation_window": window}, label)


def _rain(
    request: CerraDownload, part: str, row: ArchiveVariable, work: Path, label: str
) -> xr.DataArray:
    years, sums = request.years_of(part), {}
    for lead in (START_H, END_H):
        wishes = [wish for year in years for wish in forecasts(row, year, lead)]
        steps = delivered(request, part, DATASET, wishes, row, work)
        sums[lead] = steps.assign_coords(time=steps["time"].values - lead * HOUR)
    starts = np.unique(sums[START_H]["time"].values)
    if not np.array_equal(sums[START_H]["time"], sums[END_H]["time"]):
        starts = np.intersect1d(starts, sums[END_H]["time"].values)
    early, late = (sums[lead].sel(time=starts) for lead in (START_H, END_H))
    halves = (late - early).assign_coords(time=starts + END_H * HOUR)
    days = days_of(years)
    return daily(halves, "sum", days, hours=END_H - START_H, accumulated=True, label=label)


def analyses(row: ArchiveVariable, year: str) -> Request:
    """Return the request for all analyses of a year."""
    return {
        "variable": [row.name],
        "level_type": "surface_or_atmosphere",
        "data_type": ["reanalysis"],
        "product_type": "analysis",
        "year": [year],
        "month": MONTHS,
        "day": DAYS,
        "time": hours_of_day(STEP_H),
        "data_format": "netcdf",
    }


def forecasts(row: ArchiveVariable, year: int, lead: int) -> list[Request]:
    """Return the requests for one lead time [h] of all forecasts that reach into a year."""
    year_long = analyses(row, str(year)) | {
        "product_type": "forecast",
        "leadtime_hour": [str(lead)],
        "time": hours_of_day(END_H - START_H),
    }
    eve = {"year": [str(year - 1)], "month": ["12"], "day": ["31"], "time": ["12:00"]}
    return [year_long | eve, year_long]
