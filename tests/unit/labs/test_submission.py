"""Submitted ensembles: a valid one passes, a wrong one has exactly its breaches, all at once."""

import json
import re
from types import SimpleNamespace

import dask.array
import numpy as np
import pytest
import xarray as xr
from jsonschema import Draft202012Validator

import tiny_pairs
from downbench.core import time_parts
from downbench.core.breaches import Breaches
from downbench.core.config.editor_schemas import schemas
from downbench.core.config.model.external_ensemble import ExternalEnsemble
from downbench.core.errors import UserError
from downbench.core.submission_report import submission_report
from downbench.labs import submission
from downbench.labs.sampled_days import SamplingInputs
from downbench.sources.files import external_ensemble, opening
from downbench.sources.files.ensemble_files import EnsembleFiles
from downbench.steps import validate_submission
from submitted_ensembles import MEMBERS, REGION, ensemble, target

ALL_DAYS = json.dumps({"members": MEMBERS, "test_spells": 1, "spell_days": None})
BOTH = ("pr", "tasmax")
YEAR = np.timedelta64(366, "D")


@pytest.fixture(scope="module")
def inputs() -> SamplingInputs:
    fine = target()
    driver = tiny_pairs.driver(fine.rename(tasmax="tas")).rename(tas="tasmax")
    return SamplingInputs(REGION, fine, driver, "perfect", "test", 1)


@pytest.fixture(scope="module")
def valid() -> xr.Dataset:
    """Members whose weather of their own is in both variables."""
    mine = ensemble()
    shared = xr.DataArray(
        np.random.default_rng(1).normal(size=(MEMBERS, 365)), dims=("realization", "time")
    )
    return mine.assign(
        pr=(mine["pr"] * np.exp(0.3 * shared)).assign_attrs(mine["pr"].attrs),
        tasmax=(mine["tasmax"] - 0.3 * shared).assign_attrs(mine["tasmax"].attrs),
    ).transpose(*mine["pr"].dims)


def breaches_of(dataset: xr.Dataset, path, inputs: SamplingInputs, **encoding) -> list:
    dataset.to_netcdf(path, **encoding)
    breaches, options = Breaches(), ExternalEnsemble()
    submission.examine_split([str(path)], inputs, ALL_DAYS, options, breaches)
    return breaches.items


def member(dataset: xr.Dataset, number: int, other: xr.Dataset) -> xr.Dataset:
    """The data set with one member of another."""
    is_other = xr.DataArray(np.arange(MEMBERS) == number, dims="realization")
    return with_attrs(other.where(is_other, dataset), dataset)


def with_attrs(changed: xr.Dataset, dataset: xr.Dataset) -> xr.Dataset:
    for name in BOTH:
        changed[name].attrs = dataset[name].attrs
    return changed.transpose(*dataset["pr"].dims)


def in_units(dataset: xr.Dataset, **units: str) -> xr.Dataset:
    return dataset.assign({n: dataset[n].assign_attrs(units=u) for n, u in units.items()})


def days(dataset: xr.Dataset, order: np.ndarray) -> xr.Dataset:
    """The fields of other days on the days of a data set."""
    return dataset.isel(time=order).assign_coords(time=dataset["time"])


WRONG_DAYS = np.random.default_rng(2).permutation(365)
HELD = np.r_[np.arange(200), np.full(165, 200)]

ACCEPTED = {
    "as it is": lambda d: d,
    "transposed": lambda d: d.transpose("latitude", "longitude", "realization", "time"),
    "rows from the north, longitudes to 360": lambda d: d.isel(
        latitude=slice(None, None, -1)
    ).assign_coords(longitude=d["longitude"] % 360),
    "a flux and degC at noon": lambda d: d.assign(
        pr=(d["pr"] / 86400).assign_attrs(units="kg m-2 s-1"),
        tasmax=(d["tasmax"] - 273.15).assign_attrs(units="degC"),
    ).assign_coords(time=d["time"] + np.timedelta64(12, "h")),
}

