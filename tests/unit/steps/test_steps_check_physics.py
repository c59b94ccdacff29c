"""The step check_physics: planted violations come back, beside their floors."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import scores_fixtures as made
from constrained_pairs import SETTINGS, perfect
from downbench.core.errors import UserError
from downbench.laws.batch import SOURCES
from downbench.laws.check import check
from downbench.laws.checks import negative_rain, supersaturation, temperature_order
from downbench.scores.table import COLUMNS
from downbench.steps.check_physics import main

DAYS, MEMBERS, SIDE = 30, 4, 16
FINE = ("time", "y", "x")


def obedient() -> tuple[xr.Dataset, xr.Dataset, xr.Dataset]:
    """Members equal to the truth, the truth, and its driver."""
    reference = made.example(DAYS, 2, SIDE, seed=5)[1]
    members = {n: np.repeat(reference[n].values[:, None], MEMBERS, 1) for n in ("pr", "tasmax")}
    return made.ensemble(reference.indexes["time"], **members), reference, perfect(reference)


def value(table: pd.DataFrame, metric: str, variable: str = "pr", **where: float) -> float:
    rows = table[(table["variable"] == variable) & (table["metric"] == metric)]
    for column, wanted in where.items():
        rows = rows[rows[column] == wanted]
    assert len(rows) == 1, rows
    return float(rows["value"].iloc[0])


def test_the_truth_breaks_no_law_and_the_interpolation_does() -> None:
    table = check(*obedient(), SETTINGS).table
    for law, source in (("mass", ""), ("mass", "_reference"), ("mass", "_input"), ("budget", "")):
        metric = f"{law}_violation_rate{source}"
        assert (table.loc[table["metric"] == metric, "value"] == 0).all()
    assert value(table, "mass_violation_rate_bilinear", threshold=5) > 0.3
    assert value(table, "mass_violation_rate_bilinear", "tasmax", threshold=0.1) > 0.3
    assert value(table, "negative_rain_rate") == 0
    assert value(table, "rain_without_moisture") == pytest.approx(0, abs=1e-6)


def test_planted_violations_are_counted() -> None:
    """One of four members, one of four cells, six of thirty days: 6 / (30 · 4 · 4)."""
    ensemble, reference, driver = obedient()
    ensemble["tasmax"][4:10, 1, :8, 8:] += 0.5
    ensemble["pr"][4:10, 1, :8, 8:] += 3.0
    table = check(ensemble, reference, driver, SETTINGS).table
    share = 6 / (DAYS * MEMBERS * 4)
    assert value(table, "mass_violation_rate", "tasmax", threshold=0.1) == pytest.approx(share)
    assert value(table, "mass_violation_rate", "tasmax", threshold=1.0) == 0
    for law in ("mass", "budget"):
        assert value(table, f"{law}_violation_rate", threshold=5) == pytest.approx(share)
        assert value(table, f"{law}_violation_rate_reference", threshold=5) == 0


def test_rain_that_nothing_feeds_is_found_where_it_falls() -> None:
    ensemble, reference, driver = obedient()
    extra = np.zeros((1, 1, SIDE, SIDE), "f4")
    extra[..., 8:, :8] = 2.0
    ensemble["pr"] = ensemble["pr"] + extra
    checked = check(ensemble, reference, driver, SETTINGS)
    area = reference["cell_area"]
    rain = ensemble["pr"].isel(member=0).weighted(area).sum(("y", "x")).sum("time")
    planted = DAYS * 2.0 * float(area[8:, :8].sum())
    share = planted / float(rain)
    assert value(checked.table, "rain_without_moisture") == pytest.approx(share, rel=1e-5)
    assert value(checked.table, "rain_without_moisture_reference") == pytest.approx(0, abs=1e-6)
    per_cell = checked.statistics["pr"]["without_moisture"]
    found = (per_cell.total.sum(0) / per_cell.weight.sum(0)).reshape(2, 2)
    assert found[1, 0] > 0.1
    np.testing.assert_allclose(np.delete(found.ravel(), 2), 0, atol=1e-6)


def test_moisture_taken_from_storage_is_no_rain_beyond_the_budget() -> None:
    ensemble, reference, driver = obedient()
    half = driver["evspsbl"] / 2
    rate = {"units": "kg m-2 s-1"}
    stored = driver.assign(
        evspsbl=half.assign_attrs(rate), prw_tendency=(-half).assign_attrs(rate)
    )
    table = check(ensemble, reference, stored, SETTINGS).table
    assert value(table, "rain_without_moisture") == pytest.approx(0.5, rel=1e-5)
    assert value(table, "rain_beyond_budget") == pytest.approx(0, abs=1e-6)
    assert value(table, "rain_without_moisture_cells", threshold=20) == 1


def test_missing_cells_count_nothing() -> None:
    """Trap T35: a half that the target lacks changes no rate of the other half."""
    ensemble, reference, driver = obedient()
    ensemble["pr"][:, 1] += 1.0
    cut = [one.isel(x=slice(8)) for one in (ensemble, reference)]
    wanted = check(*cut, driver.isel(X=[0]), SETTINGS).table
    reference["pr"][:, :, 8:] = np.nan
    ensemble["pr"][:, :, :, 8:] = 1e3
    found = check(ensemble, reference, driver, SETTINGS).table
    for metric in ("mass_violation_rate", "budget_violation_rate", "rain_without_moisture_cells"):
        assert value(found, metric, threshold=5) == value(wanted, metric, threshold=5) > 0


def test_a_block_without_all_its_cells_is_left_out() -> None:
    ensemble, reference, driver = obedient()
    ensemble["pr"][:, 2, 0, 0] = np.nan
    checked = check(ensemble, reference, driver, SETTINGS)
    assert (checked.statistics["pr"]["mass_violation"].weight == 3).all()
    assert value(checked.table, "mass_violation_rate", threshold=1) == 0


def test_other_lanes_show_the_floor_of_the_truth() -> None:
    """Trap T23: where the input is not the block mean of the truth, the truth violates too."""
    ensemble, reference, driver = obedient()
    driver["pr"] = driver["pr"] * 1.3
    table = check(ensemble, reference, driver, SETTINGS).table
    assert value(table, "mass_violation_rate_reference", threshold=20) > 0.3
    assert value(table, "mass_violation_rate_input", threshold=1) == 0


def test_laws_that_cannot_be_run_are_named() -> None:
    ensemble, reference, driver = obedient()
    checked = check(ensemble, reference, driver[["pr"]], SETTINGS)
    assert "mass conservation of tasmax: the driver has no tasmax" in checked.not_run
    assert any(law.startswith("moisture budget: absent are evspsbl") for law in checked.not_run)
    assert not checked.table["metric"].str.startswith("budget").any()
    with pytest.raises(UserError, match="lacks evspsbl"):
        check(ensemble, reference, driver.drop_vars("evspsbl"), SETTINGS)


def test_a_driver_of_other_days_or_another_grid_is_refused() -> None:
    ensemble, reference, driver = obedient()
    with pytest.raises(UserError, match="lacks 10 of the ensemble's 30 times"):
        check(ensemble, reference, driver.isel(time=slice(20)), SETTINGS)
    other = xr.concat([driver, driver.isel(Y=[0])], "Y")
    with pytest.raises(UserError, match="does not nest"):
        check(ensemble, reference, other, SETTINGS)


def test_the_scaling_of_the_members_stands_beside_that_of_the_truth() -> None:
    """Members that copy the truth share its rate; more rain on warm days raises theirs alone."""
    ensemble, reference, driver = obedient()
    table = check(ensemble, reference, driver, SETTINGS).table
    rate = value(table, "cc_rate", threshold=95)
    assert rate == pytest.approx(value(table, "cc_rate_reference", threshold=95))
    mean = reference["tasmax"].mean("time")
    ensemble["pr"] = ensemble["pr"] * np.exp(0.1 * (reference["tasmax"] - mean)).transpose(*FINE)
    steeper = check(ensemble, reference, driver, SETTINGS).table
    assert value(steeper, "cc_rate", threshold=95) - rate == pytest.approx(10.5, abs=3)
    assert value(steeper, "cc_rate_reference", threshold=95) == pytest.approx(rate)
    curve = steeper.query("metric == 'cc_rate_binned' and threshold == 95")
    assert len(curve) == 4 and curve["scale"].is_monotonic_increasing
    assert np.isnan(value(steeper, "cc_rate_input", threshold=99))


def test_bounds_are_counted_where_their_variables_are() -> None:
    """One of four members: 5 K too cold a maximum, air at 105 %, and rain below zero."""
    ensemble, reference, driver = obedient()
    for one in (ensemble, reference):
        one["tas"] = one["tasmax"] - 4
        one["hurs"] = 0 * one["tasmax"] + 100
    ensemble["tasmax"][:, 1] -= 5
    ensemble["hurs"][:, 2, :8] += 5
    ensemble["pr"][:10, 3] = -0.01
    checked = check(ensemble, reference, driver, SETTINGS)
    found = (
        value(checked.table, "temperature_order_violation_rate", "tasmax"),
        value(checked.table, "supersaturation_rate", "hurs"),
        value(checked.table, "negative_rain_rate", "pr"),
    )
    assert found == (1 / 4, 1 / 8, 1 / 12)
    modules = (negative_rain, supersaturation, temperature_order)
    names = [module.RATE.of("_reference").name for module in modules]
    floors = checked.table["metric"].isin(names)
    assert (checked.table.loc[floors, "value"] == 0).all() and floors.sum() == 3
    assert not any("saturation" in law or "order" in law for law in checked.not_run)


def test_batches_do_not_change_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = obedient()
    parts[0]["pr"][:, 1] += 1.0
    whole = check(*parts, SETTINGS).table
    monkeypatch.setattr("downbench.scores.slabs.BATCH_VALUES", 3 * MEMBERS * SIDE**2)
    pd.testing.assert_frame_equal(check(*parts, SETTINGS).table, whole)


def test_files_are_written_and_agree(tmp_path: Path) -> None:
    ensemble, reference, driver = obedient()
    ensemble["pr"][:, 1, :8, :8] += 1.0
    made.write_stores(tmp_path, (ensemble, reference))
    driver.to_zarr(tmp_path / "driver.zarr", mode="w")
    options = {"ensemble": "ensemble.zarr", "reference": "target.zarr", "driver": "driver.zarr"}
    options |= {"table": "laws.csv", "maps": "laws.nc"}
    arguments = [t for name, file in options.items() for t in (f"--{name}", str(tmp_path / file))]
    main([*arguments, "--evaluation", SETTINGS.model_dump_json()])
    table = pd.read_csv(tmp_path / "laws.csv")
    assert tuple(table.columns) == COLUMNS
    shares = table[~table["metric"].str.startswith(("cc_rate", "budget_residual"))]
    assert shares["value"].dropna().between(0, 1).all()
    assert shares["lower"].dropna().between(0, 1).all()
    maps = xr.load_dataset(tmp_path / "laws.nc")
    days = maps["pr_mass_violation"].weighted(maps["pr_mass_violation_weight"].fillna(0))
    again = days.mean("time").sel(tolerance_percent=5).item()
    assert again == pytest.approx(value(table, "mass_violation_rate", threshold=5))
    for source in SOURCES:
        assert maps[f"rain_without_moisture{source}"].shape == (2, 2)
        assert float(maps[f"budget_residual_count{source}"].sum()) == pytest.approx(DAYS * 4)
    assert maps.attrs["model"] == "tiny" and maps.attrs["headline_percent"] == 5


def test_tolerances_must_be_given(tmp_path: Path) -> None:
    ensemble, reference = made.write_stores(tmp_path, obedient()[:2])
    paths = ["--ensemble", str(ensemble), "--reference", str(reference), "--driver", "none"]
    out = ["--table", str(tmp_path / "t.csv"), "--maps", str(tmp_path / "m.nc")]
    with pytest.raises(UserError, match="no part 'physics'"):
        main([*paths, *out, "--evaluation", made.settings().model_dump_json()])
