"""Provider `imerg` against a server of its dialect."""

import numpy as np
import pytest

from downbench.core.config.downloads.registry import PROVIDERS
from downbench.core.errors import UserError
from downbench.sources.download import imerg
from servers import imerg as service
from servers.server import Fault

DAYS = np.arange("2005-02-27", "2005-03-02", dtype="M8[D]")
SHAPE = (90, 180)
BOX = {"south": -2.5, "north": 4.5, "west": 96.5, "east": 104.5}
NONE = (0.0,)


def field(day: int) -> np.ndarray:
    lat, lon = service.axes(SHAPE)
    values = 10.0 * day + (lat[:, None] + 90) / 100 + (lon + 180) / 1000
    values[45:47, 139] = np.nan
    return values


def request(url: str, **keys):
    section = {"provider": "imerg", "dataset": "imerg", "variables": ["pr"], "years": [2005]}
    return PROVIDERS["imerg"](**section | {"bounds": BOX, "url": url} | keys)


def path(day: np.datetime64, **keys) -> str:
    return imerg.address(request("", **keys), day)


@pytest.fixture(autouse=True)
def token(monkeypatch):
    monkeypatch.setenv(imerg.TOKEN, service.TOKEN)


@pytest.fixture
def server():
    files = {path(day): service.content(str(day), field(i)) for i, day in enumerate(DAYS)}
    with service.ImergServer(files) as running:
        yield running


def daily(running, folder, **keys):
    return imerg.daily(request(running.url, **keys), DAYS, folder, NONE)


def test_values_axes_and_units(server, tmp_path):
    dataset = daily(server, tmp_path)
    rain = dataset["pr"].load()
    assert rain.dims == ("time", "lat", "lon") and rain.attrs["units"] == "mm day-1"
    lat, lon = rain["lat"].values, rain["lon"].values
    known = (lat[:, None] + 90) / 100 + (lon + 180) / 1000
    known = known[None] + 10.0 * np.arange(3)[:, None, None]
    known[:, np.isin(lat, [1.0, 3.0])[:, None] & (lon == 99.0)] = np.nan
    np.testing.assert_allclose(rain.values, known, rtol=1e-5)
    assert np.isnan(rain.values).sum() == 6
    assert dataset.attrs["dataset_version"] == "V07B, final run"


def test_names_of_files():
    assert path(DAYS[0]) == (
        "/GPM_3IMERGDF.07/2005/02/3B-DAY.MS.MRG.3IMERG.20050227-S000000-E235959.V07B.nc4"
    )
    assert path(DAYS[0], version="06", run="late") == (
        "/GPM_3IMERGDL.06/2005/02/3B-DAY-L.MS.MRG.3IMERG.20050227-S000000-E235959.V06.nc4"
    )


def test_version_06_has_another_name_unit_and_calendar(server, tmp_path):
    old = {"name": "precipitationCal", "units": "mm", "calendar": "julian"}
    for i, day in enumerate(DAYS):
        server.files[path(day, version="06")] = service.content(str(day), field(i), **old)
    np.testing.assert_allclose(
        daily(server, tmp_path / "06", version="06")["pr"], daily(server, tmp_path / "07")["pr"]
    )


def test_a_fill_value_that_is_not_declared(server, tmp_path):
    server.files[path(DAYS[0])] = service.content(str(DAYS[0]), field(0), fill=None)
    assert int(daily(server, tmp_path)["pr"].isnull().sum()) == 6


def test_a_login_page_with_status_200_is_explained(server, tmp_path, monkeypatch):
    monkeypatch.delenv(imerg.TOKEN)
    with pytest.raises(UserError, match=r"web page.*EARTHDATA_TOKEN.*netrc.*approve"):
        daily(server, tmp_path)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "url", ["https://mirror.org/GPM_L3", "http://data.gesdisc.earthdata.nasa.gov", "https://a.gov"]
)
def test_the_token_is_for_earthdata_alone(url, tmp_path):
    with pytest.raises(UserError, match=r"EARTHDATA_TOKEN is for https://\*.earthdata") as error:
        imerg.daily(request(url), DAYS, tmp_path, ())
    assert service.TOKEN not in str(error.value)


def test_the_default_address_may_have_the_token():
    default = PROVIDERS["imerg"].model_fields["url"].default
    assert imerg._authorization(default) == {"Authorization": f"Bearer {service.TOKEN}"}


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_login_is_explained_without_the_token(server, tmp_path, status):
    server.fail(path(DAYS[0]), Fault(status=status, body=b"denied"))
    with pytest.raises(UserError, match=f"{status}.*denied.*EARTHDATA_TOKEN") as error:
        daily(server, tmp_path)
    assert service.TOKEN not in str(error.value)


def test_a_day_that_is_not_there(server, tmp_path):
    del server.files[path(DAYS[1])]
    with pytest.raises(UserError, match="20050228.*404.*no file of 2005-02-28: try later"):
        daily(server, tmp_path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"units": "mm/hr"}, "units of precipitation are 'mm/hr'"),
        ({"name": "precipitationCal"}, "no precipitation on"),
        ({"dims": ("time", "x", "y")}, "no precipitation on"),
        ({"dims": ("time", "lat", "lon")}, "does not cover .* its axes look swapped"),
    ],
)
def test_other_content_is_refused(server, tmp_path, changes, message):
    server.files[path(DAYS[0])] = service.content(str(DAYS[0]), field(0), **changes)
    with pytest.raises(UserError, match=message):
        daily(server, tmp_path)


def test_another_day_and_damage_are_refused(server, tmp_path):
    server.files[path(DAYS[0])] = service.content(str(DAYS[1]), field(0))
    with pytest.raises(UserError, match="its time is 2005-02-28"):
        daily(server, tmp_path)
    complete = service.content(str(DAYS[0]), field(0))
    server.files[path(DAYS[0])] = complete[: len(complete) // 2]
    with pytest.raises(UserError, match="damaged"):
        daily(server, tmp_path)
    assert not list(tmp_path.rglob("*.nc4"))


def test_a_password_in_netrc_reaches_the_login_alone(server, tmp_path, monkeypatch):
    monkeypatch.delenv(imerg.TOKEN)
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login reader password a-password\n")
    netrc.chmod(0o600)
    with service.OAuthServer(server.files) as data, data.login as login:
        with pytest.raises(UserError, match="EARTHDATA_TOKEN"):
            daily(data, tmp_path / "without")
        monkeypatch.setenv("NETRC", str(netrc))
        assert daily(data, tmp_path)["pr"].sizes["time"] == 3
    assert login.requests[-1].headers["authorization"] == f"Basic {service.BASIC}"
    assert not any("authorization" in request.headers for request in data.requests)
