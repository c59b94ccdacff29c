"""Daily values of climate models: calendars, stamps, boxes and everything that stores do wrong."""

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from downbench.core.config.downloads.cmip6 import Cmip6
from downbench.core.config.messages import checked
from downbench.core.errors import UserError
from downbench.sources.download import cmip6
from servers.server import Fault
from servers.zarr_store import ZarrServer, cmip6_run

ROOT = Path(__file__).parents[4]
DIALECTS = ROOT.parent / "shared" / "data" / "dialects"
PATH, YEAR, CHUNK = "/cmip6/run", 2001, 200
STORE = f"gs://cmip6{PATH.removeprefix('/cmip6')}/"


@pytest.fixture
def server():
    with ZarrServer() as running:
        yield running


def request(server, variable: str = "pr", **keys) -> Cmip6:
    entries = {
        "provider": "cmip6",
        "dataset": "cmip6",
        "model": "MPI-ESM1-2-HR",
        "experiment": "historical",
        "variables": [variable],
        "years": [2001],
        "bounds": {"south": -10, "north": 30, "west": -40, "east": 40},
        "url": f"{server.url}/cmip6",
        "stores": {variable: STORE},
    }
    return Cmip6(**(entries | keys))


def fetched(server, folder, dataset: xr.Dataset | None = None, **keys) -> xr.Dataset:
    if dataset is not None:
        server.add(PATH, dataset, {"time": CHUNK})
    asked = request(server, **keys)
    (part,) = asked.parts()
    return cmip6.fetch(asked.of_part(part), part, folder, pauses=(0.0,))


def refused(server, folder, dataset: xr.Dataset | None = None, **keys) -> str:
    with pytest.raises(UserError) as error:
        fetched(server, folder, dataset, **keys)
    message = str(error.value)
    assert f"{server.url}{PATH}" in message
    return message


@pytest.mark.parametrize(
    ("calendar", "noon", "days"),
    [("proleptic_gregorian", True, 365), ("noleap", False, 365), ("360_day", True, 360)],
)
def test_days_are_those_of_the_calendar(server, tmp_path, calendar, noon, days):
    run = cmip6_run("pr", YEAR, calendar, noon)
    dataset = fetched(server, tmp_path, run)
    assert dataset.attrs["dataset_version"] == "MPI-ESM1-2-HR historical run"
    result = dataset["pr"]
    assert result["time"].dt.calendar == calendar
    assert result.sizes["time"] == days
    assert str(result["time"].values[0])[:19].replace(" ", "T") == "2001-01-01T00:00:00"
    column = run["pr"].sel(lat=20.0, lon=330.0)[:days] * 86400.0
    np.testing.assert_allclose(result.sel(lat=20.0, lon=-30.0), column, rtol=1e-5)


def test_boxes_run_across_the_meridian_with_a_margin(server, tmp_path):
    run = cmip6_run("tasmax", YEAR, "noleap").sortby("lat", ascending=False)
    result = fetched(server, tmp_path, run, variables=["tasmax"], stores={"tasmax": STORE})
    assert result["lat"].values.tolist() == [40.0, 20.0, 0.0, -20.0]
    assert result["lon"].values.tolist() == [-60.0, -30.0, 0.0, 30.0, 60.0]
    chunks = [r.path for r in server.requests if r.path.endswith(".0.0") and "/tasmax/" in r.path]
    assert sorted(chunks) == [f"{PATH}/tasmax/{n}.0.0" for n in range(2)]


def test_chunks_that_are_there_are_not_fetched_again(server, tmp_path):
    server.add(PATH, cmip6_run("pr", YEAR, "noleap"), {"time": CHUNK})
    chunk = server.files.pop(f"{PATH}/pr/1.0.0")
    message = refused(server, tmp_path)
    assert "2001-07-20 to 2002-01-05" in message
    server.files[f"{PATH}/pr/1.0.0"] = chunk
    server.requests.clear()
    assert fetched(server, tmp_path)["pr"].sizes["time"] == 365
    assert not server.asked(f"{PATH}/pr/0.0.0")


def without_days(run: xr.Dataset) -> xr.Dataset:
    return run.drop_isel(time=[50, 51])


def with_a_day_twice(run: xr.Dataset) -> xr.Dataset:
    return run.isel(time=np.r_[0:60, 59, 60:365])


def in_other_units(run: xr.Dataset) -> xr.Dataset:
    return run.assign(pr=(run["pr"] * 86400.0).assign_attrs(units="kg m-2 s-1"))


def without_units(run: xr.Dataset) -> xr.Dataset:
    return run.assign(pr=run["pr"].assign_attrs(units=""))


def monthly(run: xr.Dataset) -> xr.Dataset:
    return run.isel(time=slice(None, None, 30)).drop_vars("time_bnds")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (without_days, "2 days of its calendar are missing, the first 2001-02-20"),
        (with_a_day_twice, "2001-03-01"),
        (in_other_units, "outside"),
        (without_units, "no units"),
        (monthly, "monthly"),
    ],
)
def test_series_that_are_wrong_are_refused(server, tmp_path, change, words):
    message = refused(server, tmp_path, change(cmip6_run("pr", YEAR, "noleap")))
    assert words in message
    assert "config/cmip6.csv" in message


