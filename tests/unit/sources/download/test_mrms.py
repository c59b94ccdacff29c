"""Provider `mrms` against a bucket; GRIB itself where eccodes is installed."""

import gzip
import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from downbench.core.config.downloads.registry import PROVIDERS
from downbench.core.errors import UserError
from downbench.sources.download import mrms, mrms_listing
from servers.bucket import Bucket
from servers.server import LOGIN, Fault

DIALECTS = Path(__file__).parents[5] / "shared/data/dialects"
GUAM = DIALECTS / "MRMS_GUAM_MultiSensor_QPE_01H_Pass1_00.00_20220601-120000.grib2.gz"
DAYS = np.arange("2021-03-01", "2021-03-03", dtype="M8[D]")
LAT, LON = 40.0 - np.arange(12.0), 260.0 + np.arange(14.0)
BOX = {"south": 31.5, "north": 37.5, "west": -97.5, "east": -90.5}
NONE = (0.0,)
HAS_READER = find_spec("eccodes") is not None


def request(url: str, **keys):
    section = {"provider": "mrms", "dataset": "mrms", "variables": ["pr"], "years": [2021]}
    section["product"] = "MultiSensor_QPE_01H_Pass2"
    return PROVIDERS["mrms"](**section | {"bounds": BOX, "url": url} | keys)


def hours(first: int = 1, last: int = 48) -> np.ndarray:
    return DAYS[0].astype("M8[h]") + np.arange(first, last + 1) * mrms.HOUR


def objects(stamps: np.ndarray, **keys) -> dict[str, bytes]:
    """Files that hold only their time, for the reader below."""
    wish = request("", **keys)
    return {mrms.key_of(wish, s): gzip.compress(f"GRIB {s} 7777".encode()) for s in stamps}


@pytest.fixture
def reader(monkeypatch):
    """Instead of GRIB: the number of the hour, plus a hundredth of the row."""

    def read(file: Path, stamp: np.datetime64) -> xr.DataArray:
        assert str(stamp) in gzip.decompress(file.read_bytes()).decode()
        number = float((stamp - DAYS[0].astype("M8[h]")) / mrms.HOUR)
        values = np.repeat(number + np.arange(LAT.size)[:, None] / 100, LON.size, axis=1)
        values[5, 6] = np.nan if number == 3 else values[5, 6]
        return xr.DataArray(values, {"lat": LAT, "lon": LON}, ("lat", "lon"))

    monkeypatch.setattr(mrms, "read", read)
    monkeypatch.setattr(mrms.grib_message, "reader", lambda: None)


def daily(running, folder, **keys):
    return mrms.daily(request(running.url, **keys), DAYS, folder, NONE)


def test_a_day_is_the_sum_of_the_hours_that_end_in_it(reader, tmp_path):
    """Hours 01 to 24: the stamp 00 UTC of the next day belongs to this one."""
    with Bucket(objects(hours())) as bucket:
        dataset = daily(bucket, tmp_path)
    rain = dataset["pr"].load()
    row = np.rint(LAT[0] - rain["lat"].values) / 100
    first, second = sum(range(1, 25)), sum(range(25, 49))
    np.testing.assert_allclose(rain.values[0, :, 0], first + 24 * row, rtol=1e-6)
    np.testing.assert_allclose(rain.values[1, :, 0], second + 24 * row, rtol=1e-6)
    assert np.isnan(rain.values[0]).sum() == 1 and np.isfinite(rain.values[1]).all()
    assert rain["lon"].min() == -98.0 and dataset.attrs["accumulation_window"] == "00-24 UTC"


def test_sums_of_24_hours_are_one_file_a_day(reader, tmp_path):
    product = {"product": "MultiSensor_QPE_24H_Pass2"}
    stamps = hours()[[23, 47]]
    with Bucket(objects(stamps, **product)) as bucket:
        rain = daily(bucket, tmp_path, **product)["pr"].load()
    assert rain.values[:, 0, 0] == pytest.approx([24.02, 48.02], abs=0.02)


def test_a_missing_hour_is_a_missing_day(reader, tmp_path, capsys):
    present = objects(np.delete(hours(), 10))
    with Bucket(present) as bucket:
        with pytest.raises(UserError, match="1 of 2 days are missing, the first 2021-03-01"):
            daily(bucket, tmp_path)
        dataset = daily(bucket, tmp_path, most_missing_share=0.5)
    assert [str(t)[:10] for t in dataset["time"].values] == ["2021-03-02"]
    assert dataset.attrs["missing_days"] == "2021-03-01"
    assert "20210301-110000" in capsys.readouterr().out


