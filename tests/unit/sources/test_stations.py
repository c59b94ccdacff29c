"""Stations from a file: names, places, units, and what is told when something is wrong."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import synthetic_region
from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.config.region.stations import StationFile, SyntheticStations
from downbench.core.errors import UserError
from downbench.sources.files import station_file
from downbench.sources.synthetic import pseudo_stations

NAMES = ["Alta", "Baixa", "Costa"]
FILE = {
    "path": "stations.nc",
    "variables": {"pr": {"variable": "rr", "units": "mm"}, "tas": {"variable": "tg"}},
    "names": "who",
    "altitude": "height",
    "fed_product": ["Costa"],
}


def written(folder: Path, change=lambda dataset: dataset) -> RegionInputs:
    """A region whose folder holds a file of three stations in awkward units and longitudes."""
    time = xr.date_range("2000-01-01", periods=40, freq="D") + np.timedelta64(12, "h")
    rng = np.random.default_rng(0)
    rain = rng.gamma(0.5, 8, (3, 40))
    rain[1, 3] = np.nan
    made = xr.Dataset(
        {
            "rr": (("id", "time"), rain),
            "tg": (("time", "id"), rng.normal(8, 3, (40, 3)), {"units": "degC"}),
            "who": ("id", NAMES),
            "height": ("id", [900.0, 20.0, 5.0]),
            "latitude": ("id", [40.0, 40.5, 41.0]),
            "longitude": ("id", [356.0, 1.0, 359.5]),
        },
        coords={"time": time},
    )
    change(made).to_netcdf(folder / "stations.nc")
    return RegionInputs.model_validate(
        {
            "name": "little",
            "targets": ["pr", "tas"],
            "factor": 4,
            "resolution_km": 25.0,
            "year_start_month": 1,
            "drivers": {"perfect": {"type": "perfect", "predictors": ["pr", "tas"]}},
            "data_dir": str(folder),
            "target": {
                "source": "files",
                "frequency": "day",
                "accumulation_window": "00-24",
                "fine_shape": [8, 8],
                "variables": {
                    name: {"path": "fine.nc", "variable": name} for name in ("pr", "tas")
                },
            },
        }
    )


def read(folder: Path, change=lambda dataset: dataset, **section) -> xr.Dataset:
    file = StationFile.model_validate(FILE | section)
    return station_file.read(written(folder, change), file)


def test_units_axes_days_and_longitudes_are_ours(tmp_path):
    found = read(tmp_path)
    assert found["pr"].dims == found["tas"].dims == ("time", "station")
    assert found["tas"].attrs["units"] == "K" and 270 < found["tas"].mean() < 290
    assert (found["time"].dt.hour == 0).all()
    assert found["lon"].values.tolist() == [-4.0, 1.0, -0.5]
    assert found["fed_product"].values.tolist() == [0, 0, 1]


def test_missing_stays_missing(tmp_path):
    missing = np.isnan(read(tmp_path)["pr"].values)
    assert missing.sum() == 1 and missing[3, 1]


def test_all_may_have_fed_the_truth(tmp_path):
    assert read(tmp_path, fed_product="all")["fed_product"].values.tolist() == [1, 1, 1]


def test_files_of_the_same_stations_follow_each_other(tmp_path):
    inputs = written(tmp_path)
    with xr.open_dataset(tmp_path / "stations.nc") as stations:
        for number, days in enumerate((slice(20), slice(20, None))):
            stations.isel(time=days).to_netcdf(tmp_path / f"part_{number}.nc")
    for path in ("part_*.nc", ["part_0.nc", "part_1.nc"]):
        file = StationFile.model_validate(FILE | {"path": path})
        xr.testing.assert_identical(station_file.read(inputs, file), read(tmp_path))


def test_a_single_station_and_stamps_at_the_end_of_their_bounds(tmp_path):
    def late(dataset: xr.Dataset) -> xr.Dataset:
        start = dataset["time"].values - np.timedelta64(12, "h")
        moved = dataset.assign_coords(time=("time", start + np.timedelta64(1, "D")))
        ends = np.stack([start, start + np.timedelta64(1, "D")], axis=1)
        return moved.assign(time_bnds=(("time", "two"), ends))

    xr.testing.assert_equal(read(tmp_path, late)["pr"], read(tmp_path)["pr"])
    for station in ([2], 2):
        single = read(tmp_path, lambda d, station=station: d.isel(id=station))
        np.testing.assert_array_equal(single["pr"], read(tmp_path)["pr"][:, [2]])
        assert single["name"].values.tolist() == ["Costa"]


MISTAKES = {
    "two of a name": (lambda d: d.assign(who=("id", ["A", "B", "A"])), {}, "one name (A)"),
    "days twice": (lambda d: d.isel(time=[*range(40), 3]), {}, "2000-01-04"),
    "no such variable": (lambda d: d.drop_vars("rr"), {}, "'rr' is absent"),
    "no altitude": (lambda d: d.drop_vars("height"), {}, "no variable 'height'"),
    "altitude missing": (
        lambda d: d.assign(height=("id", [900.0, np.nan, 5.0])),
        {},
        "missing at Baixa",
    ),
    "altitude unknown": (
        lambda d: d.assign(height=("id", [900.0, -999.9, 5.0])),
        {},
        "height is -999.9 at Baixa, outside [-500, 8900]",
    ),
    "longitude unknown": (
        lambda d: d.assign(longitude=("id", [356.0, -999.9, 5.0])),
        {},
        "lon is -999.9 at Baixa",
    ),
    "rain unknown": (
        lambda d: d.assign(rr=d["rr"].where(d["rr"] > 0.5, -9999.0)),
        {},
        "looks like a missing value",
    ),
    "stamps missing": (
        lambda d: d.assign_coords(time=np.r_[d.time.values[:39], np.datetime64("NaT")]),
        {},
        "1 of 40 times are missing",
    ),
    "unknown name": (lambda d: d, {"fed_product": ["Lua"]}, "fed_product names Lua"),
    "a flux": (
        lambda d: d,
        {"variables": {"pr": {"variable": "rr", "units": "kg m-2 s-1"}}},
        "set `units:`",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_are_named_with_their_mend(tmp_path, mistake):
    change, section, words = MISTAKES[mistake]
    with pytest.raises(UserError) as message:
        read(tmp_path, change, **section)
    assert words in str(message.value) and "stations.nc" in str(message.value)


def test_drawn_stations_are_the_truth_moved_at_the_known_rate():
    truth = synthetic_region.target()
    options = SyntheticStations(count=12, seed=3, altitude_sd_m=300, lapse_k_per_km=-6.5)
    found = pseudo_stations.sample(truth, options)
    for number in range(12):
        here = (truth["lat"] == found["lat"][number]) & (truth["lon"] == found["lon"][number])
        row, column = (int(where[0]) for where in np.nonzero(here.values))
        rise = float(found["altitude"][number] - truth["orog"][row, column])
        shift = found["tasmax"][:, number] - truth["tasmax"][:, row, column]
        np.testing.assert_allclose(shift.values, -6.5 * rise / 1000, atol=1e-3)
        assert (found["pr"][:, number].values == truth["pr"][:, row, column].values).all()
        assert truth["land"][row, column] >= 0.5
    assert found["altitude"].values.std() > 50


def test_more_stations_than_land_are_refused():
    options = SyntheticStations(count=10**6, seed=3, altitude_sd_m=0, lapse_k_per_km=0)
    with pytest.raises(UserError, match=r"count = 1000000: lower it, only \d+ are land"):
        pseudo_stations.sample(synthetic_region.target(), options)
