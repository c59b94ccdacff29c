"""Provider `cerra`: the regional reanalysis of Europe, on its Lambert grid.

Rain is accumulated from the start of a forecast. A day has two halves, each of them hours 12 to 24
of a forecast: from 12 UTC of the day before and from 00 UTC. So it is the day of ERA5, 00-24 UTC.
Other variables are analyses at every third hour; extremes are those of these eight values.
"""

from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core.calendar.daily_values import HOUR, require_each
from downbench.core.config.downloads.cerra import CerraDownload
from downbench.sources.download.copernicus.archive_variable import ArchiveVariable
from downbench.sources.download.copernicus.lead_times import Negative, rain_between
from downbench.sources.download.copernicus.part import Part
from downbench.sources.download.copernicus.refusals import blaming_file
from downbench.sources.download.copernicus.requests import DAYS, MONTHS, Request, hours_of_day

DATASET = "reanalysis-cerra-single-levels"
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
ATTRIBUTES = {"dataset_version": "CERRA", "licence": "CC BY 4.0"}
STATISTICS = {
    "mean": "mean of eight 3-hourly analyses",
    "max": "maximum of eight 3-hourly analyses, below that of all times of the day",
    "min": "minimum of eight 3-hourly analyses, above that of all times of the day",
}
ANALYSES = "00-24 UTC, from analyses at 00, 03, …, 21 UTC"
FORECASTS = "00-24 UTC, hours 12 to 24 of the forecasts from 12 UTC of the day before and 00 UTC"


def fetch(request: CerraDownload, part: str, work: Path) -> xr.Dataset:
    """Return one variable of one year, or a static one, in the contract's unit.

    Raises
    ------
    UserError
        When the store refuses, or its files are not what was asked for.
    """
    piece = Part.of(CERRA, request, part, work)
    if piece.row.accumulated:
        return _rain(piece)
    years = ["2000"] if piece.is_static else [str(year) for year in piece.years]
    hour = {"month": ["01"], "day": ["01"], "time": ["00:00"]} if piece.is_static else {}
    files = piece.files(DATASET, [analyses(piece.row, year) | hour for year in years])
    with piece.forgotten_if_refused():
        steps = piece.steps(files)
        if piece.is_static:
            return piece.finished(steps, **ATTRIBUTES, accumulation_window="none")
        days = piece.daily(steps, STEP_H)
        statistic = STATISTICS[piece.row.statistic]
        return piece.finished(
            days, **ATTRIBUTES, accumulation_window=ANALYSES, statistic=statistic
        )


def _rain(piece: Part) -> xr.Dataset:
    files = {}
    for lead in (START_H, END_H):
        wishes = [wish for year in piece.years for wish in forecasts(piece.row, year, lead)]
        files[lead] = piece.files(DATASET, wishes)
    with piece.forgotten_if_refused():
        early, late = (_by_start(piece, files[lead], lead) for lead in files)
        starts = np.intersect1d(early["time"].values, late["time"].values)
        negative = Negative()
        halves = rain_between(early.sel(time=starts), late.sel(time=starts), negative)
        ends = halves.assign_coords(time=starts + END_H * HOUR)
        days = piece.daily(ends, END_H - START_H, accumulated=True)
        part = piece.finished(days, **ATTRIBUTES, accumulation_window=FORECASTS)
        return part.assign_attrs(negative.report(piece.label))


def _by_start(piece: Part, files: list[Path], lead: int) -> xr.DataArray:
    """Return sums of forecasts by the time at which these begin, each once."""
    sums = piece.steps(files)
    starts = sums["time"].values - lead * HOUR
    with blaming_file():
        require_each(starts, np.unique(starts), piece.label)
    return sums.assign_coords(time=starts)


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
