"""The step evaluate: what it writes, what it refuses, and what must not change its numbers."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import scores_fixtures
from downbench.core.errors import UserError
from downbench.scores.alignment import aligned
from downbench.scores.evaluation import score
from downbench.scores.table import COLUMNS
from downbench.steps.evaluate import main

Pair = tuple[xr.Dataset, xr.Dataset]


def scored(pair: Pair, **changes: object) -> pd.DataFrame:
    found = score(*aligned(*pair), scores_fixtures.settings(**changes))
    return pd.concat([one.table for one in found.values()], ignore_index=True)


def value(table: pd.DataFrame, metric: str, variable: str = "pr", **where: object) -> float:
    rows = table[(table["variable"] == variable) & (table["metric"] == metric)]
    for column, wanted in ({"season": "all"} | where).items():
        rows = rows[rows[column] == wanted]
    assert len(rows) == 1, rows
    return float(rows["value"].iloc[0])


@pytest.fixture(scope="module")
def pair() -> Pair:
    return scores_fixtures.example(days=100, members=6, start="2001-01-15")


@pytest.fixture(scope="module")
def table(pair: Pair) -> pd.DataFrame:
    return scored(pair)


@pytest.fixture(scope="module")
def written(pair: Pair, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evaluate")
    ensemble, reference = scores_fixtures.write_stores(folder, pair)
    options = {"ensemble": ensemble, "reference": reference}
    options |= {"scores": folder / "s.csv", "daily": folder / "d.nc", "maps": folder / "m.nc"}
    arguments = [text for name, path in options.items() for text in (f"--{name}", str(path))]
    main([*arguments, "--evaluation", scores_fixtures.settings().model_dump_json()])
    return folder


def test_files_are_written_and_agree(written: Path, table: pd.DataFrame) -> None:
    read = pd.read_csv(written / "s.csv")
    assert tuple(read.columns) == COLUMNS
    pd.testing.assert_frame_equal(read, table, check_dtype=False, rtol=1e-7)
    daily = xr.load_dataset(written / "d.nc")
    mean = daily["pr_crps"].weighted(daily["pr_crps_weight"]).mean("time")
    for scale in (1, 2, 4, 8):
        whole = value(table, "crps", scale=scale)
        assert mean.sel(scale=scale).item() == pytest.approx(whole, rel=1e-6)


def test_maps_hold_both_days(written: Path, pair: Pair) -> None:
    maps = xr.load_dataset(written / "m.nc")
    assert list(maps["kind"].values) == ["wettest", "typical"]
    assert maps["pr_members"].dims == ("day", "member", "y", "x")
    truth = pair[1]["pr"]
    wettest = int(truth.weighted(pair[1]["cell_area"]).mean(("y", "x")).argmax())
    np.testing.assert_array_equal(maps["pr_reference"][0], truth[wettest])
    drawn = pair[0]["pr"].isel(time=wettest)
    np.testing.assert_allclose(maps["pr_spread"][0], drawn.std("member", ddof=1), rtol=1e-4)


def test_defaults_come_from_the_project(pair: Pair, tmp_path: Path) -> None:
    ensemble, reference = scores_fixtures.write_stores(
        tmp_path, tuple(one.isel(time=slice(9)) for one in pair)
    )
    paths = ["--ensemble", str(ensemble), "--reference", str(reference)]
    main([*paths, "--scores", str(tmp_path / "s.csv")])
    assert len(pd.read_csv(tmp_path / "s.csv"))


def test_every_metric_is_there_with_an_interval(table: pd.DataFrame) -> None:
    headline = (
        "crps crps_wet mae_mean bias spread_skill log_spectral_distance twcrps brier p99 "
        "wet_day_frequency energy_score variogram_score log_likelihood_kde"
    ).split()
    rows = table[(table["variable"] == "pr") & (table["season"] == "all")].set_index("metric")
    for metric in headline:
        each = rows.loc[[metric]]
        assert (each["lower"] <= each["value"]).all()
        assert (each["value"] <= each["upper"]).all()
        assert (each["lower"] < each["upper"]).any()
    assert {"rx1day", "lag1", "lag1_detail", "rank_chi2_p", "block_mean_error"} <= set(rows.index)


def test_data_finer_than_daily_have_no_indices_of_days(pair: Pair) -> None:
    few = tuple(one.isel(time=slice(12)) for one in pair)
    frames = scored((few[0], few[1].assign_attrs(frequency="5min")))
    assert {"rx1day", "txx"} <= set(scored(few)["metric"])
    assert not {"rx1day", "txx"} & set(frames["metric"])


def test_a_calibrated_ensemble_looks_calibrated() -> None:
    table = scored(scores_fixtures.example(days=200, members=6, side=16, seed=3))
    for variable in ("pr", "tasmax"):
        assert value(table, "spread_skill", variable) == pytest.approx(1, abs=0.05)
        ranks = table[(table["metric"] == "rank_histogram") & (table["variable"] == variable)]
        assert np.abs(ranks["value"] - 1).max() < 0.15
        assert value(table, "rank_chi2_p", variable) > 0.01
    assert value(table, "wet_day_frequency") == pytest.approx(
        value(table, "wet_day_frequency_reference"), abs=0.02
    )


def test_batches_do_not_change_the_scores(
    pair: Pair, table: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("downbench.scores.slabs.BATCH_VALUES", 3 * 6 * 256)
    monkeypatch.setattr("downbench.scores.slabs.SLAB_VALUES", 7 * 6 * 256)
    pd.testing.assert_frame_equal(scored(pair), table, rtol=1e-5, atol=1e-6)


def test_order_of_days_does_not_change_the_scores(pair: Pair, table: pd.DataFrame) -> None:
    shuffled = pair[0].isel(time=np.random.default_rng(0).permutation(100))
    pd.testing.assert_frame_equal(scored((shuffled, pair[1])), table, rtol=1e-5, atol=1e-6)


def test_missing_cells_count_nowhere(pair: Pair) -> None:
    """Trap T35: an ensemble with holes scores as the one cut to the cells that are left."""
    holed = tuple(one.copy(deep=True) for one in pair)
    holed[1]["pr"][:, :, 8:] = np.nan
    holed[0]["pr"][:, 2, :, 8:] = 1e4
    cut = tuple(one.isel(x=slice(8)) for one in pair)
    mine, wanted = scored(holed), scored(cut)
    for metric in ("crps_wet", "mae_mean", "bias", "spread_skill", "p99", "wet_day_frequency",
                   "energy_score", "log_likelihood_kde", "rx1day", "lag1"):  # fmt: skip
        assert value(mine, metric) == pytest.approx(value(wanted, metric), rel=1e-5), metric
    for scale in (1, 2, 4, 8):
        assert value(mine, "crps", scale=scale) == pytest.approx(
            value(wanted, "crps", scale=scale), rel=1e-5
        )
    assert np.isnan(value(mine, "log_spectral_distance"))


def test_a_missing_member_takes_the_cell_out(pair: Pair) -> None:
    holed = pair[0].copy(deep=True)
    holed["tasmax"][:, 3, 4, :] = np.nan
    both = pair[1].copy(deep=True)
    both["tasmax"][:, 4, :] = np.nan
    assert value(scored((holed, pair[1])), "mae_mean", "tasmax") == pytest.approx(
        value(scored((pair[0], both)), "mae_mean", "tasmax")
    )


def test_weights_are_cell_areas(pair: Pair) -> None:
    """Trap T5: the mean error is weighted by area, not by cell."""
    error = (pair[0]["tasmax"].mean("member") - pair[1]["tasmax"]).astype("f8")
    tilted = pair[1].copy()
    tilted["cell_area"] = tilted["cell_area"] * np.linspace(1, 9, 16)
    wanted = error.weighted(tilted["cell_area"]).mean().item()
    assert value(scored((pair[0], tilted)), "bias", "tasmax") == pytest.approx(wanted, abs=1e-4)
    assert abs(wanted - error.mean().item()) > 1e-4


def test_only_common_days_are_scored(pair: Pair) -> None:
    part = pair[0].isel(time=slice(20, 60))
    assert set(scored((part, pair[1])).query("season == 'all'")["times"]) == {40}


def test_seasons_split_the_days(table: pd.DataFrame) -> None:
    rows = table[(table["metric"] == "mae_mean") & (table["variable"] == "pr")]
    times = rows.set_index("season")["times"].to_dict()
    assert times == {"all": 100, "DJF": 45, "MAM": 55}


def test_a_single_member_gets_no_misleading_number(pair: Pair) -> None:
    table = scored((pair[0].isel(member=[0]), pair[1]))
    assert value(table, "crps", scale=1) == pytest.approx(value(table, "mae_mean"), rel=1e-6)
    for metric in ("spread", "spread_skill", "log_likelihood_kde"):
        assert np.isnan(value(table, metric))


def test_free_running_is_refused(pair: Pair) -> None:
    with pytest.raises(UserError, match="free-running"):
        aligned(pair[0].assign_attrs(driver_type="gcm"), pair[1])


def test_an_unknown_lane_is_scored_with_a_warning(
    pair: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    without = pair[0].copy()
    del without.attrs["driver_type"]
    aligned(*pair)
    assert capsys.readouterr().err == ""
    assert aligned(without, pair[1])[0].sizes["time"] == 100
    assert (
        "warning: ensemble of model 'tiny' has no attribute driver_type" in capsys.readouterr().err
    )


def test_fit_years_are_refused(pair: Pair, tmp_path: Path) -> None:
    fitted = pair[0].assign_attrs(fit_years=json.dumps([2000, 2001]))
    ensemble, reference = scores_fixtures.write_stores(tmp_path, (fitted, pair[1]))
    paths = ["--ensemble", str(ensemble), "--reference", str(reference)]
    with pytest.raises(UserError, match="2001"):
        main([*paths, "--scores", str(tmp_path / "s.csv")])
    assert not (tmp_path / "s.csv").exists()


def test_season_years_and_events_are_refused_too(pair: Pair) -> None:
    december = scores_fixtures.example(days=20, start="2000-12-05")
    fitted = december[0].assign_attrs(fit_years="[2001]")
    winter = december[1].assign_attrs(year_start_month=12)
    with pytest.raises(UserError, match="2001"):
        aligned(fitted, winter)
    event = pair[1].assign_coords(event=("time", ["storm"] * 100))
    with pytest.raises(UserError, match="storm"):
        aligned(pair[0].assign_attrs(fit_years='["storm"]'), event)
    assert aligned(pair[0].assign_attrs(fit_years='["calm"]'), event)


def test_events_have_no_next_day(pair: Pair) -> None:
    event = pair[1].assign_coords(event=("time", ["storm"] * 50 + ["calm"] * 50))
    table = scored((pair[0].assign_attrs(fit_years="[]"), event))
    assert np.isnan(value(table, "lag1"))


def test_other_grids_and_days_are_refused(pair: Pair) -> None:
    with pytest.raises(UserError, match="lat"):
        aligned(pair[0].isel(y=slice(8)), pair[1])
    with pytest.raises(UserError, match="no time"):
        aligned(pair[0].isel(time=slice(50)), pair[1].isel(time=slice(50, None)))


def test_pooling_factors_that_do_not_divide_the_grid_are_left_out(pair: Pair) -> None:
    cut = tuple(one.isel(x=slice(12)) for one in pair)
    rows = scored(cut).query("metric == 'crps' and variable == 'pr' and season == 'all'")
    assert sorted(rows["scale"]) == [1, 2, 4]


def test_a_dry_spell_is_no_accident() -> None:
    ensemble, target = scores_fixtures.example(days=12)
    ensemble, target = ensemble * 0, target.assign(pr=target["pr"] * 0)
    attributes = scores_fixtures.example(days=2)[0].attrs
    table = scored((ensemble.assign_attrs(attributes), target))
    assert value(table, "crps", scale=1) == 0
    assert np.isnan(value(table, "crps_wet"))
    assert value(table, "wet_day_frequency") == 0


def test_the_price_of_blur_is_reported_by_wavelength(table: pd.DataFrame) -> None:
    rain = table[table["variable"] == "pr"].set_index("metric")
    for metric in ("log_spectral_distance_band", "spectral_power_band"):
        bands = rain.loc[metric]
        assert len(bands) > 1 and bands["scale"].is_monotonic_increasing
        assert (bands["lower"] <= bands["value"]).all()
    assert rain.loc["log_spectral_distance_band", "lower"].min() >= 0
    assert rain.loc["spectral_power_detail", "lower"] < rain.loc["spectral_power_detail", "upper"]
