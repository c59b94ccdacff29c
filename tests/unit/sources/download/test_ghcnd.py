"""Provider `ghcnd` against a server of its dialect, and on two real stations."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from downbench.core.config.downloads.registry import PROVIDERS
from downbench.core.config.downloads.resolution import resolved
from downbench.core.config.region.stations import StationFile
from downbench.core.errors import UserError
from downbench.sources.download import checking, ghcnd, ghcnd_text, stations
from downbench.sources.files import station_file
from downbench.steps import download
from servers import ghcnd as service
from servers.server import LOGIN, Fault

DIALECTS = Path(__file__).parents[5] / "shared/data/dialects"
HIGH, LOW, BARE = "SZ000009480", "AU000005901", "IT000016090"
BOX = {"south": 45, "north": 48, "west": 8, "east": 17}
DAYS = np.arange("2001-01-01", "2002-01-01", dtype="M8[D]")
RAIN = np.arange(365) % 97
HEAT = 100 + np.arange(365) % 50
STATIONS = (
    service.listed(HIGH, 46.0, 8.9667, 300.0, "LUGANO")
    + service.listed(LOW, 47.0, 16.35, 199.0, "GRAZ")
    + service.listed(BARE, 45.5, 9.0, -999.9, "NOWHERE")
    + service.listed("USW00094728", 40.8, -73.97, 40.0, "NEW YORK")
)
NONE = (0.0,)


def texts(station: str) -> str:
    return service.year(station, 2001, "PRCP", RAIN) + service.year(station, 2001, "TMAX", HEAT)


def server(files=None, stations=STATIONS, last=2010):
    ids = [line[:11] for line in stations.splitlines()]
    elements = ("PRCP", "TMAX")
    lines = [service.inventory(i, e, 1990, last) for i in ids for e in elements]
    files = {HIGH: texts(HIGH), LOW: texts(LOW)} if files is None else files
    return service.GhcndServer(stations, "".join(lines), files)


def request(url: str, **keys):
    section = {"provider": "ghcnd", "dataset": "ghcn-daily", "variables": ["pr", "tasmax"]}
    return PROVIDERS["ghcnd"](**section | {"years": [2001], "bounds": BOX, "url": url} | keys)


def fetched(running, folder, pauses=NONE, **keys):
    return ghcnd.fetch(request(running.url, **keys), "stations", folder, pauses)


def values(*slots: str) -> np.ndarray:
    line = service.month(HIGH, 2001, 1, "PRCP", dict(enumerate(slots, start=1)))
    return ghcnd_text.values(line, HIGH, {"pr": "PRCP"}, DAYS)["pr"][: len(slots)]


def test_stations_values_units_and_checks(tmp_path):
    with server() as running:
        dataset = fetched(running, tmp_path)
    assert dataset["pr"].dims == ("time", "station") and dataset["pr"].attrs["units"] == "mm day-1"
    np.testing.assert_allclose(dataset["pr"].values[:, 0], RAIN / 10, rtol=1e-6)
    np.testing.assert_allclose(dataset["tasmax"].values[:, 1], HEAT / 10 + 273.15, rtol=1e-6)
    assert list(dataset["name"].values) == [f"LUGANO ({HIGH})", f"GRAZ ({LOW})"]
    assert list(dataset["altitude"].values) == [300.0, 199.0]
    complete = dataset.assign_attrs(dataset="ghcn-daily", retrieved="2024-01-01")
    checking.require(complete, request(running.url), "stations")


def test_flags_traces_and_missing_values():
    """Failed checks and presumed zeros are missing; a trace is 0."""
    slots = ("  123  S", "    0T S", "  500 XS", "    0P S", "-9999   ", "   -1  S")
    np.testing.assert_array_equal(values(*slots), [12.3, 0.0, np.nan, np.nan, np.nan, -0.1])


def test_a_line_without_its_last_blanks():
    line = service.month(HIGH, 2001, 1, "PRCP", {1: "   10  S"}).rstrip() + "\n"
    assert ghcnd_text.values(line[:29], HIGH, {"pr": "PRCP"}, DAYS)["pr"][0] == 1.0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (service.month(LOW, 2001, 1, "PRCP", {}), "no line of this station"),
        ("<p>busy</p>\n", "no line of this station"),
        (2 * service.month(HIGH, 2001, 1, "PRCP", {}), "the month comes twice"),
        (service.month(HIGH, 2001, 2, "PRCP", {30: "   10  S"}), "after day 28 of that month"),
        (service.month(HIGH, 2001, 2, "PRCP", {3: " 1x0  S "}), "no value with flags"),
    ],
)
def test_other_lines_are_refused(text, message):
    with pytest.raises(UserError, match=message):
        ghcnd_text.values(text, HIGH, {"pr": "PRCP"}, DAYS)


def test_stations_outside_without_altitude_or_with_few_days_are_left_out(tmp_path):
    half = service.year(LOW, 2001, "PRCP", RAIN) + service.month(LOW, 2001, 1, "TMAX", {})
    with server({HIGH: texts(HIGH), LOW: half}) as running:
        assert fetched(running, tmp_path).sizes["station"] == 1
        assert fetched(running, tmp_path, variables=["pr"]).sizes["station"] == 2
        assert not running.asked(f"/all/{BARE}.dly")


def test_stations_whose_years_do_not_match_are_not_fetched(tmp_path):
    with server(last=2000) as running, pytest.raises(UserError, match="no station in the box"):
        fetched(running, tmp_path)
    assert len(running.requests) == 2


def test_too_many_stations_are_refused(tmp_path):
    with server() as running, pytest.raises(UserError, match="2 stations in the box"):
        fetched(running, tmp_path, most_stations=1)


def test_values_in_another_unit_are_refused(tmp_path):
    """Kelvin in place of tenths of degrees Celsius."""
    hot = service.year(HIGH, 2001, "PRCP", RAIN) + service.year(HIGH, 2001, "TMAX", HEAT + 2731)
    with server({HIGH: hot, LOW: texts(LOW)}) as running, pytest.raises(UserError, match="tasmax"):
        fetched(running, tmp_path)


def test_few_stations_with_faults_are_left_out(tmp_path, monkeypatch, capsys):
    hot = service.year(HIGH, 2001, "PRCP", RAIN) + service.year(HIGH, 2001, "TMAX", HEAT + 2731)
    with server({HIGH: hot, LOW: texts(LOW)}) as running:
        with pytest.raises(
            UserError, match=rf"1 of 2 stations.*\n.*{HIGH}: .*\n.*without: \[{HIGH}"
        ):
            fetched(running, tmp_path)
        assert list(fetched(running, tmp_path, without=[HIGH])["altitude"].values) == [199.0]
        monkeypatch.setattr(stations, "MOST_FAULTY_SHARE", 0.5)
        dataset = fetched(running, tmp_path)
    assert (
        dataset.attrs["stations_left_out"].startswith(f"{HIGH}: ")
        and dataset.sizes["station"] == 1
    )
    assert f"{HIGH}: ghcn-daily: tasmax" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("path", "fault", "message"),
    [
        ("/ghcnd-stations.txt", Fault(status=404), "404"),
        ("/ghcnd-stations.txt", Fault(body=LOGIN), "web page"),
        ("/ghcnd-inventory.txt", Fault(body=b"x" * 31 + b"PRCP ab\n"), "no years"),
        ("/ghcnd-stations.txt", Fault(body=b"SZ000009480 here\n"), "no station in 'SZ"),
        (f"/all/{LOW}.dly", Fault(body=LOGIN), "web page"),
        (f"/all/{LOW}.dly", Fault(status=403), "403"),
    ],
)
def test_faults(tmp_path, path, fault, message):
    with server() as running:
        running.fail(path, fault)
        with pytest.raises(UserError, match=message):
            fetched(running, tmp_path)


def test_what_is_there_is_not_fetched_again(tmp_path):
    with server() as running:
        running.fail(f"/all/{LOW}.dly", Fault(cut_at=5000))
        with pytest.raises(UserError, match="connection failed"):
            fetched(running, tmp_path, pauses=())
        fetched(running, tmp_path)
        assert len(running.asked(f"/all/{HIGH}.dly")) == 1
        assert "range" in running.asked(f"/all/{LOW}.dly")[-1].headers


@pytest.mark.skipif(not DIALECTS.exists(), reason="real stations absent")
def test_real_stations():
    """46 values of Prague carry a quality flag; slots that do not exist are empty."""
    text = (DIALECTS / "EZM00011518.dly").read_text("latin-1")
    days = np.arange("1940-01-01", "2018-01-01", dtype="M8[D]")
    elements = {"pr": "PRCP", "tasmax": "TMAX", "tasmin": "TMIN", "tas": "TAVG"}
    series = ghcnd_text.values(text, "EZM00011518", elements, days)
    both = np.isfinite(series["tasmax"]) & np.isfinite(series["tasmin"])
    assert both.sum() > 10_000
    assert (series["tasmax"] >= series["tasmin"])[both].all()
    assert np.nanmin(series["pr"]) == 0.0 and 30 < np.nanmax(series["pr"]) < 150
    flagged = sum(
        line[27 + 8 * day] != " " and line[17:21] in elements.values()
        for line in text.splitlines()
        for day in range(31)
        if line[21 + 8 * day : 26 + 8 * day] != "-9999"
    )
    filled = sum(
        line[17:21] in elements.values() and line[21 + 8 * day : 26 + 8 * day] != "-9999"
        for line in text.splitlines()
        for day in range(31)
    )
    assert sum(np.isfinite(s).sum() for s in series.values()) == filled - flagged
    assert 0 < flagged <= 46


def test_a_region_reads_the_stations_of_a_download(tmp_path):
    """The step writes them, and `stations.file.download` is the path of their file."""
    output = tmp_path / "alps/ghcnd/stations.nc"
    with server() as running:
        section = request(running.url)
        words = ["--request", section.model_dump_json(), "--part", "stations"]
        download.main([*words, "--output", str(output)])
    assert list(output.parent.iterdir()) == [output]
    names = {"names": "name", "altitude": "altitude", "fed_product": "all"}
    entry = {"download": "ghcnd", "variables": {"pr": {"variable": "pr"}}, **names}
    region = {"name": "alps", "stations": {"file": entry}}
    placed = resolved(region, {"ghcnd": section}, str(tmp_path), "data")["stations"]["file"]
    assert placed["path"] == [f"{tmp_path}/alps/ghcnd/stations.nc"]
    reading = SimpleNamespace(name="alps", data_dir="", origins={})
    stations = station_file.read(reading, StationFile(**placed))
    np.testing.assert_allclose(stations["pr"].values[:, 0], RAIN / 10, rtol=1e-6)
    assert list(stations["altitude"].values) == [300.0, 199.0]
    with pytest.raises(UserError, match=r"stations.file.download: .*lacks tas"):
        entry["variables"] = {"tas": {"variable": "tas"}}
        resolved(region, {"ghcnd": section}, str(tmp_path), "data")
