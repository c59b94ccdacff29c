"""Daily values of the hourly ERA5 store, from a server that is complete, or fails in many ways."""

import json

import numpy as np
import pytest

from downbench.core.config.downloads.arco import Arco
from downbench.core.config.messages import checked
from downbench.core.errors import UserError
from downbench.sources.download import arco
from servers.server import LOGIN, Fault
from servers.zarr_store import ZarrServer, era5_hours

PATH, DAY = "/ar/era5.zarr", np.timedelta64(1, "D")
DAYS = np.arange(np.datetime64("2001-03-02"), np.datetime64("2001-03-04"))
RAIN, WARM = f"{PATH}/total_precipitation", f"{PATH}/2m_temperature"
FIRST_HOUR = 24
"""Position of the first hour of the days that are asked for."""

HOURS = era5_hours("2001-03-01", 24 * 5, "2001-03-04")


@pytest.fixture(scope="module")
def objects():
    with ZarrServer() as server:
        server.add(PATH, HOURS, {"time": 1})
    return server.files


@pytest.fixture
def server(objects):
    with ZarrServer(objects) as running:
        yield running


def request(server, **keys) -> Arco:
    entries = {
        "provider": "arco",
        "dataset": "era5",
        "variables": ["pr", "tasmax"],
        "years": [2001],
        "bounds": {"south": 40, "north": 60, "west": -20, "east": 20},
        "url": f"{server.url}{PATH}",
        "accept_gigabytes": 200,
    }
    return Arco(**(entries | keys))


def daily(server, folder, name: str = "pr", days: np.ndarray = DAYS[:1]):
    return arco.daily(request(server), name, days, folder, pauses=(0.0,))


def refused(server, folder, name: str = "pr", days: np.ndarray = DAYS[:1]) -> str:
    with pytest.raises(UserError) as error:
        daily(server, folder, name, days)
    message = str(error.value)
    assert f"{server.url}{PATH}" in message
    return message


def test_rain_is_the_sum_of_the_hours_before_their_stamps(server, tmp_path):
    result = daily(server, tmp_path)["pr"]
    hourly = HOURS["total_precipitation"].values[FIRST_HOUR + 1 :]
    cell = hourly[:24, 3, 1].sum(keepdims=True) * 1000.0
    np.testing.assert_allclose(result.sel(lat=45.0, lon=15.0), cell, rtol=1e-5)
    assert list(result["time"].values) == [DAYS[0]]
    assert result.attrs["units"] == "mm day-1"


def test_planted_hours_are_on_their_days(server, tmp_path):
    planted = HOURS[["total_precipitation"]].copy(deep=True) * 0
    planted["total_precipitation"].attrs = HOURS["total_precipitation"].attrs
    planted["total_precipitation"][FIRST_HOUR + 24] = 0.05  # stamped 3 March, 00 UTC
    planted["total_precipitation"][FIRST_HOUR + 25] = 0.1
    server.add(PATH, planted.assign_attrs(HOURS.attrs), {"time": 1})
    result = daily(server, tmp_path, days=DAYS)["pr"]
    np.testing.assert_allclose(result.isel(time=0), 50.0, rtol=1e-5)
    np.testing.assert_allclose(result.isel(time=1), 100.0, rtol=1e-5)


def test_temperature_is_the_maximum_of_the_hours_of_the_day(server, tmp_path):
    result = daily(server, tmp_path, "tasmax")
    assert float(result["tasmax"].min()) == pytest.approx(290.0)
    assert "maximum of 24" in result.attrs["accumulation_window"]


def test_levels_are_heights(server, tmp_path):
    result = daily(server, tmp_path, "zg500")["zg500"]
    np.testing.assert_allclose(result, 55000.0 / 9.80665, rtol=1e-6)


def test_the_box_has_a_margin_and_each_chunk_is_read_once(server, tmp_path):
    result = daily(server, tmp_path)["pr"]
    assert result["lat"].values.tolist() == [75.0, 60.0, 45.0, 30.0]
    assert result["lon"].values.tolist() == [-30.0, -15.0, 0.0, 15.0, 30.0]
    chunks = [r.path for r in server.requests if r.path.endswith(".0.0")]
    assert len(chunks) == len(set(chunks)) == 24


def test_an_absent_hour_is_named(server, tmp_path):
    del server.files[f"{RAIN}/30.0.0"]
    message = refused(server, tmp_path)
    assert "total_precipitation" in message
    assert "2001-03-02T06:00" in message


