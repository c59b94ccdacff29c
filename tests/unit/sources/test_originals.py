"""Public originals of regions: each form, fetching and the files made of them."""

import csv
import gzip
import hashlib
import io
from functools import partial
from pathlib import Path

import netCDF4
import numpy as np
import pandas as pd
import pytest
import xarray as xr
import yaml
from PIL import Image

from downbench.core.config.loading import load
from downbench.core.config.originals import read_originals, regions
from downbench.core.errors import UserError
from downbench.sources.originals import conversion, fetching
from downbench.sources.originals.forms import altitude, climate4r, fmi, mch, mrms
from downbench.steps import fetch_originals
from servers.server import Fault, Server

ROOT = Path(__file__).parents[3]
PLACE = f"owner/name/{'a' * 40}"


def rda(path, data, places, **further):
    rdata = pytest.importorskip("rdata")
    days = [f"2000-12-{day:02d} 12:00:00 GMT" for day in range(1, len(data) + 1)]
    dates = {"start": np.array(days)}
    content = {"Data": data, "xyCoords": places, "Dates": dates, **further}
    path.parent.mkdir(parents=True, exist_ok=True)
    rdata.write_rda(path, {"an_object": content})
    return path


def axes(**values):
    return {name: np.array(axis, float) for name, axis in values.items()}


def test_a_grid_of_climate4r_has_our_units(tmp_path):
    flux = np.array([[[0.0, 1.0], [2.0, np.nan]], [[-1e-10, 0.0], [0.0, 3.0]]]) / 86400
    path = rda(tmp_path / "a.rda", flux, axes(x=[-1, 1], y=[40, 42]))
    field = climate4r.read([path], "pr", "kg m-2 s-1")
    assert field.dims == ("time", "lat", "lon")
    np.testing.assert_allclose(field[0], [[0, 1], [2, np.nan]], rtol=1e-6)
    assert field.min() == 0 and field.attrs["units"] == "mm day-1"
    assert list(field["time"].values) == list(pd.date_range("2000-12-01", periods=2))
    assert list(field["lat"].values) == [40, 42] and list(field["lon"].values) == [-1, 1]


def test_a_rotated_grid_and_stations_keep_their_places(tmp_path):
    lat = np.array([[30.0, 31], [32, 33]])
    places = {**axes(x=[-9, -8], y=[1, 2]), "lat": lat, "lon": lat - 40}
    celsius = np.full((1, 2, 2), 9.0)
    rotated = climate4r.read([rda(tmp_path / "a.rda", celsius, places)], "tas", "degC")
    assert rotated.dims == ("time", "rlat", "rlon") and (rotated["lat"].values == lat).all()
    np.testing.assert_allclose(rotated, 282.15, rtol=1e-6)
    metadata = {
        "station_id": np.array(["07", "08"]),
        "name": np.array(["A", "B"]),
        "altitude": np.array([3, 1894], np.int32),
    }
    points = pd.DataFrame(axes(x=[-3, -4], y=[40, 41]))
    path = rda(tmp_path / "b.rda", np.array([[0.3, np.nan]]), points, Metadata=metadata)
    stations = climate4r.read([path], "pr", "mm day-1")
    assert stations.dims == ("time", "station") and np.isnan(stations[0, 1])
    assert list(stations["alt"].values) == [3, 1894]
    assert list(stations["station_name"].values) == ["A", "B"]
    assert list(stations["lat"].values) == [40, 41]


def test_altitude_is_the_mean_of_nine_cells(tmp_path):
    with netCDF4.Dataset(tmp_path / "Altitude.h5", "w") as file:
        file.createDimension("y", 6)
        file.createDimension("x", 6)
        number = np.full((6, 6), 16, np.uint8)  # below the sea
        number[:3, 3:], number[3, 3] = 20, 255  # 110 m in the north-east, no data below it
        file.createVariable("Altitude", "u1", ("y", "x"))[:] = number
    orography = altitude.read([tmp_path / "Altitude.h5"], "orog", "m")
    share = altitude.read([tmp_path / "Altitude.h5"], "sftlf", "%")
    np.testing.assert_allclose(orography, [[0, 0], [0, 110]])
    np.testing.assert_allclose(share, [[0, 0], [0, 100]])
    assert list(orography["lat"].values) == [-45, 45]


