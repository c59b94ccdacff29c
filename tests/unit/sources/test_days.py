"""Times of files: the day that a value belongs to, and series that are not daily at all."""

import numpy as np
import pytest
import xarray as xr

from downbench.core.config.sources.file_variable import FileVariable
from downbench.core.errors import UserError
from downbench.sources.files import reading
from weather_files import entries, region, weather

DAY, SECOND = np.timedelta64(86400, "s"), np.timedelta64(1, "s")
FIRST = np.datetime64("2001-02-01")


def read(folder, dataset: xr.Dataset, encoding: dict | None = None) -> xr.DataArray:
    if "time_bnds" in dataset:
        encoding = {"time": {"units": "minutes since 2001-01-01"}}
    dataset.drop_vars("tas").to_netcdf(folder / "f.nc", encoding=encoding)
    entry = FileVariable(path="f.nc", variable="pr")
    return reading.read(region(folder, entries("f.nc")), "pr", entry)


def days_of(result: xr.DataArray) -> np.ndarray:
    return result["time"].values.astype("datetime64[D]")


def at(offset: np.ndarray | np.timedelta64) -> xr.Dataset:
    """The weather with stamps moved away from midnight."""
    return weather().assign_coords(time=weather()["time"].astype("datetime64[ns]") + offset)


def bounded(stamps: np.timedelta64, start: np.timedelta64, end: np.timedelta64) -> xr.Dataset:
    """The weather with time bounds, stamps and bounds counted from the start of the day."""
    midnight = weather()["time"].values
    moved = at(stamps)
    moved["time"].attrs["bounds"] = "time_bnds"
    return moved.assign(
        time_bnds=(("time", "two"), np.stack([midnight + start, midnight + end], 1))
    )


def without_name(dataset: xr.Dataset) -> xr.Dataset:
    del dataset["time"].attrs["bounds"]
    return dataset


def numbers(values: np.ndarray, **attributes: str) -> xr.Dataset:
    return weather().assign_coords(time=("time", values, attributes))


COUNT = np.arange(40)
DATES = np.array([int(str(FIRST + n).replace("-", "")) for n in COUNT], float)
SUMS = np.concatenate([[0.0], np.cumsum(np.full(24 * 39, 1 / 24))[23::24]])
"""Days as sums of hours in floats: some lie microseconds before midnight."""

