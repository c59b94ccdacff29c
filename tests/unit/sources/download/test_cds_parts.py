"""Parts of downloads from the Climate Data Store: account, archives, vocabulary, real files."""

import io
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from downbench.core.calendar.daily_values import HOUR, daily
from downbench.core.config.downloads import cds, cds_daily, cerra, eobs
from downbench.core.config.downloads.bounds import Bounds
from downbench.core.errors import UserError
from downbench.sources.download import box
from downbench.sources.download.cerra import CERRA
from downbench.sources.download.copernicus import blocks
from downbench.sources.download.copernicus.account import PUBLIC, account
from downbench.sources.download.copernicus.archive_variable import ArchiveVariable
from downbench.sources.download.copernicus.era5_variables import ERA5
from downbench.sources.download.copernicus.expver import versions
from downbench.sources.download.copernicus.fields import field
from downbench.sources.download.copernicus.lead_times import Negative, rain_between
from downbench.sources.download.copernicus.unpacking import netcdf_files
from downbench.sources.download.eobs import EOBS
from servers import cds_fields
from servers.cds import KEY

DIALECTS = Path(__file__).parents[5] / "shared" / "data" / "dialects"
real = pytest.mark.skipif(not DIALECTS.is_dir(), reason="shared/data is absent")
MOROCCO = DIALECTS / "era5_cds_morocco_tp_data_stream-oper_stepType-accum.nc"
LEVELS = DIALECTS / "era5_cds_pressure_levels_data_for_weather_reanalysis.nc"


@pytest.mark.parametrize(
    ("vocabulary", "section"),
    [
        (ERA5, cds.DOWNLOAD), (ERA5, cds_daily.DOWNLOAD), (CERRA, cerra.DOWNLOAD),
        (EOBS, eobs.DOWNLOAD),
    ],
)  # fmt: skip
def test_vocabularies_hold_what_the_configuration_offers(vocabulary, section):
    assert set(section.offered) == set(vocabulary)


def rc(folder: Path, text: str) -> str:
    file = folder / "cdsapirc"
    file.write_text(text)
    return str(file)


@pytest.fixture
def environment(monkeypatch, tmp_path):
    for name in ("CDSAPI_URL", "CDSAPI_KEY"):
        monkeypatch.delenv(name, raising=False)

    def write(text: str) -> None:
        monkeypatch.setenv("CDSAPI_RC", rc(tmp_path, text))

    return write


def test_accounts_are_those_of_cdsapi(environment, monkeypatch):
    environment(f"url: {PUBLIC}\nkey: {KEY}\n")
    assert (account().url, account().key) == (PUBLIC, KEY)
    assert KEY not in repr(account())
    monkeypatch.setenv("CDSAPI_URL", "https://mirror.example/api")
    monkeypatch.setenv("CDSAPI_KEY", "other")
    assert (account().url, account().key) == ("https://mirror.example/api", "other")


def test_keys_go_to_their_own_store(environment, monkeypatch):
    environment("")
    monkeypatch.setenv("CDSAPI_KEY", KEY)
    with pytest.raises(UserError, match="is for cds.climate.*asks mirror.example") as caught:
        account("https://mirror.example/api")
    assert KEY not in str(caught.value)
    monkeypatch.setenv("CDSAPI_URL", "https://mirror.example/api")
    assert account("https://mirror.example/api").key == KEY
    with pytest.raises(UserError, match="is for mirror.example"):
        account(PUBLIC)
    assert account("http://127.0.0.1:80/api").key == KEY


@pytest.mark.parametrize(
    ("text", "url", "words"),
    [
        ("", None, "no key of the Climate Data Store: register"),
        (f"url: {PUBLIC}\nkey: 12345:{KEY}", None, "UID:key of the old service"),
        (f"url: {PUBLIC}/v2\nkey: {KEY}", None, "closed in 2024"),
        (f"url: http://cds.example/api\nkey: {KEY}", None, "https alone"),
        (f"url: https://ads.example/api\nkey: {KEY}", PUBLIC, "its key is for ads.example"),
        (f"key: {KEY}", "https://ads.example/api", "its key is for cds.climate"),
        (f"url: {PUBLIC}\nkey: {KEY} x", None, "blanks"),
    ],
)
def test_wrong_accounts_are_refused_without_the_key(environment, text, url, words):
    environment(text)
    with pytest.raises(UserError, match=words) as caught:
        account(url)
    assert KEY not in str(caught.value)


def zipped(folder: Path, *members: tuple[str, bytes]) -> Path:
    path = folder / "delivery.data"
    path.write_bytes(cds_fields.zipped(members))
    return path


