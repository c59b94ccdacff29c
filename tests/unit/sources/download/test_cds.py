"""The Climate Data Store: days, requests and costs, against a store on loopback."""

import numpy as np
import pytest
import xarray as xr

from cds_downloads import BOUNDS, request
from downbench.core.config.downloads.bounds import Bounds
from downbench.core.errors import UserError
from downbench.sources.download import cds, cds_daily, cerra, checking, eobs
from downbench.sources.download.copernicus import expver, requests
from servers import cds_fields
from servers.cds import Cds, cost

pytest.importorskip("cdsapi")


@pytest.fixture
def store(cds_account):
    with Cds() as running:
        yield running


def grid_of(dataset: xr.Dataset) -> tuple[np.ndarray, np.ndarray]:
    lat, lon = dataset["lat"].values, dataset["lon"].values
    return (lat, lon) if lat.ndim == 2 else (lat[:, None], lon)


def rain_of_day(dataset: xr.Dataset, day: str) -> np.ndarray:
    """Return the rain of 00-24 UTC [mm day-1]."""
    hours = np.datetime64(day, "ns") + np.arange(1, 25) * cds_fields.HOUR
    return cds_fields.rain(hours, *grid_of(dataset)).sum(axis=0)


def test_hours_become_days_of_the_hours_that_end_in_them(store, tmp_path):
    part = cds.fetch(request("cds", store, ["pr"], [2001]), "pr_2001", tmp_path)
    assert part["pr"].dims == ("time", "lat", "lon") and part.sizes["time"] == 365
    assert str(part["time"].values[0])[:16] == "2001-01-01T00:00"
    for day in ("2001-01-01", "2001-06-30", "2001-07-01", "2001-12-31"):
        np.testing.assert_allclose(
            part["pr"].sel(time=day).values.squeeze(), rain_of_day(part, day), rtol=1e-4, atol=1e-3
        )
    assert part["pr"].attrs["units"] == "mm day-1" and part.attrs["expver"] == "0001"
    assert [cost(inputs) for inputs in store.submitted()] == [4464, 4464, 1]


def test_a_planted_hour_counts_for_the_day_before_its_stamp(store, tmp_path):
    def plant(dataset: xr.Dataset) -> xr.Dataset:
        stamps = dataset["valid_time"].values.astype("M8[s]")
        at = stamps == np.datetime64("2001-03-02T00:00")
        field = dataset["tp"] * 0 + np.where(at, 0.024, 0.0)[:, None, None].astype("float32")
        return dataset.assign(tp=field.assign_attrs(dataset["tp"].attrs))

    store.settings.change = plant
    part = cds.fetch(request("cds", store, ["pr"], [2001]), "pr_2001", tmp_path)
    assert float(part["pr"].sel(time="2001-03-01").mean()) == pytest.approx(24.0, rel=1e-5)
    assert float(part["pr"].sum("time").mean()) == pytest.approx(24.0, rel=1e-5)


def test_levels_are_asked_of_their_dataset(store, tmp_path):
    download = request("cds", store, ["zg500", "ta850"], [2001])
    height = cds.fetch(download, "zg500_2001", tmp_path)
    np.testing.assert_allclose(height["zg500"], 5500.0, rtol=1e-5)
    inputs = store.submitted()[0]
    assert inputs["pressure_level"] == ["500"] and inputs["variable"] == ["geopotential"]
    assert {job.dataset for job in store.jobs.values()} == {cds.LEVELS}


@pytest.mark.parametrize("name", ["pr", "tasmax"])
def test_daily_statistics_are_the_days_of_hours(store, tmp_path, name):
    hourly = cds.fetch(request("cds", store, [name], [2001]), f"{name}_2001", tmp_path / "h")
    before = len(store.jobs)
    daily = cds_daily.fetch(
        request("cds-daily", store, [name], [2001]), f"{name}_2001", tmp_path / "d"
    )
    xr.testing.assert_allclose(daily[name], hourly[name], rtol=1e-4, atol=1e-3)
    (inputs,) = store.submitted()[before:]
    assert inputs["time_zone"] == "utc+00:00"
    assert inputs["daily_statistic"] == {"pr": "daily_sum", "tasmax": "daily_maximum"}[name]
    assert cost(inputs) == 372


