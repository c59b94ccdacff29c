"""Exact log scores: means of the log density, their differences, and files that do not fit."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import scores_fixtures
from downbench.core.errors import UserError
from downbench.scores import slabs
from downbench.scores.evaluation import score
from downbench.scores.log_densities import aligned_log_density
from downbench.scores.paired import log_scores
from downbench.scores.paired.model_pairs import pair_rows
from downbench.steps import evaluate

DAYS, MEMBERS = 12, 3


@pytest.fixture(scope="module")
def pair() -> tuple[xr.Dataset, xr.Dataset]:
    ensemble, reference = scores_fixtures.example(days=DAYS, members=MEMBERS)
    hole = reference["tasmax"].where(~((reference.y == 0) & (reference.x == 3)))
    return ensemble, reference.assign(tasmax=hole)


def density(reference: xr.Dataset, model: str = "tiny", shift: float = 0.0) -> xr.Dataset:
    """A log density that is a function of the reference."""
    names = ("pr", "tasmax")
    logs = {f"log_density_{n}": np.log1p(abs(reference[n] / 300)) + shift for n in names}
    return xr.Dataset(logs).assign_attrs(model=model)


def scored(folder: Path, pair, logs: xr.Dataset | None) -> pd.DataFrame:
    paths = scores_fixtures.write_stores(folder, pair)
    options = {"ensemble": paths[0], "reference": paths[1]}
    options |= {"scores": folder / "s.csv", "daily": folder / "d.nc"}
    if logs is not None:
        logs.to_netcdf(folder / "l.nc")
        options["log-density"] = folder / "l.nc"
    arguments = [text for name, path in options.items() for text in (f"--{name}", str(path))]
    evaluate.main([*arguments, "--evaluation", scores_fixtures.settings().model_dump_json()])
    return pd.read_csv(folder / "s.csv").query("metric.str.startswith('log_score')")


@pytest.fixture(scope="module")
def folders(pair, tmp_path_factory) -> dict[str, Path]:
    """Daily files of three models; one has no density."""
    folders = {name: tmp_path_factory.mktemp(name) for name in ("oracle", "dressed", "sampler")}
    for name, shift in (("oracle", 0.0), ("dressed", -0.25)):
        logs = density(pair[1], shift=shift)
        rows = scored(
            folders[name], pair, logs if name != "oracle" else logs[["log_density_tasmax"]]
        )
        assert len(rows)
    assert scored(folders["sampler"], pair, None).empty
    return folders


def test_log_score_is_the_mean_over_area_of_cells_with_a_reference(folders, pair) -> None:
    rows = pd.read_csv(folders["dressed"] / "s.csv").query("season == 'all'")
    rows = rows.set_index(["variable", "metric"])["value"]
    area, (_, reference) = pair[1]["cell_area"], pair
    logs = density(reference, shift=-0.25)
    mean = logs["log_density_tasmax"].weighted(area).mean().item()
    assert rows["tasmax", "log_score"] == pytest.approx(mean, rel=1e-5)
    wet = logs["log_density_pr"].where(reference["pr"] >= 1).weighted(area).mean().item()
    assert rows["pr", "log_score_wet"] == pytest.approx(wet, rel=1e-5)
    assert ("tasmax", "log_score_wet") not in rows.index


@pytest.mark.parametrize("days", [1, 5])
def test_days_keep_their_density_in_any_division(days: int, pair, monkeypatch) -> None:
    """Slabs begin with days of the slab before, which belong to other rows of the density."""
    size = days * pair[0]["pr"].isel(time=0).size
    monkeypatch.setattr(slabs, "SLAB_VALUES", size)
    monkeypatch.setattr(slabs, "BATCH_VALUES", size // days * 2)
    logs = aligned_log_density(density(pair[1]), *pair)
    sums = score(*pair, scores_fixtures.settings(), None, logs)["pr"].statistics["log_score"]
    mean = logs["pr"].weighted(pair[1]["cell_area"]).mean(("y", "x"))
    np.testing.assert_allclose((sums.total / sums.weight)[:, 0], mean, rtol=1e-5)


def test_an_outcome_that_a_model_excludes_decides(pair) -> None:
    logs = density(pair[1])
    logs["log_density_pr"][3, 2, 1] = -np.inf
    logs = aligned_log_density(logs, *pair)
    table = score(*pair, scores_fixtures.settings(), None, logs)["pr"].table
    rows = table.query("metric == 'log_score' and season == 'all'")
    assert list(rows["value"]) == [-np.inf]


def test_differences_are_paired_and_of_models_that_have_densities(folders) -> None:
    daily = {name: xr.load_dataset(folder / "d.nc") for name, folder in folders.items()}
    pairs = log_scores.pairs(daily, "dressed")
    assert pairs == [("oracle", "dressed"), ("dressed", "oracle")]
    members = dict.fromkeys(daily, MEMBERS)
    settings = scores_fixtures.settings()
    rows = pair_rows(daily, members, pairs, log_scores.differences, settings)
    assert list(rows["variable"]) == ["tasmax", "tasmax"]
    assert list(rows["metric"]) == ["log_score_minus_reference_model", "log_score_minus_oracle"]
    values = rows[["value", "lower", "upper"]].to_numpy(float)
    np.testing.assert_allclose(values, [[0.25] * 3, [-0.25] * 3], rtol=1e-5)


@pytest.mark.parametrize(
    "change, message",
    [
        (lambda logs: logs.isel(time=slice(1, None)), "lacks 1 evaluated times, the first 2001"),
        (lambda logs: logs.assign_coords(lat=logs.lat + 1), "lat differs"),
        (lambda logs: logs.assign_attrs(model="other"), "is of model 'other', ensemble of 'tiny'"),
        (
            lambda logs: logs.where(logs.x > 0),
            "pr: log density is missing or infinite in 192",
        ),
    ],
)
def test_densities_of_something_else_are_refused(change, message, pair) -> None:
    assert set(aligned_log_density(density(pair[1]), *pair)) == {"pr", "tasmax"}
    with pytest.raises(UserError, match=message):
        aligned_log_density(change(density(pair[1])), *pair)
