"""Provider `cordex-ml-bench` against a server of its dialect."""

import numpy as np
import pytest

from downbench.core.config.downloads.registry import PROVIDERS
from downbench.core.errors import UserError
from downbench.sources.download import checking, cordex_ml_bench
from servers import zenodo as service
from servers.server import LOGIN, Fault

BOX = {"south": 44.1, "north": 44.7, "west": 6.1, "east": 7.0}
TARGET = "ESD_pseudo_reality/target/pr_tasmax_CNRM-CM5_1961-1962.nc"
FUTURE = "Emulator_hist_future/target/pr_tasmax_CNRM-CM5_2080-2080.nc"
PREDICTORS = "ESD_pseudo_reality/predictors/CNRM-CM5_1961-1962.nc"
NONE = (0.0,)


@pytest.fixture(scope="module")
def content() -> bytes:
    years = range(1961, 1963)
    return service.archive(
        {
            TARGET: service.fine(years),
            FUTURE.replace("2080-2080", "1961-1962"): service.fine(years),
            FUTURE: service.fine(range(2080, 2081)),
            PREDICTORS: service.coarse(years),
            "ESD_pseudo_reality/predictors/Static_fields.nc": b"no series",
        }
    )


def request(url: str, **keys):
    section = {"provider": "cordex-ml-bench", "dataset": "cordex-ml-bench", "years": [1962]}
    section |= {"variables": ["pr", "tasmax"], "domain": "ALPS", "fields": "target"}
    section |= {"experiment": "ESD_pseudo_reality", "url": url + service.RECORD, "bounds": BOX}
    return PROVIDERS["cordex-ml-bench"](**section | keys)


def fetched(running, folder, **keys):
    folder.mkdir(exist_ok=True)
    wish = request(running.url, **keys)
    return cordex_ml_bench.fetch(wish, wish.fields, folder, NONE)


def test_target_days_axes_and_attributes(content, tmp_path):
    with service.ZenodoServer(content) as running:
        dataset = fetched(running, tmp_path)
        checking.require(
            dataset.assign_attrs(dataset="x", retrieved="x"), request(running.url), "target"
        )
    assert dataset.sizes == {"time": 365, "y": 8, "x": 8}
    assert str(dataset["time"].values[0]) == "1962-01-01T00:00:00.000000000"
    np.testing.assert_allclose(dataset["pr"].values[:, 0, 0], (365 + np.arange(365)) % 50 + 0.5)
    assert dataset["x"].attrs["units"] == "m" and float(dataset["x"][1]) == 2_074_500.0
    assert dataset["lat"].dims == ("y", "x")
    assert (dataset.attrs["licence"], dataset.attrs["dataset_version"]) == ("cc-by-4.0", "1.0")
    unpacked = sorted(p.name for p in tmp_path.iterdir())
    assert unpacked == ["0.nc", service.ARCHIVE]  # nothing but the file of the years


def test_years_of_two_files_follow_each_other(content, tmp_path):
    with service.ZenodoServer(content) as running:
        dataset = fetched(
            running, tmp_path, experiment="Emulator_hist_future", years=["1961-1962", 2080]
        )
    assert dataset.sizes["time"] == 365 + 365 + 366


def test_predictors_get_our_names_and_units(content, tmp_path):
    names = ("ta850", "hus850", "zg500")
    with service.ZenodoServer(content) as running:
        dataset = fetched(running, tmp_path, fields="predictors", variables=names)
    assert {n: dataset[n].attrs["units"] for n in names} == {
        "ta850": "K", "hus850": "1", "zg500": "m",
    }  # fmt: skip
    assert dataset["zg500"].dims == ("time", "lat", "lon")


def test_a_calendar_without_leap_days_stays(tmp_path):
    name = TARGET.replace("1961-1962", "1964-1964")
    packed = service.archive({name: service.fine(range(1964, 1965), "noleap")})
    with service.ZenodoServer(packed) as running:
        dataset = fetched(running, tmp_path, years=[1964])
        checking.require(
            dataset.assign_attrs(dataset="x", retrieved="x"),
            request(running.url, years=[1964]),
            "target",
        )
    assert dataset.sizes["time"] == 365 and dataset["time"].dt.calendar == "noleap"


def test_fields_of_the_other_grid_are_refused():
    with pytest.raises(ValueError, match="make a second download"):
        request("", variables=["ta850"])


def test_years_that_no_file_has(content, tmp_path):
    with (
        service.ZenodoServer(content) as running,
        pytest.raises(UserError, match=r"no file in .* 1999 .*1961-1962"),
    ):
        fetched(running, tmp_path, years=[1999])


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"key": "NZ_domain.zip"}, "the record has no ALPS_domain.zip"),
        ({"checksum": "sha1:00"}, "the record has no ALPS_domain.zip with size, md5"),
        ({"checksum": "md5:" + "0" * 32}, "its md5 is"),
        ({"size": 17}, "the archive's record says 17"),
    ],
)
def test_a_record_that_does_not_fit(content, tmp_path, entry, message):
    with (
        service.ZenodoServer(content, **entry) as running,
        pytest.raises(UserError, match=message),
    ):
        fetched(running, tmp_path)
    assert not list(tmp_path.glob("*.nc"))


def test_faults_of_the_server(content, tmp_path):
    with service.ZenodoServer(content) as running:
        running.fail(running.path, Fault(flip_at=2000))
        running.fail(service.RECORD, Fault(status=429, headers={"Retry-After": "0"}))
        fetched(running, tmp_path / "flipped")
        running.fail(running.path, Fault(cut_at=20_000))
        fetched(running, tmp_path / "cut")
        assert "range" in running.asked(running.path)[-1].headers
        running.fail(running.path, Fault(body=LOGIN))
        with pytest.raises(UserError, match="answers with a web page: Login Sign in"):
            fetched(running, tmp_path / "page")
        running.fail(service.RECORD, Fault(body=LOGIN))
        with pytest.raises(UserError, match="web page"):
            fetched(running, tmp_path / "record")


@pytest.mark.parametrize("data", [b"\x89HDF no more", service.coarse(range(1961, 1963))])
def test_a_file_without_the_variables(tmp_path, data):
    packed = service.archive({TARGET: data})
    with (
        service.ZenodoServer(packed) as running,
        pytest.raises(UserError, match="damaged|no pr among"),
    ):
        fetched(running, tmp_path)