def test_missing_values_are_named(server, tmp_path):
    incomplete = HOURS[["2m_temperature"]].copy(deep=True)
    incomplete["2m_temperature"][31, 3, 1] = np.nan
    server.add(PATH, incomplete, {"time": 1})
    assert "2001-03-02T07:00" in refused(server, tmp_path, "tasmax")


def test_a_truncated_chunk_is_named(server, tmp_path):
    server.files[f"{WARM}/40.0.0"] = server.files[f"{WARM}/40.0.0"][:-7]
    message = refused(server, tmp_path, "tasmax")
    assert "truncated" in message
    assert "2001-03-02T16:00" in message


def test_a_changed_byte_is_named(server, tmp_path):
    server.fail(f"{RAIN}/30.0.0", Fault(flip_at=200), times=2)
    message = refused(server, tmp_path)
    assert "checksum" in message
    assert "2001-03-02T06:00" in message


def test_a_store_that_is_not_public_is_refused(server, tmp_path):
    server.fail(f"{PATH}/.zmetadata", Fault(status=403, body=b"no permission"))
    message = refused(server, tmp_path)
    assert "403" in message
    assert "public" in message


@pytest.mark.parametrize(
    "fault",
    [
        Fault(cut_at=40),
        Fault(flip_at=40),
        Fault(status=503),
        Fault(status=429, headers={"Retry-After": "0"}),
    ],
)
def test_what_passes_is_tried_again(server, tmp_path, fault):
    server.fail(f"{RAIN}/30.0.0", fault)
    assert daily(server, tmp_path)["pr"].sizes["time"] == 1


def test_days_that_are_there_are_not_fetched_again(server, tmp_path):
    chunk = server.files.pop(f"{RAIN}/60.0.0")
    refused(server, tmp_path, days=DAYS)
    server.files[f"{RAIN}/60.0.0"] = chunk
    server.requests.clear()
    assert daily(server, tmp_path, days=DAYS)["pr"].sizes["time"] == 2
    assert not server.asked(f"{RAIN}/30.0.0")
    assert server.asked(f"{RAIN}/60.0.0")


def test_days_without_final_data_are_refused(server, tmp_path):
    later = refused(server, tmp_path, days=DAYS[1:] + 1)
    assert "final data are from 2001-03-01 to 2001-03-04" in later
    assert "2026-11-20" in later
    assert daily(server, tmp_path, "tasmax", DAYS[1:] + 1)["tasmax"].sizes["time"] == 1


def test_other_units_are_refused(server, tmp_path):
    server.edit(PATH, "total_precipitation/.zattrs", units="mm")
    assert "'mm', not 'm'" in refused(server, tmp_path)


def test_a_vanished_store_is_refused(server, tmp_path):
    server.files.clear()
    assert "withdrawn" in refused(server, tmp_path)


def test_a_login_page_is_refused(server, tmp_path):
    server.fail(f"{PATH}/.zmetadata", Fault(body=LOGIN, headers={"x-goog-hash": ""}))
    assert "no consolidated metadata" in refused(server, tmp_path)


def test_outdated_metadata_are_refused(server, tmp_path):
    array = json.loads(server.files[f"{RAIN}/.zarray"])
    array["shape"][0] += 24
    server.files[f"{RAIN}/.zarray"] = json.dumps(array).encode()
    assert "is being updated" in refused(server, tmp_path)


@pytest.mark.parametrize(
    "entries", [{"dtype": "|O"}, {"filters": [{"id": "pickle"}]}, {"chunks": [4000, 4000, 4000]}]
)
def test_pickles_and_large_chunks_are_refused(server, tmp_path, entries):
    server.edit(PATH, "total_precipitation/.zarray", **entries)
    assert "choose" in refused(server, tmp_path)


def test_a_year_needs_consent(server):
    keys = request(server).model_dump() | {"accept_gigabytes": 10}
    with pytest.raises(UserError, match="accept_gigabytes: 73"):
        checked(Arco, keys, "region.yaml")
    assert request(server).estimate().requests == 2 * 8760


def test_a_part_is_a_year(server, tmp_path, monkeypatch):
    monkeypatch.setattr(arco, "daily", lambda _, name, days, *__: (name, days))
    asked = request(server, years=[2000, 2003]).of_part("tasmax_2000")
    name, days = arco.fetch(asked, "tasmax_2000", tmp_path)
    assert name == "tasmax"
    assert (days.size, str(days[0]), str(days[-1])) == (366, "2000-01-01", "2000-12-31")
    later = request(server, years=[2000, 2003], accept_gigabytes=500)
    assert later.of_part("tasmax_2000") == asked