def test_instantaneous_and_accumulated_variables_come_as_one_delivery(tmp_path):
    inputs = {
        "variable": ["2m_temperature", "total_precipitation"], "year": ["2001"], "month": ["01"],
        "day": ["01"], "time": ["00:00", "01:00"], "area": [46.0, 7.0, 45.5, 7.5],
    }  # fmt: skip
    kinds = cds_fields.era5(inputs, lambda stamps: np.full(stamps.shape, "0001"))
    files = [(f"data_{i}.nc", cds_fields.netcdf(kind)) for i, kind in enumerate(kinds)]
    path = zipped(tmp_path, *files)
    for name, low, high in (("tas", 230, 330), ("pr", 0, 0.1)):
        values = field([path], ERA5[name], None, "test")
        assert values.dims == ("time", "lat", "lon") and values.sizes["time"] == 2
        assert low <= float(values.min()) <= float(values.max()) <= high


def test_all_members_of_a_delivery_are_read(tmp_path):
    inputs = {
        "variable": ["2m_temperature"], "year": ["2001"], "day": ["01"], "time": ["00:00"],
        "area": [46.0, 7.0, 45.5, 7.5],
    }  # fmt: skip
    files = []
    for month, code in (("02", "0005"), ("01", "0001")):
        (content,) = cds_fields.era5({**inputs, "month": [month]}, lambda stamps: [code])  # noqa: B023
        files.append((f"{month}.nc", cds_fields.netcdf(content)))
    values = field([zipped(tmp_path, *files)], ERA5["tas"], None, "test")
    assert [str(time)[:7] for time in values["time"].values] == ["2001-01", "2001-02"]
    assert values["expver"].values.tolist() == ["0001", "0005"]


def packed(values: np.ndarray, step: float) -> xr.DataArray:
    """Return sums as packing in integers leaves them, (time, x)."""
    rounded = np.round(values / step).astype("float32") * np.float32(step)
    return xr.DataArray(rounded, dims=("time", "x")).chunk(time=1)


def test_negative_differences_of_packed_sums_are_clipped_and_counted():
    early, late = np.full((2, 50), 3.07), np.full((2, 50), 3.07)
    late[1] += np.linspace(0, 20, 50)
    early, late = packed(early, 0.1), packed(late, 0.3)
    assert float((late - early).min()) < -0.05
    negative = Negative()
    rain = rain_between(early, late, negative).compute()
    assert rain.dtype == "float32" and float(rain.min()) == 0.0
    assert float(rain.max()) == pytest.approx(20.0, abs=0.2)
    assert negative.report("test") == {
        "negative_differences": "51 set to zero, sum -5.1 mm, least -0.1 mm"
    }
    rain_between(late, early, negative).compute()
    with pytest.raises(UserError, match="fall by up to 20 mm, at most 0.5"):
        negative.report("test")


def test_large_fields_are_made_in_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "IN_MEMORY_BYTES", 100)
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 150)
    values = xr.DataArray(
        np.arange(80.0).reshape(20, 4), {"time": np.arange(20)}, ("time", "x"), name="pr"
    )
    sizes = []

    def convert(block: xr.DataArray) -> xr.DataArray:
        sizes.append(block.sizes["time"])
        return block.compute() + 1

    result = blocks.by_blocks(values.chunk(time=3), convert, tmp_path)
    assert sizes == [6, 6, 8] and result.chunks is not None
    np.testing.assert_array_equal(result, values + 1)


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.nc", bytes(20 << 20))
    return buffer.getvalue()


def packed_zeros() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        info = tarfile.TarInfo("a.nc")
        info.size = 20 << 20
        archive.addfile(info, io.BytesIO(bytes(info.size)))
    return buffer.getvalue()


def linked() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        link = tarfile.TarInfo("a.nc")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (cds_fields.zipped([("../../a.nc", b"CDF")]), "leads outside"),
        (cds_fields.zipped([("/tmp/a.nc", b"CDF")]), "leads outside"),
        (cds_fields.zipped([(f"{i}.nc", b"") for i in range(70)]), "70 files of 0 bytes"),
        (cds_fields.zipped([("a.txt", b"hello")]), "no NetCDF file in the archive"),
        (bomb(), "1 files of 20971520 bytes"),
        (packed_zeros(), "1 files of 20971520 bytes"),
        (linked(), "no NetCDF file in the archive"),
        (cds_fields.zipped([("a.nc", bytes(500))])[:-30], "damaged"),
        (b"hello", "neither NetCDF nor an archive"),
    ],
    # Packed bytes hold the time: names from them would differ between processes of one run.
    ids=["above", "absolute", "many", "text", "bomb", "zeros", "link", "damaged", "no archive"],
)
def test_archives_are_not_trusted(tmp_path, body, words):
    path = tmp_path / "delivery.data"
    path.write_bytes(body)
    with pytest.raises(UserError, match=words):
        netcdf_files(path)
    assert {file.name for file in tmp_path.iterdir()} <= {path.name}


def test_tar_archives_are_read(tmp_path):
    path = tmp_path / "delivery.data"
    with tarfile.open(path, mode="w:gz") as archive:
        info = tarfile.TarInfo("folder/rr.nc")
        info.size = 3
        archive.addfile(info, io.BytesIO(b"CDF"))
    (file,) = netcdf_files(path)
    assert file.read_bytes() == b"CDF" and file.parent == tmp_path


