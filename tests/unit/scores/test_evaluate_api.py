"""Any two files or datasets: the same scores, a short summary, and a light package."""

import subprocess
import sys
from pathlib import Path

import cftime
import numpy as np
import pandas as pd
import pytest
import xarray as xr

import downbench
import scores_fixtures
from downbench import evaluate
from downbench.core.errors import UserError
from downbench.scores import summary
from downbench.scores.evaluation_settings import evaluation_settings
from downbench.sources.files.scored_pair import read_pair
from downbench.steps import evaluate as step

FAST = {"bootstrap": {"replicates": 20, "block_days": 10},
        "least_common_days": 1}  # fmt: skip


@pytest.fixture(scope="module")
def pair() -> tuple[xr.Dataset, xr.Dataset]:
    return scores_fixtures.example(days=30, members=4, start="2001-01-15")


@pytest.fixture(scope="module")
def table(pair) -> pd.DataFrame:
    return evaluate(*pair, evaluation=FAST)


def in_cf_names(dataset: xr.Dataset) -> xr.Dataset:
    """Other names, order and units on axes of a regular grid."""
    axes = {"latitude": dataset["lat"].values[:, 0], "longitude": dataset["lon"].values[0]}
    fields = dataset[["pr", "tasmax"]].drop_vars(["lat", "lon"])
    fields = fields.rename(y="latitude", x="longitude", pr="precip").assign_coords(axes)
    fields["precip"] = (fields["precip"] / 86400).assign_attrs(units="kg m-2 s-1")
    return fields.isel(latitude=slice(None, None, -1)).transpose("latitude", "longitude", ...)


def test_files_and_datasets_have_the_same_scores(pair, table, tmp_path) -> None:
    ensemble, reference = map(in_cf_names, pair)
    ensemble = ensemble.rename(member="realization")
    ensemble.to_netcdf(tmp_path / "mine.nc")
    reference.to_zarr(tmp_path / "reference.zarr", consolidated=False)
    scores = evaluate(tmp_path / "mine.nc", tmp_path / "reference.zarr", evaluation=FAST)
    pd.testing.assert_frame_equal(scores, table, rtol=2e-3, atol=2e-3)


def test_stores_of_the_contract_are_read_as_they_are(pair, tmp_path) -> None:
    stores = scores_fixtures.write_stores(tmp_path, pair)
    for read, written in zip(read_pair(*stores), pair, strict=True):
        np.testing.assert_array_equal(read["pr"], written["pr"])
        assert read.attrs == written.attrs


def test_dates_of_other_calendars_and_a_single_variable(pair) -> None:
    dates = [cftime.DatetimeNoLeap(2001, 1, day) for day in range(1, 31)]
    ensemble, reference = (part.assign_coords(time=dates) for part in pair)
    mine, observed = read_pair(ensemble["tasmax"], reference)
    assert mine["time"].dt.calendar == observed["time"].dt.calendar == "noleap"
    assert mine.attrs["model"] == "the ensemble" and "pr" not in mine


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.rename(pr="a", tasmax="b"), "holds none of pr, .* rename the variable"),
        (lambda d: d.assign_coords(lat=d["lat"] + 1), "on another grid than the other file"),
        (lambda d: d.isel(member=0).drop_vars("time"), "without a time|time"),
    ],
)
def test_what_does_not_fit_is_named(pair, change, message) -> None:
    with pytest.raises(UserError, match=message):
        evaluate(change(pair[0]), pair[1])


@pytest.mark.parametrize(
    ("evaluation", "message"),
    [
        ({"nope": 1}, "evaluation: nope = 1"),
        ({"bootstrap": {"replicates": -5}}, "replicates = -5"),
    ],
)
def test_settings_that_do_not_exist_are_named(evaluation, message) -> None:
    with pytest.raises(UserError, match=message):
        evaluate("mine.nc", "reference.nc", evaluation=evaluation)


def test_a_path_may_begin_at_home_and_a_wrong_one_is_named(pair, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    pair[0].to_netcdf(tmp_path / "mine.nc")
    assert read_pair("~/mine.nc", pair[1])[0].sizes["time"] == 30
    with pytest.raises(UserError, match="min.nc: no such file"):
        read_pair("~/min.nc", pair[1])


def test_other_days_are_scored_with_a_warning_and_no_more_days_are_read(capsys) -> None:
    ensemble, reference = scores_fixtures.example(days=90, members=2, start="2001-01-01")
    weather = xr.DataArray(np.random.default_rng(0).normal(0, 5, 90), dims="time")
    ensemble, reference = (d.assign(tasmax=d["tasmax"] + weather) for d in (ensemble, reference))
    read_pair(ensemble, reference)
    assert "shifted" not in capsys.readouterr().err
    samples, _ = read_pair(ensemble.roll(time=1), reference.isel(time=slice(0, 80)))
    assert "tasmax fits the target best when shifted by a day" in capsys.readouterr().err
    assert samples.sizes["time"] == 81


def test_the_step_prints_a_summary(pair, tmp_path, capsys) -> None:
    in_cf_names(pair[0]).assign_attrs(pair[0].attrs).to_netcdf(tmp_path / "mine.nc")
    pair[1].to_netcdf(tmp_path / "reference.nc")
    settings = evaluation_settings(None).model_copy(
        update=dict(scores_fixtures.settings(bootstrap=FAST["bootstrap"] | {"confidence": 0.95}))
    )
    paths = {"ensemble": "mine.nc", "reference": "reference.nc", "scores": "s.csv"}
    arguments = [text for n, p in paths.items() for text in (f"--{n}", str(tmp_path / p))]
    step.main([*arguments, "--evaluation", settings.model_dump_json()])
    lines = capsys.readouterr().out.splitlines()
    assert lines == summary.lines(pd.read_csv(tmp_path / "s.csv"))
    assert len(lines) <= summary.MOST_LINES
    assert lines[0] == "pr, rain (30 days, 4 members)"
    assert any(line.startswith("  CRPS") and " to " in line for line in lines)


def test_many_variables_fit_into_the_summary(table) -> None:
    names = ("pr", "tasmax", "tas", "tasmin", "sfcWind")
    tables = [table[table["variable"] == "tasmax"].assign(variable=name) for name in names]
    assert len(summary.lines(pd.concat(tables))) <= summary.MOST_LINES


def test_only_the_package_itself_has_content_and_its_import_is_light() -> None:
    root = Path(downbench.__file__)
    with_content = [p for p in root.parent.rglob("__init__.py") if p.read_text().strip()]
    assert with_content == [root]
    heavy = ("numpy", "pandas", "torch", "xarray", "matplotlib")
    code = f"import sys, downbench; assert not [n for n in {heavy} if n in sys.modules]"
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(AttributeError, match="no attribute 'score'"):
        downbench.score  # noqa: B018