def gif(path, number):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(number).save(path, "GIF", optimize=False)
    return path


def test_classes_of_meteoswiss_are_rates(tmp_path):
    number = np.zeros(mch.SHAPE, np.uint8)
    number[0, :4] = 255, 1, 71, 252  # in the northernmost row
    stamps = {"153652355": "one", "160010000": "one", "160020000": "two"}
    names = [f"{folder}/AQC{stamp}F_00005.801.gif" for stamp, folder in stamps.items()]
    paths = [gif(tmp_path / name, number) for name in names]
    frames = mch.read(paths, "rainfall_rate", "mm h-1")
    z = 10 ** ((71 - 71.5) / 10 / 2)
    np.testing.assert_allclose(frames[0, -1, :4], [np.nan, 0, 12 * (z / 316) ** (1 / 1.5), 0])
    assert list(frames["event"].values) == [1, 1, 2]  # midnight ends no event
    assert str(frames["time"].values[1])[:16] == "2016-01-01T00:00"
    assert frames["y"].values[[0, -1]].tolist() == [-159_500, 479_500]


def test_half_dbz_of_finland_are_rates(tmp_path):
    number = np.full(fmi.SHAPE, 64, np.uint8)
    number[-1, :2] = 255, 124  # 30 dBZ
    image = io.BytesIO()
    Image.fromarray(number).save(image, "PPM")
    path = tmp_path / "201609281445_fmi.radar.composite.lowest_FIN_SUOMI1.pgm.gz"
    path.write_bytes(gzip.compress(image.getvalue(), 1))
    frames = fmi.read([path], "rainfall_rate", "mm h-1")
    rate = (1000 / 223) ** (1 / 1.53)
    dry = (1 / 223) ** (1 / 1.53)
    np.testing.assert_allclose(frames[0, 0, :3], [np.nan, rate, dry])
    assert frames["x"].values[0] == fmi.CELL_M["x"] / 2