def test_boxes_keep_a_cell_around_them():
    lat, lon = np.arange(50.0, 40.0, -0.5), np.arange(0.0, 360.0, 0.5)
    grid = xr.DataArray(np.zeros((20, 720)), {"lat": lat, "lon": lon}, ("lat", "lon"))
    part = box.cut(grid, Bounds(south=43, north=45, west=-1, east=1), "grid")
    assert part["lat"].values.tolist() == [45.5, 45.0, 44.5, 44.0, 43.5, 43.0, 42.5]
    assert part["lon"].values.tolist() == [-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5]
    with pytest.raises(UserError, match="does not cover the box"):
        box.cut(grid, Bounds(south=39, north=45, west=-1, east=1), "grid")


def forecasts(form: str) -> xr.Dataset:
    """Return rain after 12 hours of two forecasts, as converters have written it."""
    starts, grid = (
        np.array(["2001-01-01T00", "2001-01-01T12"], "M8[ns]"),
        {"y": [0, 1], "x": [0, 1]},
    )
    lat, lon = np.meshgrid([45.0, 46.0], [7.0, 8.0], indexing="ij")
    places = {"latitude": (("y", "x"), lat), "longitude": (("y", "x"), lon)}
    rain = xr.DataArray(
        np.ones((2, 2, 2)),
        {"valid_time": starts + 12 * HOUR, **grid, **places},
        ("valid_time", "y", "x"),
        attrs={"units": "kg m**-2"},
    )
    if form == "start":
        dim = "time"
        rain = rain.rename(valid_time=dim).assign_coords(valid_time=(dim, starts + 12 * HOUR))
        rain = rain.assign_coords({dim: starts, "step": 12})
    if form == "start and period":
        dim = "forecast_reference_time"
        rain = (
            rain.rename(valid_time=dim)
            .assign_coords({dim: starts})
            .expand_dims(forecast_period=[12.0], axis=1)
        )
        ends = ((dim, "forecast_period"), (starts + 12 * HOUR)[:, None])
        rain = rain.assign_coords(valid_time=ends)
    return rain.drop_vars(["y", "x"]).to_dataset(name="tp")


@pytest.mark.parametrize("form", ["end", "start", "start and period"])
def test_forecasts_are_on_the_times_that_they_hold_for(tmp_path, form):
    path = tmp_path / "forecasts.nc"
    forecasts(form).to_netcdf(path, engine="netcdf4")
    rain = field([path], CERRA["pr"], None, "test")
    assert rain.dims == ("time", "y", "x") and rain["lat"].dims == ("y", "x")
    assert [str(time)[:13] for time in rain["time"].values] == ["2001-01-01T12", "2001-01-02T00"]


@real
def test_real_accumulations_are_read_and_are_no_days():
    rain = field([MOROCCO], ERA5["pr"], None, "Morocco")
    assert rain.shape == (366, 61, 65) and versions(rain, "refuse", "")["expver"] == "0001"
    assert str(rain["time"].values[0])[:16] == "2024-01-01T12:00"
    days = np.array(["2024-01-01"], "M8[ns]")
    with pytest.raises(UserError, match="23 of 24 times are not in the files"):
        daily(rain, "sum", days, accumulated=True, label="Morocco")


@real
@pytest.mark.parametrize("name", ["zg500", "ta850", "orog"])
def test_real_levels_are_found(name):
    row = ERA5[name]
    present = xr.open_dataset(LEVELS)["pressure_level"].values.tolist()
    if row.level_hpa in present:
        values = field([LEVELS], row, None, "levels")
        assert values.dims == ("time", "lat", "lon") and values.sizes["time"] == 270
        np.testing.assert_array_equal(
            values.isel(time=5), xr.open_dataset(LEVELS)[row.short].isel(valid_time=5).sel(
                pressure_level=row.level_hpa
            ),
        )  # fmt: skip
    else:
        with pytest.raises(UserError, match="lacks the level"):
            field([LEVELS], row, None, "levels")


@real
def test_the_two_halves_of_a_real_delivery_are_one(tmp_path):
    halves = [
        DIALECTS / f"era5_cds_data_stream-oper_stepType-{k}.nc" for k in ("accum", "instant")
    ]
    path = zipped(tmp_path, *((file.name, file.read_bytes()) for file in halves))
    sea = field([path], ArchiveVariable("sea_surface_temperature", "sst", "K"), None, "sea")
    sun = field([path], ArchiveVariable("net_solar", "ssr", "J m**-2"), None, "sun")
    assert sea.shape == sun.shape == (600, 5, 5)
    with pytest.raises(UserError, match="did not come .tp is not among slhf.*sst"):
        field([path], ERA5["pr"], None, "rain")
