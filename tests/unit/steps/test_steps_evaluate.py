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


def test_maps_hold_the_example_days(written: Path, pair: Pair) -> None:
    maps = xr.load_dataset(written / "m.nc")
    assert list(maps["kind"].values) == ["wettest", "hottest", "typical"]
    assert maps["pr_members"].dims == ("day", "member", "y", "x")
    truth = pair[1]["pr"]
    wettest = int(truth.weighted(pair[1]["cell_area"]).mean(("y", "x")).argmax())
    np.testing.assert_array_equal(maps["pr_reference"][0], truth[wettest])
    drawn = pair[0]["pr"].isel(time=wettest)
    np.testing.assert_allclose(maps["pr_spread"][0], drawn.std("member", ddof=1), rtol=1e-4)


def test_defaults_come_from_the_project(pair: Pair, tmp_path: Path) -> None:
    ensemble, reference = scores_fixtures.write_stores(
        tmp_path, tuple(one.isel(time=slice(10)) for one in pair)
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


def test_cells_cannot_be_hidden(pair: Pair) -> None:
    """One cell of one member on one day is named; where the reference has none, all are free."""
    pair = pair[0][["tasmax"]].isel(time=slice(10)), pair[1]
    holed = pair[0].copy(deep=True)
    holed["tasmax"][7, 3, 4, 5] = np.nan
    with pytest.raises(UserError, match="tasmax, 2001-01-22.*: member 3, .* lacks 1 cells"):
        scored((holed, pair[1]))
    both = pair[1].copy(deep=True)
    both["tasmax"][7, 4, 5] = np.nan
    assert value(scored((holed, both)), "crps", "tasmax", scale=1) == value(
        scored((pair[0], both)), "crps", "tasmax", scale=1
    )


@pytest.mark.parametrize("which", [0, 1])
def test_times_are_the_days_used(
    pair: Pair, which: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Days without any value, of the ensemble or the reference, count nowhere.

    Windows of 2 and 3 days lack the first ones of each stretch.
    """
    holed = [one.isel(time=slice(70)).copy(deep=True) for one in pair]
    holed[which]["pr"][20:35] = np.nan
    table = scored(tuple(holed)).query("season == 'all'").groupby("variable")["times"]
    days = {"pr": {55, 53, 51}, "tasmax": {70, 69, 68}}
    assert table.unique().map(set).to_dict() == days
    assert "pr: 15 of 70 times have no value" in capsys.readouterr().err
    holed[which]["pr"][:] = np.nan
    with pytest.raises(UserError, match="pr has values .* on 0 of 70 times, at least 1"):
        scored(tuple(holed))


def test_missing_cells_cost_spectra_a_day_or_a_place(pair: Pair) -> None:
    """One cell of the reference on each of three days: the other days have spectra."""
    holed = pair[1].isel(time=slice(40)).copy(deep=True)
    holed["tasmax"][[3, 8, 20], [1, 9, 15], [2, 7, 0]] = np.nan
    table = scored((pair[0][["tasmax"]], holed)).query("season == 'all'")
    times = table.set_index("metric")["times"]
    for metric in ("log_spectral_distance", "log_spectral_distance_robust"):
        assert 0 <= value(table, metric, "tasmax") < 3 and times[metric] == 37
    assert set(times["rapsd"]) == {37} and set(times["crps"]) == {40}


def test_a_single_value_does_not_decide_robust_metrics(pair: Pair) -> None:
    rain = pair[0][["pr"]]
    spoiled = rain.copy(deep=True)
    spoiled["pr"][30, 2, 5, 5] = 4900.0
    before, after = (scored((one, pair[1])) for one in (rain, spoiled))
    change = {
        metric: abs(value(after, metric) - value(before, metric))
        for metric in ("spread_skill", "log_spectral_distance", "log_spectral_distance_robust",
                       "spread_skill_robust")
    }  # fmt: skip
    assert change["spread_skill"] > 0.5 and change["log_spectral_distance"] > 10
    assert change["spread_skill_robust"] < 0.1 and change["log_spectral_distance_robust"] < 0.2


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
    table = scored((part, pair[1])).query("season == 'all'").set_index("metric")["times"]
    windows = ["crps_window_mean", "energy_score_window"]
    assert table[windows].to_dict() == dict(zip(windows, (38, 39), strict=True))
    assert set(table.drop(windows)) == {40}


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
    with pytest.raises(UserError, match="none of its 50 times .* give both the same days"):
        aligned(pair[0].isel(time=slice(50)), pair[1].isel(time=slice(50, None)))


def stamped(dataset: xr.Dataset, hours: float) -> xr.Dataset:
    return dataset.assign_coords(time=dataset["time"] + np.timedelta64(int(hours * 60), "m"))


def test_too_few_common_days_are_refused_with_the_shift(
    pair: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    noon = stamped(pair[0], 12)
    with pytest.raises(UserError, match="2001-01-15T12.* 2001-01-15T00.* add -12 h to the stamps"):
        aligned(noon, pair[1])
    one = stamped(pair[0].isel(time=slice(30)), 24 * 99)
    with pytest.raises(UserError, match="1 of its 30 times is in the reference, at least 10"):
        aligned(one, pair[1], 10)
    aligned(one, pair[1])
    assert "29 of its 30 times are not in the reference" in capsys.readouterr().err
    with pytest.raises(UserError, match="give the ensemble more"):
        aligned(pair[0].isel(time=[3]), pair[1], 10)


def test_a_shifted_day_is_noticed(pair: Pair) -> None:
    """Only where the days follow the reference: an ensemble without skill fits all days alike."""
    ensemble = pair[0][["tasmax"]].isel(time=slice(70))
    with pytest.raises(UserError, match=r"tasmax fits .* shift its time stamps by -1 d"):
        scored((stamped(ensemble, 24), pair[1]))
    other_days = ensemble.isel(time=np.random.default_rng(0).permutation(70))
    scored((other_days.assign_coords(time=ensemble["time"]), pair[1]))


@pytest.mark.parametrize("unit", [86400, 1000])
def test_rain_of_another_unit_is_named(pair: Pair, unit: int) -> None:
    ensemble, reference = (one[["pr", *more]].isel(time=slice(12)) for one, more in
                           zip(pair, ([], ["cell_area"]), strict=True))  # fmt: skip
    with pytest.raises(UserError, match="the ensemble's mean .* the smaller one is in (kg|m day)"):
        scored((ensemble.assign(pr=ensemble["pr"] / unit), reference))
    with pytest.raises(UserError, match="the reference's mean"):
        scored((ensemble, reference.assign(pr=reference["pr"] / unit)))
    scored((ensemble.assign(pr=ensemble["pr"] * 0), reference))


def test_the_documented_minimum_is_enough(pair: Pair, table: pd.DataFrame, tmp_path: Path) -> None:
    """No region, frequency, land or units of static fields; axes of a regular grid."""
    ensemble, target = pair[0].copy(), pair[1].drop_vars("land")
    target["orog"].attrs, target["cell_area"].attrs = {}, {}
    target.attrs = {}
    least = [
        one.drop_vars(["lat", "lon"]).assign_coords(
            lat=("y", one["lat"].values[:, 0]), lon=("x", one["lon"].values[0])
        )
        for one in (ensemble.assign_attrs(fit_years="1981-1983"), target)
    ]
    paths = scores_fixtures.write_stores(tmp_path, tuple(least))
    arguments = ["--ensemble", str(paths[0]), "--reference", str(paths[1])]
    arguments += ["--evaluation", scores_fixtures.settings().model_dump_json()]
    main([*arguments, "--scores", str(tmp_path / "s.csv")])
    pd.testing.assert_frame_equal(
        pd.read_csv(tmp_path / "s.csv"), table, check_dtype=False, rtol=1e-5, atol=1e-6
    )


@pytest.mark.parametrize("years", ["2000-2001", "[2001]", [2001], "1999, 2001", '["1999-2001"]'])
def test_fit_years_are_read_however_they_are_written(pair: Pair, years: object) -> None:
    with pytest.raises(UserError, match="2001"):
        aligned(pair[0].assign_attrs(fit_years=years), pair[1])


def test_fit_years_that_name_no_years_are_refused(pair: Pair) -> None:
    with pytest.raises(UserError, match="names no years"):
        aligned(pair[0].assign_attrs(fit_years="1981 to 2000"), pair[1])


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


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        ({"model": "unet"}, "model is .*, not unet"),
        ({"trained_on": "perfect"}, "trained_on is absent, not perfect"),
        ({"variables": ["pr", "hurs"]}, "variable hurs is missing"),
    ],
)
def test_an_ensemble_that_is_not_the_planned_one_is_refused(
    pair: Pair, tmp_path: Path, expected: dict, message: str
) -> None:
    ensemble, reference = scores_fixtures.write_stores(tmp_path, pair)
    options = {"ensemble": ensemble, "reference": reference, "scores": tmp_path / "s.csv"}
    arguments = [text for name, path in options.items() for text in (f"--{name}", str(path))]
    with pytest.raises(UserError, match=message):
        main([*arguments, "--expected", json.dumps(expected)])
    assert not (tmp_path / "s.csv").exists()
