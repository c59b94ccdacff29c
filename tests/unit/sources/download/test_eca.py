"""Provider `eca` against a server of its dialect."""

import numpy as np
import pytest

from downbench.core.config.downloads.registry import PROVIDERS
from downbench.core.errors import UserError
from downbench.sources.download import checking, eca, eca_text
from servers import eca as service
from servers.server import LOGIN, Fault, Server

BOX = {"south": 45, "north": 48, "west": 8, "east": 17}
DATES = [str(day).replace("-", "") for day in np.arange("2001-01-01", "2002-01-01", dtype="M8[D]")]
STATIONS = (
    service.listed(12, "LUGANO, TI", "+46:00:00", "+008:58:00", 300)
    + service.listed(15, "GRAZ", "+47:04:48", "+015:27:00", 366)
    + service.listed(16, "SEVILLA", "+37:25:00", "-005:52:45", 34)
)
ROWS = [(date, i % 90, 0) for i, date in enumerate(DATES)]
NONE = (0.0,)


def server(rain=None, stations=STATIONS) -> Server:
    texts = {12: service.series("RR", ROWS) if rain is None else rain}
    texts |= {number: service.series("RR", ROWS[:360]) for number in (15, 16)}
    heat = {n: service.series("TX", ROWS, "0.1 &#176;C") for n in (12, 15, 16)}
    return Server(
        {
            "/ECA_blend_rr.zip": service.archive("RR", stations, texts),
            "/ECA_blend_tx.zip": service.archive("TX", stations, heat),
        }
    )


def request(url: str, **keys):
    section = {"provider": "eca", "dataset": "eca-d", "variables": ["pr", "tasmax"]}
    return PROVIDERS["eca"](**section | {"years": [2001], "bounds": BOX, "url": url} | keys)


def fetched(running, folder, **keys):
    return eca.fetch(request(running.url, **keys), "stations", folder, NONE)


def test_stations_values_and_checks(tmp_path):
    with server() as running:
        dataset = fetched(running, tmp_path)
    counts = np.array([row[1] for row in ROWS])
    np.testing.assert_allclose(dataset["pr"].values[:, 0], counts / 10, rtol=1e-6)
    np.testing.assert_allclose(dataset["tasmax"].values[:, 1], counts / 10 + 273.15, rtol=1e-6)
    assert np.isnan(dataset["pr"].values[360:, 1]).all()
    assert list(dataset["name"].values) == ["LUGANO, TI (000012)", "GRAZ (000015)"]
    np.testing.assert_allclose(dataset["lat"].values, [46.0, 47.08])
    np.testing.assert_allclose(dataset["lon"].values, [8 + 58 / 60, 15.45])
    checking.require(
        dataset.assign_attrs(dataset="x", retrieved="x"), request(running.url), "stations"
    )


def test_a_western_longitude(tmp_path):
    box = {"south": 37, "north": 38, "west": -6, "east": -5}
    with server() as running:
        dataset = fetched(running, tmp_path, bounds=box)
    np.testing.assert_allclose(dataset["lon"].values, [-5.879167], rtol=1e-6)


def test_only_valid_values_are_kept():
    codes = [("20010101", 12, 0), ("20010102", 999, 1), ("20010103", -9999, 9)]
    codes += [("20010104", -9999, 0), ("20010105", 5, 2)]
    days = np.arange("2001-01-01", "2001-01-07", dtype="M8[D]")
    values = eca_text.values(service.series("RR", codes), "rr", "mm", days, "x")
    np.testing.assert_array_equal(values, [1.2, np.nan, np.nan, np.nan, np.nan, np.nan])


@pytest.mark.parametrize(
    ("rain", "message"),
    [
        (service.series("RR", ROWS, "mm"), "states no 0.1 mm"),
        (service.series("RR", [*ROWS, ROWS[0]]), "comes twice"),
        (service.series("RR", [("20010231", 1, 0), *ROWS[1:]]), "no date"),
        (service.series("TX", ROWS), "columns are"),
        ("<p>busy</p>", "no file of ECA&D"),
    ],
)
def test_other_content_is_refused(tmp_path, rain, message):
    with server(rain) as running, pytest.raises(UserError, match=message):
        fetched(running, tmp_path)


@pytest.mark.parametrize(
    "stations", ["12,LUGANO\n", service.listed(12, "LUGANO", "46.0", "8.9", 300)]
)
def test_a_list_in_another_form_is_refused(tmp_path, stations):
    with server(stations=stations) as running, pytest.raises(UserError, match="no station in"):
        fetched(running, tmp_path)


def test_faults_of_the_server(tmp_path):
    path = "/ECA_blend_rr.zip"
    with server() as running:
        running.fail(path, Fault(body=LOGIN))
        with pytest.raises(UserError, match="web page"):
            fetched(running, tmp_path)
        running.fail(path, Fault(cut_at=1000))
        fetched(running, tmp_path)
        assert "range" in running.asked(path)[-1].headers