def test_days_of_another_zone_are_asked_for_and_named(store, tmp_path):
    download = request("cds-daily", store, ["pr"], [2001], time_zone="utc-12:00")
    part = cds_daily.fetch(download, "pr_2001", tmp_path)
    assert part.attrs["accumulation_window"] == "00-24 of utc-12:00"
    hours = np.datetime64("2001-03-01T12", "ns") + np.arange(1, 25) * cds_fields.HOUR
    expected = cds_fields.rain(hours, *grid_of(part)).sum(axis=0)
    day = part["pr"].sel(time="2001-03-01").squeeze()
    np.testing.assert_allclose(day, expected, rtol=1e-4, atol=1e-3)


def test_days_of_cerra_are_two_halves_of_forecasts(store, tmp_path):
    part = cerra.fetch(request("cerra", store, ["pr"], [2001]), "pr_2001", tmp_path)
    assert part["pr"].dims == ("time", "y", "x") and part["lat"].dims == ("y", "x")
    for day in ("2001-01-01", "2001-12-31"):
        np.testing.assert_allclose(
            part["pr"].sel(time=day).values.squeeze(), rain_of_day(part, day), rtol=1e-3, atol=2e-3
        )
    assert part.attrs["negative_differences"].startswith("0 set to zero")
    inside = (part["lat"] >= BOUNDS["south"]) & (part["lon"] <= BOUNDS["east"])
    assert bool(inside.any()) and part.sizes["y"] < 16


def test_extremes_of_cerra_come_from_analyses(store, tmp_path):
    part = cerra.fetch(request("cerra", store, ["tasmax"], [2001]), "tasmax_2001", tmp_path)
    hours = np.datetime64("2001-07-01", "ns") + np.arange(0, 24, 3) * cds_fields.HOUR
    expected = cds_fields.temperature(hours, *grid_of(part)).max(axis=0)
    np.testing.assert_allclose(
        part["tasmax"].sel(time="2001-07-01").squeeze(), expected, rtol=1e-5
    )
    assert part.attrs["statistic"].startswith("maximum of eight 3-hourly analyses")


def test_eobs_reads_the_years_of_one_file(store, tmp_path):
    download = request("eobs", store, ["pr"], [2012], last_year=2012)
    assert download.parts() == ("pr_2011-2012",) and download.years_of("pr_2011-2012") == (2012,)
    part = eobs.fetch(download, "pr_2011-2012", tmp_path)
    assert part.sizes["time"] == 366 and part.attrs["dataset_version"] == "31.0e"
    assert store.submitted() == [
        {
            "product_type": "ensemble_mean", "variable": ["precipitation_amount"],
            "grid_resolution": "0_1deg", "period": "2011_2012", "version": ["31_0e"],
        }
    ]  # fmt: skip
    np.testing.assert_allclose(
        part["pr"].sel(time="2012-02-29").squeeze(), rain_of_day(part, "2012-02-29"),
        rtol=1e-4, atol=1e-3,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("provider", "module", "names"),
    [
        ("cds-daily", cds_daily, "uas vas psl prw hus850 ta850 zg500 orog land"),
        ("cerra", cerra, "psl sfcWind hurs orog land"),
        ("eobs", eobs, "tas tasmin orog"),
    ],
    ids=["cds-daily", "cerra", "eobs"],
)
def test_further_variables_pass_the_checks_of_downloads(store, tmp_path, provider, module, names):
    keys = {"last_year": 2011} if provider == "eobs" else {}
    download = request(provider, store, names.split(), [2011], **keys)
    for part in download.parts():
        work = tmp_path / part
        work.mkdir()
        dataset = module.fetch(download, part, work).assign_attrs(dataset="", retrieved="")
        checking.require(dataset, download, part)


def test_requests_are_split_by_the_limit_of_the_store(store, tmp_path):
    store.settings.limit = 100
    part = cds_daily.fetch(
        request("cds-daily", store, ["tasmax"], [2001]), "tasmax_2001", tmp_path
    )
    assert part.sizes["time"] == 365
    assert max(cost(inputs) for inputs in store.submitted()) <= 100
    assert [len(inputs["month"]) for inputs in store.submitted()] == [3, 3, 3, 3]