def test_a_store_of_another_run_is_refused(server, tmp_path):
    run = cmip6_run("pr", YEAR, "noleap").assign_attrs(source_id="MPI-ESM1-2-LR")
    assert "its source_id is 'MPI-ESM1-2-LR'" in refused(server, tmp_path, run)


def test_years_that_a_store_lacks_are_refused(server, tmp_path):
    run = cmip6_run("pr", YEAR, "noleap")
    assert "2001-01-01 to 2002-01-05" in refused(server, tmp_path, run, years=[1990])


def test_empty_and_withdrawn_stores_are_refused(server, tmp_path):
    assert "empty or has been withdrawn" in refused(server, tmp_path)


def test_a_damaged_chunk_is_refused(server, tmp_path):
    server.add(PATH, cmip6_run("pr", YEAR, "noleap"), {"time": CHUNK})
    server.fail(f"{PATH}/pr/1.0.0", Fault(cut_at=500))
    assert fetched(server, tmp_path / "once")["pr"].sizes["time"] == 365
    server.files[f"{PATH}/pr/1.0.0"] = server.files[f"{PATH}/pr/1.0.0"][:500]
    assert "truncated" in refused(server, tmp_path)


def test_the_frozen_selection_is_in_the_request(server):
    keys = request(server).model_dump(exclude={"stores", "url"}) | {"years": ["1979-1982", 1990]}
    frozen = checked(Cmip6, keys, Path("region.yaml"))
    assert frozen.parts() == ("pr_1979-1980", "pr_1981-1982", "pr_1990")
    assert frozen.years_of("pr_1981-1982") == (1981, 1982)
    assert frozen.store_of("pr").endswith("/historical/r1i1p1f1/day/pr/gn/v20190710/")
    part = frozen.of_part("pr_1990")
    assert checked(Cmip6, json.loads(part.model_dump_json()), Path("request")) == part


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"model": "MPI-ESM1-2-XR"}, "did you mean 'MPI-ESM1-2-HR'"),
        ({"experiment": "ssp126"}, "'ssp126' does not exist"),
        ({"variables": ["prw"]}, "no store of prw"),
        ({"years": [2015]}, "historical ends in 2014"),
    ],
)
def test_runs_that_are_not_selected_are_refused(server, keys, words):
    entries = request(server).model_dump(exclude={"stores"}) | keys
    with pytest.raises(UserError, match=words):
        checked(Cmip6, entries, Path("region.yaml"))


HINDCASTS = "s1960-r2i1p1f1_gn_19601101-19701231", "s1961-r6i2p1f1_gr_19620101-19621231"
FILES = {
    "standard": (f"pr_day_MPI-ESM1-2-HR_dcppA-hindcast_{HINDCASTS[0]}.nc", "pr", 1961, 0),
    "proleptic_gregorian": (f"pr_day_EC-Earth3_dcppA-hindcast_{HINDCASTS[1]}.nc", "pr", 1962, 0),
    "noleap": (
        "tas_day_CESM2-WACCM_historical_r1i1p1f1_gn_20000101-20091231.nc",
        "tas",
        2001,
        300,
    ),
    "360_day": (
        "tasmin_day_HadGEM3-GC31-MM_dcppA-hindcast_s1960-r2i1p1f2_gn_19610101-19611230.nc",
        "tasmin",
        1961,
        0,
    ),
    "365_day": ("tiny_daily_pr.nc", "pr", 1990, 14500),
}
"""File, variable, a year of it, and the first day that is published."""


@pytest.mark.skipif(not DIALECTS.is_dir(), reason=f"no files in {DIALECTS}")
@pytest.mark.parametrize("calendar", FILES)
def test_files_of_the_archive_are_read_from_a_store(server, tmp_path, calendar):
    file, variable, year, first = FILES[calendar]
    with xr.open_dataset(DIALECTS / file, decode_cf=False) as archive:
        raw = archive.isel(time=slice(first, first + 500)).load().drop_encoding()
    raw.attrs = {}
    server.add(PATH, raw, {"time": CHUNK})
    lat, lon = raw["lat"].values, raw["lon"].values
    bounds = {"south": lat.min(), "north": lat.max() + 0.01, "west": lon.min(), "east": lon.max()}
    keys = {"variables": [variable], "years": [year], "stores": {variable: STORE}}
    result = fetched(server, tmp_path, **keys, bounds=bounds)[variable]
    assert result.sizes["time"] == (360 if calendar == "360_day" else 365)
    assert str(result["time"].values[0])[:10] == f"{year}-01-01"
    mean = {"pr": (0.0, 20.0)}.get(variable, (200.0, 310.0))
    assert mean[0] < float(result.mean()) < mean[1]