RIGHT = {
    "midnight": at(0 * DAY),
    "noon": at(DAY // 2),
    "microseconds early": at(-np.where(COUNT % 3, 0, 9) * np.timedelta64(1000, "ns")),
    "sums of hours": numbers(SUMS, units="days since 2001-02-01"),
    "the last second": at(DAY - SECOND),
    "the last nanosecond": at(DAY.astype("timedelta64[ns]") - np.timedelta64(1, "ns")),
    "bounds, stamped at the end": bounded(DAY, 0 * DAY, DAY),
    "bounds that the time does not name": bounded(DAY, 0 * DAY, DAY).pipe(without_name),
    "bounds, 06 to 06": bounded(DAY, DAY // 4, DAY + DAY // 4),
    "bounds of an instant": bounded(DAY // 2, DAY // 2, DAY // 2),
    "descending": at(0 * DAY).isel(time=slice(None, None, -1)),
    "dates as numbers": numbers(DATES, units="day as %Y%m%d.%f"),
    "dates as numbers, noon": numbers(DATES + 0.5, units="day as %Y%m%d.%f"),
    "julian": numbers(COUNT + 11354, units="days since 1970-01-01", calendar="julian"),
    "years of 1": numbers(COUNT + 730518, units="days since 0001-01-01", calendar="standard"),
}


@pytest.mark.parametrize("case", RIGHT)
def test_each_value_is_on_its_day(tmp_path, case):
    encoding = {"time": {"units": "nanoseconds since 2001-01-01"}} if "nano" in case else None
    result = read(tmp_path, RIGHT[case], encoding)
    np.testing.assert_array_equal(days_of(result), FIRST + COUNT)
    np.testing.assert_array_equal(result.values, weather()["pr"].values)


def test_other_calendars_are_kept(tmp_path):
    for calendar, name in (("360", "360_day"), ("365_day", "noleap")):
        counted = numbers(COUNT, units="days since 2001-02-01", calendar=calendar)
        result = read(tmp_path, counted)
        assert result["time"].dt.calendar == name
        last = result["time"].values[-1]
        assert (last.year, last.month, last.day) == (2001, 3, {"360_day": 10, "noleap": 12}[name])


REFUSED = {
    "hours": (at(COUNT * (np.timedelta64(1, "h") - DAY)), "1 h apart.*sums of rain"),
    "months": (at(COUNT * 29 * DAY), "30 days apart: monthly values"),
    "years": (at(COUNT * 364 * DAY), "365 days apart: yearly values"),
    "pentads": (at(COUNT * 4 * DAY), "5 days apart"),
    "hourly bounds": (bounded(0 * DAY, -DAY // 24, 0 * DAY), "0.04167 days by its time bounds"),
    "a climatology": (bounded(0 * DAY, -9999 * DAY, 999 * DAY), "bounds: a climatology"),
    "a month of bounds": (bounded(0 * DAY, 0 * DAY, 31 * DAY).isel(time=[0]), "monthly values"),
    "bounds of another day": (bounded(0 * DAY, 3 * DAY, 4 * DAY), "do not hold their time"),
    "a day twice": (
        at(-np.where(COUNT == 5, 1, 0) * DAY),
        "1 time stamps.*twice.*2001-02-05",
    ),
    "no date": (
        at(np.where(COUNT == 7, np.timedelta64("NaT"), 0 * DAY)),
        "1 of 40 times.*missing",
    ),
    "months since": (numbers(COUNT, units="months since 1960-01-01"), "not of one length"),
    "no times": (at(0 * DAY).isel(time=[]), "no times"),
    "no units": (numbers(COUNT), "not decoded to dates"),
    "no such calendar": (numbers(COUNT, units="days since 2001-01-01", calendar="mayan"), "mayan"),
    "no such dates": (numbers(DATES + 99, units="day as %Y%m%d.%f"), "decoded as %Y%m%d"),
    "julian since 1": (
        numbers(COUNT + 730518, units="days since 0001-01-01", calendar="julian"),
        "calendar 'julian'.*in doubt",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_has_no_value_a_day_is_refused_by_name(tmp_path, case):
    dataset, words = REFUSED[case]
    with pytest.raises(UserError, match=f"f.nc: variable 'pr'.*{words}"):
        read(tmp_path, dataset)


def test_one_hour_a_day_of_a_sum_is_no_day(tmp_path):
    hour = at(DAY // 2)
    hour["pr"].attrs |= {"GRIB_stepType": "accum"}
    with pytest.raises(UserError, match="GRIB_stepType.*sum of one hour"):
        read(tmp_path, hour)
    day = at(0 * DAY)
    day["pr"].attrs |= {"GRIB_stepType": "accum"}
    read(tmp_path, day)
    hour["pr"].attrs["cell_methods"] = "time: sum"
    read(tmp_path, hour)


def test_stamps_off_midnight_and_lost_bounds_are_reported(tmp_path, capsys):
    read(tmp_path, at(DAY // 2))
    report = capsys.readouterr().out
    assert "40 of 40 time stamps" in report and "2001-02-01T12:00:00, say, is taken for" in report
    read(tmp_path, bounded(DAY, 0 * DAY, DAY).drop_vars("time_bnds"))
    assert "lacks the time bounds 'time_bnds'" in capsys.readouterr().out
    read(tmp_path, at(0 * DAY))
    assert not capsys.readouterr().out


def test_seasons_with_gaps_and_single_days_are_daily(tmp_path):
    single = at(COUNT * 3652 * DAY).isel(time=slice(0, 5))
    assert read(tmp_path, single).sizes["time"] == 5
    winters = at(np.where(COUNT < 20, 0, 340) * DAY)
    assert days_of(read(tmp_path, winters))[-1] == FIRST + 39 + 340