def test_halves_are_the_request():
    wish = {"variable": ["a"], "year": "2001", "month": ["01", "02", "03"], "day": ["01"]}
    first, second = requests.halves(wish)
    assert first["month"] + second["month"] == wish["month"]
    assert requests.fields(wish) == 3 == requests.fields(first) + requests.fields(second)
    with pytest.raises(UserError, match="one field"):
        requests.halves({**wish, "month": ["01"]})


def test_preliminary_days_are_refused_or_marked(store, tmp_path):
    store.settings.preliminary_from = "2001-10-01"
    with pytest.raises(UserError, match="from 2001-10-01 .*preliminary.*0001, 0005"):
        cds.fetch(request("cds", store, ["tas"], [2001]), "tas_2001", tmp_path)
    before = len(store.jobs)
    marked = request("cds", store, ["tas"], [2001], preliminary="mark")
    part = cds.fetch(marked, "tas_2001", tmp_path)
    assert part.attrs["preliminary_from"] == "2001-10-01" and len(store.jobs) == before
    year = np.datetime64("2002-01-01")
    assert expver.versions(part["tas"], "refuse", "", year + 365)["expver"] == "unknown"
    recent = expver.versions(part["tas"], "mark", "", year)
    assert recent["preliminary_from"] == "2001-09-04"


def test_files_outlive_bounds_that_are_wrong(store, tmp_path):
    outside = {**BOUNDS, "west": -30, "east": -20}
    with pytest.raises(UserError, match="correct `bounds`"):
        cerra.fetch(request("cerra", store, ["tas"], [2001], bounds=outside), "tas_2001", tmp_path)
    assert cerra.fetch(request("cerra", store, ["tas"], [2001]), "tas_2001", tmp_path)
    assert len(store.jobs) == 1


def test_days_wait_for_their_hours_of_the_next_one(store, tmp_path):
    last = np.datetime64("2025-12-31")
    with pytest.raises(UserError, match="2025-12-31 .*published before 2026-01-11"):
        expver.require_following_day(last, "", np.datetime64("2026-01-10"))
    expver.require_following_day(last, "", np.datetime64("2026-01-11"))
    year = int(str(np.datetime64("now"))[:4])
    for name, keys in (("pr", {}), ("tasmax", {"time_zone": "utc-12:00"})):
        download = request("cds-daily", store, [name], [year], **keys)
        with pytest.raises(UserError, match="hours of the next day"):
            cds_daily.fetch(download, f"{name}_{year}", tmp_path)
    assert not store.jobs


@pytest.mark.parametrize(
    ("west", "east", "expected"),
    [
        (355, 5, [-5.25, 5.25]), (-5, 5, [-5.25, 5.25]), (200, 210, [-160.25, -149.75]),
        (-175, 175, [-175.25, 175.25]), (-180, -170, [179.75, 190.25]),
    ],
)  # fmt: skip
def test_areas_lie_on_the_earth(west, east, expected):
    bounds = Bounds(south=43, north=49, west=west, east=east)
    assert cds.area(bounds) == [49.25, expected[0], 42.75, expected[1]]


@pytest.mark.parametrize("west", [-0.5, 359.5])
def test_boxes_across_greenwich(store, tmp_path, west):
    bounds = {**BOUNDS, "west": west, "east": 0.5}
    download = request("cds-daily", store, ["tasmax"], [2001], bounds=bounds)
    part = cds_daily.fetch(download, "tasmax_2001", tmp_path)
    assert np.diff(part["lon"].values) == pytest.approx(0.25)
    assert store.submitted()[0]["area"][1::2] == [-0.75, 0.75]


def test_boxes_across_the_date_line(store, tmp_path):
    bounds = {**BOUNDS, "west": 179.5, "east": -179.5}
    download = request("cds-daily", store, ["tasmax"], [2001], bounds=bounds)
    part = cds_daily.fetch(download, "tasmax_2001", tmp_path)
    assert np.diff(part["lon"].values) == pytest.approx(0.25)
    assert store.submitted()[0]["area"][1::2] == [179.25, 180.75]