WRONG = {
    "another name": (
        lambda d: d.rename(pr="foo"),
        [("variables", ("pr",), "holds no pr among foo, tasmax: name it pr in the file")],
    ),
    "a member axis of another name": (
        lambda d: d.rename(realization="run"),
        [("axes", BOTH, "further axis .run of 3.*or call it `member`")],
    ),
    "no latitudes": (
        lambda d: d.drop_vars("latitude"),
        [("axes", BOTH, "without lat.*add these coordinates")],
    ),
    "times without a date": (
        lambda d: d.assign_coords(time=np.arange(365.0)),
        [("time", BOTH, "time is not decoded to dates.*give it CF units and a calendar")],
    ),
    "a calendar of 360 days": (
        lambda d: d.isel(time=slice(360)).assign_coords(
            time=xr.date_range("2005-01-01", periods=360, calendar="360_day", use_cftime=True)
        ),
        [("period", BOTH, "its calendar '360_day' is not 'standard'.*convert it")],
    ),
    "another year": (
        lambda d: d.assign_coords(time=d["time"] + np.timedelta64(800, "D")),
        [("period", BOTH, "none of the 365 scored days.*give it these days")],
    ),
    "a day twice": (
        lambda d: d.assign_coords(time=d["time"].values[np.r_[:364, 363]]),
        [("time", BOTH, "1 time stamps occur twice, first 2005-12-30.*keep one of each")],
    ),
    "half of the year": (
        lambda d: d.isel(time=slice(0, 200)),
        [("period", BOTH, "165 of the 365 scored days are absent, first 2005-07-20.*give it")],
    ),
    "another grid": (
        lambda d: d.assign_coords(latitude=d["latitude"] + 0.1),
        [("grid", BOTH, "on another grid than the region's target.*bring all")],
    ),
    "no unit": (
        lambda d: d.assign(pr=d["pr"].drop_attrs()),
        [("units", ("pr",), "the file gives no units: ")],
    ),
    "a flux called mm day-1": (
        lambda d: with_attrs(d.assign(pr=d["pr"] / 86400), d),
        [("values", ("pr",), "would be ordinary rain in kg m-2 s-1: set `units:`")],
    ),
    "degC called K": (
        lambda d: with_attrs(d.assign(tasmax=d["tasmax"] - 273.15), d),
        [("values", ("tasmax",), r"outside \[180, 340\]: set `units:`")],
    ),
    "fill values as numbers": (
        lambda d: d.assign(tasmax=d["tasmax"].fillna(-9999.0)),
        [("values", ("tasmax",), "-9999 in .* looks like a missing value.*_FillValue")],
    ),
    "a hole": (
        lambda d: with_attrs(d.assign(pr=d["pr"].where(d.latitude < 41.7)), d),
        [("missing values", ("pr",), "values are missing where the target has one.*give it")],
    ),
    "negative rain": (
        lambda d: with_attrs(d.assign(pr=d["pr"] - 1), d),
        [("values", ("pr",), "rain cannot be; look for")],
    ),
    "no dry value": (
        lambda d: with_attrs(d.assign(pr=d["pr"] + 1), d),
        [("wet days", ("pr",), "100% of the values of pr are 1 mm day-1 or more: write zeros")],
    ),
    "a member twice": (
        lambda d: d.isel(realization=[0, 1, 0]),
        [("repeated members", BOTH, "member 2 of 3.*sample each")],
    ),
    "a member frozen": (
        lambda d: member(d, 1, days(d, HELD)),
        [("frozen members", BOTH, "member 1 of 3.*first from 2005-07-20.*sample these")],
    ),
    "a member with the days of another in disorder": (
        lambda d: member(d, 2, days(d.isel(realization=0), WRONG_DAYS)),
        [("permuted members", BOTH, "member 2 of 3.*sample each for its own days")],
    ),
    "members of two variables in two orders": (
        lambda d: d.assign(tasmax=d["tasmax"].isel(realization=[1, 2, 0])),
        [("permuted members", BOTH, "all 3 members of pr fit other members of tasmax.*write")],
    ),
    "a day late": (
        lambda d: days(d, np.roll(np.arange(365), 1)),
        [("day", ("pr",), "all 3 members: pr fits .* shifted by a day.*shift its time"),
         ("day", ("tasmax",), "all 3 members: tasmax fits .* shifted by a day.*shift")],
    ),
    "upside down": (
        lambda d: d.fillna(d.mean()).assign_coords(latitude=d["latitude"].values[::-1]),
        [("orientation", BOTH[:1], "all 3 members: pr fits the target better flipped north"),
         ("orientation", BOTH[1:], "all 3 members: tasmax fits .* flipped north–south")],
    ),
    "trained on the test year": (
        lambda d: d.assign_attrs(fit_years="2001-2005"),
        [("fit years", (), "was fitted on 2005 and must not be scored there: ")],
    ),
    "no years of the training": (
        lambda d: d.drop_attrs(deep=False),
        [("fit years", (), "nothing says on which years.*`--fit-years .*of the file")],
    ),
    "everything at once": (
        lambda d: in_units(
            days(d.isel(realization=[0, 0, 1]), np.roll(np.arange(365), 1)), tasmax="furlong"
        ).assign_attrs(fit_years="2005"),
        [("units", ("tasmax",), "no conversion of units 'furlong'"),
         ("repeated members", BOTH, "member 1 of 3"),
         ("day", ("pr",), "members 0, 2 of 3.*shifted by a day"),
         ("day", ("tasmax",), "shifted by a day"),
         ("fit years", (), "was fitted on 2005")],
    ),
    "another grid and no unit": (
        lambda d: d.assign(pr=d["pr"].drop_attrs()).assign_coords(latitude=d["latitude"] + 0.1),
        [("grid", BOTH, "on another grid"), ("units", ("pr",), "gives no units")],
    ),
    "units that are no text": (
        lambda d: d.assign(pr=d["pr"].assign_attrs(units=[1, 2])),
        [("units", ("pr",), "no conversion of units")],
    ),
    "days up to the one before": (
        lambda d: d.assign_coords(time=d["time"] - np.timedelta64(365, "D")),
        [("period", BOTH, "365 of the 365 scored days are absent")],
    ),
    "another unit and a day late": (
        lambda d: in_units(days(d, np.roll(np.arange(365), 1)), tasmax="furlong"),
        [("units", ("tasmax",), "no conversion of units 'furlong'"),
         ("day", ("pr",), "shifted by a day"),
         ("day", ("tasmax",), "shifted by a day")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_valid_submission_has_no_breach(valid, inputs, tmp_path, name) -> None:
    assert breaches_of(ACCEPTED[name](valid), tmp_path / "mine.nc", inputs) == []


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_submission_has_exactly_its_breaches(valid, inputs, tmp_path, name) -> None:
    change, expected = WRONG[name]
    breaches = breaches_of(change(valid), tmp_path / "mine.nc", inputs)
    assert [(b.check, b.variables) for b in breaches] == [e[:2] for e in expected], breaches
    for breach, (*_, message) in zip(breaches, expected, strict=True):
        assert re.search(message, breach.message), breach.message


def test_a_large_file_is_read_in_parts_with_the_same_breaches(
    valid, inputs, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(time_parts, "HELD_BYTES", 0)
    monkeypatch.setattr(time_parts, "PART_BYTES", 2**19)
    wrong = member(valid, 1, days(valid, HELD))
    (breach,) = breaches_of(wrong, tmp_path / "mine.nc", inputs)
    assert breach.check == "frozen members" and breach.members == (1,)
    options = ExternalEnsemble()
    files = EnsembleFiles([str(tmp_path / "mine.nc")], BOTH, options, inputs.target)
    assert len(external_ensemble.samples(files)["pr"].chunksizes["time"]) > 1


def in_files(datasets: list[xr.Dataset], folder) -> list[str]:
    paths = [str(folder / f"mine_{i}.nc") for i in range(len(datasets))]
    for dataset, path in zip(datasets, paths, strict=True):
        dataset.to_netcdf(path)
    return paths


def checks_of(paths: list[str], inputs: SamplingInputs) -> list:
    breaches = Breaches()
    submission.examine_split(paths, inputs, ALL_DAYS, ExternalEnsemble(), breaches)
    return [(breach.check, breach.variables) for breach in breaches.items]


def test_files_of_other_years_are_left_out_and_units_are_those_of_all(
    valid, inputs, tmp_path
) -> None:
    earlier = valid.isel(time=slice(99)).assign_coords(time=valid["time"].values[:99] - YEAR)
    halves = [valid.isel(time=slice(200)), valid.isel(time=slice(200, None))]
    assert checks_of(in_files([earlier, *halves], tmp_path), inputs) == []
    other = halves[1].assign(pr=(halves[1]["pr"] / 86400).assign_attrs(units="kg m-2 s-1"))
    (tmp_path / "other").mkdir()
    paths = in_files([halves[0], other], tmp_path / "other")
    assert checks_of(paths, inputs) == [("file", ("pr",))]


@pytest.mark.parametrize(
    ("name", "time"),
    [
        ("a member axis of another name", "time"),
        ("a member axis of another name", "valid_time"),
        ("no latitudes", "time"),
        ("times without a date", "time"),
        ("units that are no text", "time"),
    ],
)
def test_in_several_files_breaches_are_the_same(valid, inputs, tmp_path, name, time) -> None:
    change, expected = WRONG[name]
    wrong = change(valid)
    halves = [wrong.isel(time=slice(200)), wrong.isel(time=slice(200, None))]
    paths = in_files([half.rename(time=time) for half in halves], tmp_path)
    assert {*checks_of(paths, inputs)} == {breach[:2] for breach in expected}


def test_a_damaged_file_is_a_breach(valid, inputs, tmp_path, monkeypatch) -> None:
    def damaged(*arguments: object) -> None:
        raise OSError("NetCDF: HDF error")

    paths = in_files([valid], tmp_path)
    monkeypatch.setattr(opening, "on_axes", damaged)
    assert checks_of(paths, inputs) == [("axes", BOTH)]


def test_a_split_is_left_out_only_if_none_of_its_days_is_there(valid, inputs, tmp_path) -> None:
    def has_days(dataset: xr.Dataset) -> bool:
        (path,) = in_files([dataset], tmp_path)
        return submission.has_days([path], inputs, ALL_DAYS, ExternalEnsemble())

    assert has_days(valid)
    assert not has_days(valid.assign_coords(time=valid["time"] - np.timedelta64(365, "D")))
    assert has_days(valid.rename(pr="foo", tasmax="bar"))
    assert not has_days(
        valid.rename(pr="foo").assign_coords(time=valid["time"] - np.timedelta64(365, "D"))
    )
    assert has_days(valid.assign_coords(time=np.arange(365.0)))


def test_a_grid_of_any_size_is_refused_by_its_header(inputs, tmp_path) -> None:
    cells = dask.array.zeros((365, 50_000, 50_000), chunks=(1, 50_000, 50_000), dtype="f4")
    fields = {name: (("time", "lat", "lon"), cells, {"units": "K"}) for name in BOTH}
    axes = {"lat": np.linspace(0, 9, 50_000), "lon": np.linspace(0, 9, 50_000)}
    huge = xr.Dataset(fields, {"time": target()["time"].sel(time="2005").values, **axes})
    huge.to_zarr(tmp_path / "huge.zarr", compute=False, consolidated=False)
    assert checks_of([str(tmp_path / "huge.zarr")], inputs)[0] == ("variables", BOTH)


def test_members_that_differ_in_one_variable_are_no_breach(valid, inputs, tmp_path) -> None:
    same = valid["tasmax"].isel(realization=[0, 0, 0])
    paths = in_files([valid.assign(tasmax=same)], tmp_path)
    breaches = Breaches()
    lines = submission.examine_split(paths, inputs, ALL_DAYS, ExternalEnsemble(), breaches)
    assert breaches.items == []
    assert "tasmax: the same as an earlier member: members 1, 2 of 3, counted from 0" in lines


def test_a_climatology_of_each_month_may_be_a_reference(valid, inputs, tmp_path) -> None:
    monthly = valid.isel(time=np.arange(365) // 30 * 30).assign_coords(time=valid["time"])
    assert checks_of(in_files([monthly], tmp_path), inputs) == []


@pytest.mark.parametrize("years", ["[Infinity]", "[" * 100_000, "years"])
def test_years_that_are_none_are_a_breach(valid, tmp_path, capsys, years) -> None:
    (path,) = in_files([valid.assign_attrs(fit_years=years)], tmp_path)
    status, report = report_of([path], capsys)
    assert status == 1
    assert [breach["check"] for breach in report["breaches"]] == ["fit years"]


def test_a_report_names_the_splits_that_were_left_out() -> None:
    report = submission_report(
        "mine.nc", Breaches(), ["2 members"], "tiny", "a", ["test"], ["warm"]
    )
    assert report.lines() == [
        "mine.nc: no breach",
        "checked against tiny, driver a, splits: test; left out, without a day: warm",
        "  2 members",
    ]


def test_options_of_a_region_need_one() -> None:
    with pytest.raises(UserError, match="--fit-years: name the region, too: --region NAME"):
        validate_submission.main(["mine.nc", "--fit-years", "2001"])


def report_of(words: list[str], capsys) -> tuple[int, dict]:
    """Exit status and JSON of the command."""
    status = 0
    try:
        validate_submission.main([*words, "--json"])
    except SystemExit as end:
        status = end.code
    return status, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("change", "checks"),
    [
        (lambda d: d, []),
        (lambda d: in_units(d, pr="1").isel(realization=[0, 0, 1]), ["units", "repeated members"]),
        (lambda d: d.rename(pr="a", tasmax="b"), ["variables"]),
    ],
)
def test_without_a_region_the_file_is_checked_by_itself(
    valid, tmp_path, capsys, change, checks
) -> None:
    path = tmp_path / "mine.nc"
    change(valid).to_netcdf(path)
    status, report = report_of([str(path)], capsys)
    Draft202012Validator(schemas()["submission-report.json"]).validate(report)
    assert [breach["check"] for breach in report["breaches"]] == checks
    assert status == bool(checks) and report["valid"] is not bool(checks)
    assert report["region"] is None and report["path"] == str(path)


def test_values_of_hours_and_years_of_events_wait_for_the_region(valid, tmp_path, capsys) -> None:
    hours = valid["time"].values[0] + np.timedelta64(1, "h") * np.arange(365)
    frames = valid.assign_coords(time=hours).assign_attrs(fit_years='["radar-2001-07-01"]')
    (path,) = in_files([frames], tmp_path)
    status, report = report_of([path], capsys)
    assert (status, report["breaches"]) == (0, [])
    assert any("name the region" in note for note in report["notes"])


def test_against_a_region_the_text_says_what_was_checked_and_understood(
    valid, inputs, tmp_path, capsys, monkeypatch
) -> None:
    sampling = SimpleNamespace(model_dump_json=lambda exclude: ALL_DAYS)
    project = SimpleNamespace(
        region=REGION, budget=SimpleNamespace(sampling=sampling), seed=1, results_dir=""
    )
    monkeypatch.setattr(validate_submission, "load", lambda choices, root: project)
    monkeypatch.setattr(
        validate_submission, "target_and_driver", lambda *_: (inputs.target, inputs.driver)
    )
    path = tmp_path / "mine.nc"
    unstated = valid.isel(latitude=slice(None, None, -1)).drop_attrs(deep=False)
    unstated.to_netcdf(path)
    words = [str(path), "--region", "tiny", "--fit-years", "2001-2004"]
    validate_submission.main(words)
    first, scope, *notes = capsys.readouterr().out.splitlines()
    assert first == f"{path}: no breach"
    assert scope == "checked against tiny, driver perfect, splits: test"
    assert "  latitude runs from north to south: rows are turned" in notes
    status, report = report_of([*words[:-1], "2004-2005"], capsys)
    assert status == 1 and report["splits"] == ["test"] and report["driver"] == "perfect"
    assert [breach["check"] for breach in report["breaches"]] == ["fit years"]
    assert "latitude runs from north to south: rows are turned" in report["notes"]
    assert "365 times, 3 members, 8 × 12 cells" in report["notes"]
    with pytest.raises(UserError, match="absent.nc: no such file"):
        validate_submission.main([str(tmp_path / "absent.nc")])