def test_a_message_of_mrms_runs_from_the_south_west(tmp_path):
    eccodes = pytest.importorskip("eccodes")
    message = eccodes.codes_grib_new_from_samples("regular_ll_sfc_grib2")
    keys = {
        "Ni": 3,
        "Nj": 2,
        "latitudeOfFirstGridPointInDegrees": 54.995,
        "latitudeOfLastGridPointInDegrees": 54.985,
        "longitudeOfFirstGridPointInDegrees": 230.005,
        "longitudeOfLastGridPointInDegrees": 230.025,
        "iDirectionIncrementInDegrees": 0.01,
        "jDirectionIncrementInDegrees": 0.01,
    }
    for key, value in keys.items():
        eccodes.codes_set(message, key, value)
    eccodes.codes_set_values(message, np.array([-3.0, 0, 0.1, 2.5, 100, 7]))
    path = tmp_path / "PrecipRate_00.00_20190610-000800.grib2"
    path.write_bytes(eccodes.codes_get_message(message))
    frames = mrms.read([path], "rainfall_rate", "mm h-1")
    np.testing.assert_allclose(frames[0], [[2.5, 100, 7], [np.nan, 0, 0.1]], atol=1e-5)
    assert frames["lat"].values.tolist() == [54.985, 54.995]
    assert frames["lon"].values[0] == -129.995
    assert str(frames["time"].values[0])[:16] == "2019-06-10T00:08"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project whose region `meadow` has one public file; returns server and data folder."""
    path = rda(
        tmp_path / "public" / PLACE / "rain.rda", np.full((2, 1, 1), 0.26), axes(x=[1], y=[40])
    )
    body = path.read_bytes()
    row = {
        "file": "meadow/rain.nc",
        "variable": "pr",
        "form": "climate4r",
        "units": "mm day-1",
        "precision": 0.1,
        "path": f"{PLACE}/rain.rda",
        "bytes": len(body),
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    for folder in ("regions", "originals"):
        (tmp_path / "config" / folder).mkdir(parents=True)
    (tmp_path / "config/default.yaml").write_text("data_dir: data\n")
    region = {"origins": {"meadow/rain.nc": "gauges of the meadow"}}
    (tmp_path / "config/regions/meadow.yaml").write_text(yaml.safe_dump(region))
    with (tmp_path / "config/originals/meadow.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, row)
        writer.writeheader()
        writer.writerow(row)
    monkeypatch.chdir(tmp_path)
    at_once = partial(fetching.fetch, pauses=(0.0, 0.0))
    monkeypatch.setattr(fetching, "fetch", at_once)
    with Server({f"/{PLACE}/rain.rda": body}) as server:
        yield server, tmp_path / "data"


def test_a_region_is_made_from_its_public_files_once(project, capsys):
    server, folder = project
    server.fail(f"/{PLACE}/rain.rda", Fault(cut_at=40))
    server.fail(f"/{PLACE}/rain.rda", Fault(flip_at=9))
    fetch_originals.main(["meadow", "--url", server.url])
    with xr.open_dataset(folder / "meadow/rain.nc") as made:
        np.testing.assert_allclose(made["pr"], 0.3)  # rounded to the precision of its row
        assert made.attrs["source"] == "gauges of the meadow"
    assert "downbench run exp1 --region meadow" in capsys.readouterr().out
    requests = len(server.requests)
    fetch_originals.main(["meadow", "--url", server.url])
    assert len(server.requests) == requests


def test_another_file_than_the_listed_one_is_never_read(project, monkeypatch):
    server, folder = project
    server.files[f"/{PLACE}/rain.rda"] = b"x" * len(server.files[f"/{PLACE}/rain.rda"])
    monkeypatch.setattr(conversion, "write", None)
    with pytest.raises(UserError, match="sha256"):
        fetch_originals.main(["meadow", "--url", server.url])
    assert not (folder / "meadow").exists()


def test_the_folder_of_the_user_is_filled(project, monkeypatch):
    server, folder = project
    monkeypatch.setenv("HOME", str(folder.parent))
    (folder.parent / "config/default.yaml").write_text("data_dir: ~/mine\n")
    fetch_originals.main(["meadow", "--url", server.url])
    assert (folder.parent / "mine/meadow/rain.nc").exists() and not Path("~").exists()


def test_a_file_without_its_origin_is_named(project):
    server, folder = project
    (folder.parent / "config/regions/meadow.yaml").write_text("name: meadow\n")
    with pytest.raises(UserError, match="meadow.yaml: origins: meadow/rain.nc is absent"):
        fetch_originals.main(["meadow", "--url", server.url])
    assert server.requests == []


def test_rows_that_would_be_lost_are_refused(project):
    _, folder = project
    listing = folder.parent / "config/originals/meadow.csv"
    head, row = listing.read_text().splitlines()
    listing.write_text("\n".join([head, row, row.replace(",pr,", ",tas,"), row]))
    with pytest.raises(UserError, match=r"rows of \('meadow/rain.nc', 'pr'\) are apart"):
        read_originals("meadow", folder.parent)
    for form in (climate4r, altitude):
        with pytest.raises(UserError, match="a.rda, b.rda: this form reads one file"):
            form.read([Path("a.rda"), Path("b.rda")], "pr", "mm day-1")


def test_a_region_without_public_files_is_refused_with_those_that_have_some():
    with pytest.raises(UserError, match="alps-radar, iberia"):
        read_originals("synthetic", ROOT)


@pytest.mark.parametrize("region", regions(ROOT))
def test_public_files_make_all_that_a_region_reads(region):
    section = yaml.safe_load((ROOT / f"config/regions/{region}.yaml").read_text())
    rows = read_originals(region, ROOT)
    assert {row.file for row in rows} == set(section["origins"])
    keys = [(row.file, row.variable) for row in rows]
    assert keys == sorted(keys, key=keys.index)  # rows of one variable follow each other
    assert len({(row.path, row.variable) for row in rows}) == len(rows)


def test_a_run_without_the_files_names_the_command_that_makes_them(tmp_path):
    with pytest.raises(UserError, match="downbench fetch iberia --data-dir FOLDER"):
        load({"region": "iberia", "data_dir": str(tmp_path)}, ROOT)