def test_a_day_without_a_value_is_a_missing_day(reader, tmp_path, monkeypatch):
    with_values = mrms.read

    def read(file, stamp):
        field = with_values(file, stamp)
        return field.where(stamp != DAYS[1].astype("M8[h]"))

    monkeypatch.setattr(mrms, "read", read)
    with Bucket(objects(hours())) as bucket:
        dataset = daily(bucket, tmp_path, most_missing_share=0.5)
    assert dataset.attrs["missing_days"] == "2021-03-01"


def test_an_empty_bucket(reader, tmp_path):
    with Bucket({}) as bucket, pytest.raises(UserError, match="has none of the days"):
        daily(bucket, tmp_path)


def test_faults(reader, tmp_path):
    product = {"product": "MultiSensor_QPE_24H_Pass2"}
    stored = objects(hours()[[23, 47]], **product)
    path = f"/{next(iter(stored))}"
    with Bucket(stored) as bucket:
        bucket.fail(path, Fault(cut_at=5))
        daily(bucket, tmp_path / "cut", **product)
        for fault, message in (
            (Fault(body=LOGIN), "answers with a web page: Login Sign in"),
            (Fault(body=b"short"), "answers with a message: short"),
            (Fault(body=b"\x1f\x8b" + bytes(9)), "has 11 bytes, the archive's record says"),
            (Fault(status=403, body=b"<Error/>"), "403"),
        ):
            bucket.fail(path, fault)
            with pytest.raises(UserError, match=message):
                daily(bucket, tmp_path / str(fault.status), **product)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (LOGIN, "web page"),
        (b"<Error><Code>NoSuchBucket</Code></Error>", "no listing"),
        (b"<ListBucketResult>", "no listing"),
        (
            b'<!DOCTYPE x [<!ENTITY a "aaaa">]><ListBucketResult>&a;</ListBucketResult>',
            "no listing",
        ),
    ],
)
def test_another_answer_than_a_listing(body, message):
    with Bucket({}) as bucket:
        bucket.fail("/", Fault(body=body))
        with pytest.raises(UserError, match=message):
            mrms_listing.sizes(bucket.url, "CONUS/product/", NONE)


def test_a_listing_in_pages():
    with Bucket(objects(hours()), page=7) as bucket:
        sizes = mrms_listing.sizes(bucket.url, "CONUS/MultiSensor_QPE_01H_Pass2_00.00/", NONE)
    assert len(sizes) == 48


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no gzip", "damaged"),
        (gzip.compress(b"GRIB" + bytes(9000) + b"7777")[:30], "damaged"),
        (gzip.compress(b"GRIB, cut"), "no complete GRIB"),
        (gzip.compress(b"GRIB" + bytes(20_000) + b"7777"), "unpacks to more"),
    ],
    # Packed bytes hold the time: names from them would differ between processes of one run.
    ids=["no gzip", "cut gzip", "cut GRIB", "large"],
)
def test_damaged_files(tmp_path, monkeypatch, content, message):
    monkeypatch.setattr(mrms, "LARGEST_GRIB", 10_000)
    file = tmp_path / "MRMS.grib2.gz"
    file.write_bytes(content)
    with pytest.raises(UserError, match=message):
        mrms._unpacked(file)


@pytest.mark.skipif(HAS_READER, reason="eccodes is installed")
def test_without_eccodes_the_package_is_named(tmp_path):
    with pytest.raises(UserError, match="GRIB needs eccodes: pip install eccodes"):
        mrms.daily(request("http://x"), DAYS, tmp_path, NONE)


@pytest.mark.skipif(not (HAS_READER and GUAM.exists()), reason="eccodes or real file absent")
def test_a_real_file(tmp_path):
    """-3 is without coverage; one hour that ends at the stamp."""
    file = Path(shutil.copy(GUAM, tmp_path))
    rain = mrms.read(file, np.datetime64("2022-06-01T12"))
    assert rain.shape == (1800, 2000) and int(rain.isnull().sum()) == 1_408_034
    assert float(rain.min()) == 0.0 and float(rain.max()) == pytest.approx(9.1)
    assert rain["lat"].values[[0, -1]] == pytest.approx([9.003, 17.998])
    assert rain["lon"].values[[0, -1]] == pytest.approx([140.003, 149.998], abs=1e-4)
    with pytest.raises(UserError, match="its time is 2022-06-01T12:00"):
        mrms.read(file, np.datetime64("2022-06-01T13"))
    message = gzip.decompress(file.read_bytes())
    file.write_bytes(gzip.compress(message[:9000] + message[-4:]))
    with pytest.raises(UserError, match=r"no GRIB message|damaged"):
        mrms.read(file, np.datetime64("2022-06-01T12"))
