"""GRIB files, as cfgrib opens them: sums belong to the day that they were summed over."""

import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import weather_files as files
from downbench.core.errors import UserError
from downbench.sources.files import grib
from downbench.sources.files.opening import open_file
from downbench.sources.files.reading import read

DIALECTS = Path(__file__).parents[4] / "shared/data/dialects"
ARPEGE = DIALECTS / "arpege_PRECIP_SE_20180501000000.grib"


@pytest.fixture
def messages(tmp_path):
    """Write changed copies of a real file's last message, of the sum of hours 0 to 24."""
    pytest.importorskip("cfgrib")
    eccodes = pytest.importorskip("eccodes")
    if not ARPEGE.exists():
        pytest.skip("the real file is absent")
    with ARPEGE.open("rb") as file:
        *_, last = iter(lambda: eccodes.codes_grib_new_from_file(file), None)

    def write(name, *changes):
        with (tmp_path / name).open("wb") as file:
            for change in changes:
                message = eccodes.codes_clone(last)
                for key, value in change.items():
                    eccodes.codes_set(message, key, value)
                eccodes.codes_write(message, file)

    return write


def region(folder, path):
    return files.region(folder, {"pr": {"path": path, "variable": "tp"}})


def rain(folder, path):
    here = region(folder, path)
    return read(here, "pr", here.target.variables["pr"])


def test_without_cfgrib_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "cfgrib", None)
    (tmp_path / "rain.grib").write_bytes(b"GRIB" + bytes(200))
    with pytest.raises(UserError, match=r"needs cfgrib: pip install 'downbench\[grib\]', or conv"):
        open_file(region(tmp_path, "rain.grib"), "rain.grib")


def test_sums_of_a_day_are_stamped_with_its_start_and_nothing_is_left_beside(tmp_path, messages):
    messages("rain.grib", *({"dataDate": 20180501 + day} for day in range(3)))
    field = rain(tmp_path, "rain.grib")
    assert [str(day)[:10] for day in field["time"].values] == [
        f"2018-05-0{day}" for day in (1, 2, 3)
    ]
    assert field.attrs["units"] == "mm day-1" and field.shape == (3, 53, 80)
    assert (np.diff(field["lat"]) > 0).all() and float(field.max()) > 1
    assert [path.name for path in tmp_path.iterdir()] == ["rain.grib"]


def test_sums_since_the_start_of_a_run_are_refused(tmp_path):
    pytest.importorskip("cfgrib")
    if not ARPEGE.exists():
        pytest.skip("the real file is absent")
    with pytest.raises(UserError, match=r"24 steps of a run \(GRIB_stepType accum\).*differences"):
        rain(tmp_path, str(ARPEGE))


@pytest.mark.parametrize(
    "other", [{"GRIB_stepType": "instant"}, {"GRIB_stepType": "accum", "GRIB_startStep": 12}]
)
def test_values_of_several_intervals_are_refused(other):
    sums = {"GRIB_stepType": "accum", "GRIB_startStep": 0, "GRIB_endStep": 24}
    fields = {"tp": ("step", [1.0], sums), "t2m": ("step", [280.0], sums | other)}
    dataset = xr.Dataset(fields, coords={"step": [24], "valid_time": 0})
    with pytest.raises(UserError, match=r"several intervals or of instants.*split it"):
        grib.with_intervals(dataset, "rain.grib")


def test_a_truncated_file_is_named(tmp_path, messages):
    messages("rain.grib", {}, {"dataDate": 20180502})
    content = (tmp_path / "rain.grib").read_bytes()
    (tmp_path / "cut.grib").write_bytes(content[:-3000])
    with pytest.raises(UserError, match="cut.grib is GRIB, damaged or incomplete"):
        rain(tmp_path, "cut.grib")
