"""Provider `prism` against a server of its dialect, and on two real archives."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from downbench.core.config.downloads.registry import PROVIDERS
from downbench.core.errors import UserError
from downbench.sources.download import prism
from downbench.sources.download.band_interleaved import grid
from servers import prism as service
from servers.server import LOGIN, Fault

DIALECTS = Path(__file__).parents[5] / "shared/data/dialects"
DAYS = np.arange("2011-01-01", "2011-01-04", dtype="M8[D]")
STAMPS = ["20110101", "20110102", "20110103"]
SHAPE = (60, 80)
BOX = {"south": 48.1, "north": 49.1, "west": -124.1, "east": -123.1}
NONE = (0.0,)


def field(day: int, base: float = 0.0) -> np.ndarray:
    """Rain that grows by row, column and day; the first cells are missing."""
    row, column = np.mgrid[: SHAPE[0], : SHAPE[1]]
    values = (base + row + 0.01 * column + 0.1 * day).astype("f4")
    values[:3] = -9999
    return values


def archives(element="ppt", stamps=STAMPS, **members) -> dict:
    return {
        (element, stamp): service.archive(element, stamp, field(i), **members)
        for i, stamp in enumerate(stamps)
    }


@pytest.fixture
def server():
    with service.PrismServer(archives()) as running:
        yield running


def request(url: str, **keys):
    section = {"provider": "prism", "dataset": "prism", "variables": ["pr"], "years": [2011]}
    return PROVIDERS["prism"](**section | {"bounds": BOX, "url": url, "pause_s": 0} | keys)


def daily(server, folder, name="pr", pauses=NONE, **keys):
    return prism.daily(request(server.url, **keys), name, DAYS, folder, pauses)


def test_values_axes_units_and_attributes(server, tmp_path):
    dataset = daily(server, tmp_path)
    rain = dataset["pr"]
    assert rain.dims == ("time", "lat", "lon") and rain.attrs["units"] == "mm day-1"
    assert [str(t)[:10] for t in rain["time"].values] == list(map(str, DAYS))
    row = np.rint((service.NORTH - rain["lat"].values) / service.CELL)
    column = np.rint((rain["lon"].values - service.WEST) / service.CELL)
    known = row[None, :, None] + 0.01 * column + 0.1 * np.arange(3)[:, None, None]
    np.testing.assert_allclose(rain.values, known, rtol=1e-5)
    assert rain["lat"].min() < BOX["south"] and rain["lat"].max() > BOX["north"]
    assert rain.sizes["lat"] <= 24 + 3
    assert dataset.attrs["dataset_version"] == "D2"
    assert dataset.attrs["accumulation_window"] == "24 hours to 12 UTC of the day"
    assert (dataset.attrs["release"], dataset.attrs["release_date"]) == ("stable", "2019-10-21")


def test_missing_cells_are_missing(server, tmp_path):
    north = service.NORTH
    box = {"south": north - 1, "north": north - 0.06, "west": -124.5, "east": -123.5}
    rain = daily(server, tmp_path, bounds=box)["pr"]
    in_first_rows = rain["lat"] > north - 2.5 * service.CELL
    assert int(in_first_rows.sum()) > 0 and bool((rain.isnull() == in_first_rows).all())


def test_provisional_days_are_recorded(tmp_path):
    with service.PrismServer(archives(), {"2011-01-02": 3}) as server:
        assert daily(server, tmp_path).attrs["release"] == "provisional on 1 of 3 days"
    with service.PrismServer(archives()) as server:
        server.fail("/releaseDate/us/4km/ppt/20110101/20110103", Fault(status=404))
        attributes = daily(server, tmp_path / "again").attrs
        assert attributes["release"] == "not stated for 3 of 3 days"


def test_stamp_start_takes_the_file_of_the_next_day(tmp_path):
    stamps = ["20110102", "20110103", "20110104"]
    with service.PrismServer(archives("tmax", stamps)) as server:
        dataset = daily(server, tmp_path, "tasmax", variables=["tasmax"], stamp="start")
    assert str(dataset["time"].values[0])[:10] == "2011-01-01"
    assert float(dataset["tasmax"][1, 0, 0] - dataset["tasmax"][0, 0, 0]) == pytest.approx(
        0.1, 0.01
    )
    assert 273.15 < float(dataset["tasmax"].min()) < 340
    assert dataset.attrs["accumulation_window"] == "24 hours from 12 UTC of the day"


def test_days_that_are_there_are_not_fetched_again(server, tmp_path):
    server.fail("/us/4km/ppt/20110103", Fault(status=500))
    with pytest.raises(UserError, match="500"):
        daily(server, tmp_path, pauses=())
    daily(server, tmp_path)
    assert [server.served[f"/us/4km/ppt/{s}"] for s in STAMPS] == [1, 1, 2]


def test_the_third_download_of_a_file_is_explained(server, tmp_path):
    server.served["/us/4km/ppt/20110102"] = 2
    with pytest.raises(UserError, match=r"2011-01-02 is used up.*run the same command tomorrow"):
        daily(server, tmp_path)
    assert server.served["/us/4km/ppt/20110102"] == 3  # it is not asked again


def test_a_busy_service_is_asked_once_more_alone(server, tmp_path):
    server.fail("/us/4km/ppt/20110101", Fault(status=503), times=5)
    with pytest.raises(UserError, match="503"):
        daily(server, tmp_path, pauses=(0.0,) * 4)
    assert len(server.asked("/us/4km/ppt/20110101")) == 2


def test_an_archive_that_is_whole_is_kept(server, tmp_path):
    beyond = {"south": 48.1, "north": 49.1, "west": -124.1, "east": -70}
    with pytest.raises(UserError, match="does not cover"):
        daily(server, tmp_path, bounds=beyond)
    daily(server, tmp_path)
    assert server.served["/us/4km/ppt/20110101"] == 1
    assert not [*tmp_path.rglob("*.zip")]


def test_a_large_member_is_not_read(server, tmp_path, monkeypatch):
    monkeypatch.setattr(prism, "LARGEST_GRID", 19_199)
    with pytest.raises(UserError, match="unpacks to 19200 bytes, 19199 at most"):
        daily(server, tmp_path)


def test_another_pause_fetches_nothing_again(server, tmp_path):
    daily(server, tmp_path)
    daily(server, tmp_path, pause_s=0.001)
    assert [server.served[f"/us/4km/ppt/{s}"] for s in STAMPS] == [1, 1, 1]


def test_a_day_that_is_not_there_is_named(server, tmp_path):
    del server.archives["ppt", "20110102"]
    with pytest.raises(UserError, match="404.*no such grid: no grid for 2011-01-02; see https"):
        daily(server, tmp_path)


def test_a_blocked_address_is_no_missing_day(server, tmp_path):
    server.fail("/us/4km/ppt/20110101", Fault(403, {}, b"blocked"))
    with pytest.raises(UserError, match="403.*blocked") as refusal:
        daily(server, tmp_path)
    assert "no grid" not in str(refusal.value)


def test_a_page_is_no_archive(server, tmp_path):
    server.fail("/us/4km/ppt/20110101", Fault(body=LOGIN))
    with pytest.raises(UserError, match="web page.*no grid for 2011-01-01"):
        daily(server, tmp_path)


def test_a_broken_connection_is_resumed(server, tmp_path):
    server.fail("/us/4km/ppt/20110101", Fault(cut_at=3000))
    daily(server, tmp_path)
    assert "range" in server.asked("/us/4km/ppt/20110101")[1].headers


def flipped(packed: bytes) -> bytes:
    damaged = bytearray(packed)
    damaged[200] ^= 0xFF
    return bytes(damaged)


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("prism_ppt_us_25m_20110101.bil", bytes(65 << 20))
    return packed.getvalue()


def traversal() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        target.writestr("../prism_ppt_us_25m_20110101.bil", bytes(8))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("packed", "message"),
    [
        (lambda: service.archive("ppt", "20110102", field(1)), "not ppt of 20110101"),
        (lambda: service.archive("tmax", "20110101", field(1)), "not ppt of 20110101"),
        (lambda: service.archive("ppt", "20110101", field(1)[:-1], hdr=HEADER), "damaged"),
        (lambda: service.archive("ppt", "20110101", field(1), hdr=b""), "end with '.hdr'"),
        (lambda: service.archive("ppt", "20110101", field(1), hdr=b"NROWS 60\n"), "lacks 'NCOLS'"),
        (lambda: service.archive("ppt", "20110101", field(1), hdr=INTEGERS), "NBITS is 16"),
        (lambda: service.archive("ppt", "20110101", field(1), stx=b"1 0 9 4 2"), "statistics say"),
        (
            lambda: service.archive("ppt", "20110101", field(1, -50)),
            "negative in 676 of 2028",
        ),
        (lambda: flipped(service.archive("ppt", "20110101", field(1))), "damaged"),
        (bomb, "unpacks to 68157440 bytes"),
        (traversal, "leads outside"),
    ],
)
def test_other_content_is_refused(server, tmp_path, packed, message):
    server.archives["ppt", "20110101"] = packed()
    with pytest.raises(UserError, match=message):
        daily(server, tmp_path)
    assert not [*tmp_path.rglob("*.bil"), *tmp_path.rglob("*.zip")]


HEADER = service.HEADER.format(rows=60, columns=80, north=49.9, west=-125).encode()
INTEGERS = HEADER.replace(b"NBITS          32", b"NBITS          16")


def test_a_grid_that_changes_is_refused(server, tmp_path):
    moved = HEADER.replace(b"-125", b"-124.5")
    server.archives["ppt", "20110103"] = service.archive("ppt", "20110103", field(2), hdr=moved)
    with pytest.raises(UserError, match="the grid of 2011-01-03 differs"):
        daily(server, tmp_path)


def test_swapped_axes_are_refused(server, tmp_path):
    swapped = HEADER.replace(b"ULXMAP         -125", b"ULXMAP         49.9")
    swapped = swapped.replace(b"ULYMAP         49.9", b"ULYMAP         -125")
    server.archives["ppt", "20110101"] = service.archive("ppt", "20110101", field(0), hdr=swapped)
    with pytest.raises(UserError, match="does not cover the box"):
        daily(server, tmp_path)


def test_the_estimate_counts_a_request_per_day():
    estimate = request("https://x.org", variables=["pr", "tasmax"]).estimate()
    assert estimate.requests == 730


@pytest.mark.skipif(not DIALECTS.exists(), reason="real archives absent")
@pytest.mark.parametrize(
    ("name", "element", "stamp", "mean"),
    [
        ("PRISM_ppt_stable_4kmD2_20110101_bil.zip", "ppt", "20110101", 3.5645018364),
        ("PRISM_tmin_stable_4kmD2_20110615_bil.zip", "tmin", "20110615", None),
    ],
)
def test_real_archives(name, element, stamp, mean):
    """Their own statistics agree; the grid is that of PRISM."""
    real = prism.read(DIALECTS / name, element, stamp)
    assert real.shape == (621, 1405) and real.attrs["version"] == "D2"
    assert float(real["lat"][0]) == pytest.approx(service.NORTH)
    assert float(real["lon"][-1]) == pytest.approx(-66.5)
    if mean:
        assert float(real.mean(dtype="f8")) == pytest.approx(mean, rel=1e-6)


def test_big_endian_numbers():
    header = HEADER.decode().replace("BYTEORDER      I", "BYTEORDER      M")
    values = field(0)
    read = grid(header, values.astype(">f4").tobytes(), "x.bil")
    np.testing.assert_array_equal(read.values[3:], values[3:])
