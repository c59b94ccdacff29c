"""Measurements of another day, unit or time, and stations without values, are named."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from downbench.core.errors import UserError
from downbench.scores.stations import station_consistency

DAYS, NAMES = 120, np.array(["A", "B", "C", "D"])
CELLS = (np.array([0, 1, 2, 3]), np.array([3, 1, 0, 2]))


@pytest.fixture
def target() -> xr.Dataset:
    rng = np.random.default_rng(0)
    weather = np.zeros(DAYS)
    for day in range(1, DAYS):
        weather[day] = 0.5 * weather[day - 1] + rng.normal()
    local = weather[:, None, None] + 0.4 * rng.normal(size=(DAYS, 4, 4))
    lat, lon = np.meshgrid(40 + 0.25 * np.arange(4), 5 + 0.25 * np.arange(4), indexing="ij")
    grid, units = ("y", "x"), {"pr": "mm day-1", "tas": "K"}
    fields = {"pr": 4 * np.maximum(local, 0), "tas": 283 + 3 * local}
    return xr.Dataset(
        {n: (("time", *grid), v.astype("f4"), {"units": units[n]}) for n, v in fields.items()}
        | {"orog": (grid, np.full((4, 4), 300.0))},
        coords={
            "time": pd.date_range("2001-01-01", periods=DAYS),
            "lat": (grid, lat),
            "lon": (grid, lon),
        },
    )


def stations(target: xr.Dataset, rise_m: float = 1000.0) -> xr.Dataset:
    """Values of four cells, colder by 6.5 K km-1 at a higher altitude."""
    rows, columns = (xr.DataArray(index, dims="station") for index in CELLS)
    points = target[["pr", "tas"]].isel(y=rows, x=columns)
    altitude = ("station", np.full(4, 300.0 + rise_m))
    points["tas"] = points["tas"] - 0.0065 * rise_m
    return points.assign_coords(name=("station", NAMES), altitude=altitude)


def change(dataset: xr.Dataset, name: str, station: int, factor: float) -> xr.Dataset:
    changed = dataset.copy(deep=True)
    changed[name][:, station] *= factor
    return changed


def test_values_of_the_cells_fit_at_any_altitude(target) -> None:
    lines = station_consistency.check(stations(target), target, "alps")
    assert "alps: pr: 4 of 4 stations have 60 days to be compared on" in lines
    assert any("+0 d: 1.00" in line for line in lines)


def test_a_station_of_another_unit_is_named(target) -> None:
    for name, factor, words in (("pr", 0.1, "station B: pr is about"), ("tas", 1.1, "station B")):
        with pytest.raises(UserError, match=words) as message:
            station_consistency.check(change(stations(target), name, 1, factor), target, "alps")
        assert "station A" not in str(message.value)
    with pytest.raises(UserError, match="10 times too small.*a decimal prefix"):
        station_consistency.check(change(stations(target), "pr", 1, 0.1), target, "alps")


def test_undercatch_of_a_gauge_passes(target) -> None:
    station_consistency.check(change(stations(target), "pr", 1, 0.5), target, "alps")


def test_another_day_is_refused_and_one_station_s_is_named(target) -> None:
    shifted = stations(target)
    shifted = shifted.assign_coords(time=shifted.time + np.timedelta64(1, "D"))
    with pytest.raises(UserError, match="pr of the stations fits the target best when shifted"):
        station_consistency.check(shifted, target, "alps")
    one = stations(target)
    one["pr"][1:, 2] = one["pr"].values[:-1, 2]
    lines = station_consistency.check(one, target, "alps")
    assert [line for line in lines if "another day" in line][0].startswith("alps: pr: C fits")


def test_stations_without_a_value_are_left_out_and_named(target, capsys) -> None:
    holed = stations(target)
    holed["pr"][:, [0, 3]] = np.nan
    holed["tas"][:, 3] = np.nan
    kept = station_consistency.with_values(holed, target, "alps")
    assert kept["name"].values.tolist() == ["A", "B", "C"]
    text = capsys.readouterr().out
    assert "no value of pr on a day of the target at A, D" in text
    assert "left out, no value at all on a day of the target at D" in text


def test_measurements_of_other_years_or_calendars_are_refused(target) -> None:
    early = stations(target).assign_coords(time=pd.date_range("1991-01-01", periods=DAYS))
    with pytest.raises(UserError, match="no station has a value on a day .*1991-01-01 to"):
        station_consistency.with_values(early, target, "alps")
    noleap = target.convert_calendar("noleap", use_cftime=True)
    with pytest.raises(UserError, match="calendar 'standard', the target 'noleap'"):
        station_consistency.with_values(stations(target), noleap, "alps")
