"""The step `download`, with a provider of a few cells."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Literal

import numpy as np
import pytest
import xarray as xr

from downbench.core.config.downloads import registry
from downbench.core.config.downloads.download import Download
from downbench.core.errors import UserError
from downbench.sources.download.errors import RefusalError, TemporaryError
from downbench.steps import download as step

PARTS = {"tasmax": "tasmax_2001", "orog": "orog"}
REQUEST = {
    "provider": "tiny-box",
    "dataset": "e-obs",
    "variables": ["tasmax", "orog"],
    "years": [2001, 2002],
    "bounds": {"south": 43, "north": 44, "west": 5, "east": 6},
}
ATTRIBUTES = {"dataset_version": "1", "licence": "free", "accumulation_window": "00-24 UTC"}


class TinyBox(Download):
    """A provider of the tests."""

    provider: Literal["tiny-box"]


def fetch(request: Download, part: str, work: Path) -> xr.Dataset:
    """Return a field of 3 × 3 cells for each day."""
    (work / "raw.part").write_text("bytes")
    lat, lon = np.linspace(42.5, 44.5, 3), np.linspace(4.5, 6.5, 3)
    coords, attributes = {"lat": lat, "lon": lon}, ATTRIBUTES
    if part == "orog":
        height = (("lat", "lon"), np.full((3, 3), 100.0), {"units": "m"})
        return xr.Dataset({"orog": height}, coords, attributes)
    (year,) = request.of_part(part).years
    time = xr.date_range(f"{year}-01-01", f"{year}-12-31")
    values = np.full((time.size, 3, 3), 290.0, "float32")
    field = (("time", "lat", "lon"), values, {"units": "K"})
    return xr.Dataset({"tasmax": field}, {"time": time, **coords}, attributes)


@pytest.fixture
def run(monkeypatch, tmp_path):
    """A call of the step with a provider whose dataset a function may change."""
    monkeypatch.setitem(registry.PROVIDERS, "tiny-box", TinyBox)

    def call(part: str, change=lambda dataset: dataset) -> Path:
        module = ModuleType("tiny_box")
        module.fetch = lambda *arguments: change(fetch(*arguments))
        monkeypatch.setitem(sys.modules, "downbench.sources.download.tiny_box", module)
        monkeypatch.setattr(step, "code_version", lambda name: name)
        output = tmp_path / f"{part}.nc"
        words = ["--request", json.dumps(REQUEST), "--part", part, "--output", str(output)]
        step.main(words)
        return output

    return call


@pytest.mark.parametrize("name", PARTS)
def test_a_part_becomes_a_file(run, name):
    output = run(PARTS[name])
    with xr.open_dataset(output) as dataset:
        assert dataset[name].sizes.get("time", 1) == {"tasmax": 365, "orog": 1}[name]
        assert dataset.attrs["dataset"] == "e-obs" and dataset.attrs["retrieved"]
        assert dataset.attrs["provider_code"] == "downbench.sources.download.tiny_box"
    assert [path.name for path in output.parent.iterdir()] == [output.name]


def test_days_are_those_of_the_calendar(run):
    def short_years(dataset, days=360):
        time = xr.date_range("2001-01-01", periods=days, calendar="360_day", use_cftime=True)
        return dataset.isel(time=slice(days)).assign_coords(time=time)

    assert run("tasmax_2001", short_years).exists()
    with pytest.raises(UserError, match="5 days are missing, first 2001-12-26"):
        run("tasmax_2001", lambda dataset: short_years(dataset, days=355))


def _hot(dataset):
    return dataset.assign(tasmax=(dataset["tasmax"] + 100).assign_attrs(units="K"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.isel(time=slice(1, None)), "1 days are missing, first 2001-01-01"),
        (lambda d: d.isel(time=[*range(365), 7]), "time: 1 days come twice"),
        (lambda d: d.assign_coords(time=d.time + np.timedelta64(12, "h")), "12:00:00 is not the"),
        (lambda d: d.assign_coords(time=d.time + np.timedelta64(1, "D")), "first 2002-01-01"),
        (lambda d: d.where(d.time != d.time[3]), "1 days have no value, first 2001-01-04"),
        (lambda d: d.rename(tasmax="t2m"), "tasmax was asked for, but the server sent t2m"),
        (_hot, "tasmax: values from 390 to 390 leave"),
        (lambda d: d.assign_coords(lat=d.lat - 5), "latitudes run from 37.5 to 39.5"),
        (lambda d: d.assign_coords(lon=d.lon + 50), "longitudes run from 54.5 to 56.5"),
        (lambda d: d.drop_attrs(deep=False), "attribute 'licence' is absent"),
        (lambda d: d.drop_vars("lat"), "without lat and lon"),
    ],
)
def test_what_is_wrong_is_named_and_not_written(run, tmp_path, change, message):
    with pytest.raises(UserError, match=rf"(?s){message}.*delete \S+tasmax_2001.nc.partial"):
        run("tasmax_2001", change)
    assert (tmp_path / "tasmax_2001.nc.partial/raw.part").exists()
    assert not (tmp_path / "tasmax_2001.nc").exists()


def test_a_day_that_the_archive_lacks_may_be_missing(run):
    def lacking(dataset):
        return dataset.isel(time=slice(1, None)).assign_attrs(missing_days="2001-01-01")

    assert run("tasmax_2001", lacking).exists()


def test_an_archive_without_gaps_has_no_missing_value(run, monkeypatch):
    monkeypatch.setattr(TinyBox, "has_gaps", lambda *_: False)

    def with_a_gap(dataset):
        values = dataset["tasmax"].copy()
        values[7, 0, 0] = np.nan
        return dataset.assign(tasmax=values)

    with pytest.raises(UserError, match=r"1 days lack values, .* first 2001-01-08"):
        run("tasmax_2001", with_a_gap)


def test_a_year_that_is_not_over_is_refused(run, monkeypatch):
    year = datetime.now(UTC).year
    monkeypatch.setitem(REQUEST, "years", [2001, year])
    assert run("orog").exists()
    with pytest.raises(UserError, match=f"the year {year} is complete on {year + 1}-01-02"):
        run(f"tasmax_{year}")


def test_an_unknown_part_is_refused(run):
    with pytest.raises(UserError, match="--part tasmax_1999: no part of this download: it has"):
        run("tasmax_1999")


@pytest.mark.parametrize(
    ("error", "is_named"), [(UserError, True), (TemporaryError, False), (RefusalError, False)]
)
def test_pieces_that_are_refused_are_named(run, error, is_named):
    """Those behind a failure of the server are not."""

    def refuse(_):
        raise error("rain is negative")

    with pytest.raises(UserError, match="rain is negative") as raised:
        run("orog", refuse)
    assert ("orog.nc.partial" in str(raised.value)) == is_named
