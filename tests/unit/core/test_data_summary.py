"""Statistics of a series by month, summed part by part; checks of a region's stores as results."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import data_stores
from downbench.core.data_summary import region_summary, variable_summary
from downbench.core.data_summary.attempts import attempt
from downbench.core.data_summary.region_summary import summarise


@pytest.fixture(scope="module")
def target() -> xr.Dataset:
    return data_stores.target()


def test_statistics_are_those_of_all_values(target, monkeypatch) -> None:
    monkeypatch.setattr(variable_summary, "VALUES_AT_ONCE", 30 * target["orog"].size)
    area = np.ones(target["orog"].shape)
    rain = target["pr"]
    summary = variable_summary.summarise(rain, area)
    winter = rain[rain.time.dt.month.isin([12, 1, 2])]
    values = winter.values[np.isfinite(winter.values)]
    months = (12, 1, 2)
    np.testing.assert_allclose(summary.mean(months), winter.mean("time"), rtol=1e-5)
    assert summary.domain_mean(months) == pytest.approx(values.mean(dtype=float), rel=1e-5)
    assert summary.wet_share(months) == pytest.approx((values >= 1).mean())
    assert summary.intensity(months) == pytest.approx(values[values >= 1].mean(), rel=1e-5)
    assert summary.p99(months) == pytest.approx(np.quantile(values, 0.99), rel=0.02)


def test_sums_are_weighted_by_area(target) -> None:
    left = np.zeros(target["orog"].shape)
    left[:, 2] = 1.0
    summary = variable_summary.summarise(target["tas"], left)
    expected = float(target["tas"].isel(x=2).mean())
    assert summary.domain_mean() == pytest.approx(expected, rel=1e-6)


def test_missing_values_are_counted_in_cells_that_ever_have_one(target) -> None:
    holes = target["tas"].copy()
    holes[3], holes[5, :4] = np.nan, np.nan
    missing = variable_summary.summarise(holes, np.ones(target["orog"].shape)).missing
    assert missing[3] == 1 and missing[5] == pytest.approx(0.5)
    assert missing[[0, 1, 2, 4]].max() == 0


def attention(checks: dict) -> dict[str, set[str]]:
    return {
        name: {r.check for r in results if r.outcome == "attention"}
        for name, results in checks.items()
    }


def test_wrong_series_are_results_and_no_errors(target, tmp_path: Path) -> None:
    good = data_stores.driver(target, "reanalysis")
    late = good.assign_coords(time=good.time + np.timedelta64(1, "D"))
    flipped = good.isel(Y=slice(None, None, -1)).assign_coords(lat=good.lat, lon=good.lon)
    rates = good.assign(pr=(good["pr"] / 86400).assign_attrs(units="mm day-1"))
    free = good.assign_attrs(driver_type="gcm").convert_calendar("noleap", use_cftime=True)
    drivers = {"good": good, "late": late, "flipped": flipped, "rates": rates, "free": free}
    paths = data_stores.write(tmp_path, target, **drivers)
    data_stores.stores.write(good.drop_vars("lat"), tmp_path / "placeless.zarr")
    (tmp_path / "torn.zarr").mkdir()
    (tmp_path / "torn.zarr/zarr.json").write_text("{")
    paths |= {
        "placeless": tmp_path / "placeless.zarr",
        "torn": tmp_path / "torn.zarr",
        "absent": tmp_path / "absent.zarr",
    }
    data = summarise(paths.pop("target"), paths, data_stores.FACTOR)
    found = attention(data.checks)
    assert found["target"] == found["good"] == found["free"] == set()
    assert found["late"] == {"day"} and "orientation" in found["flipped"]
    assert found["rates"] == {"size"}
    assert found["torn"] == found["absent"] == {"readable"}
    assert found["placeless"] == {"data contract", "statistics"}
    assert list(data.drivers) == ["good", "late", "flipped", "rates", "free"]
    assert data.drivers["free"].calendar == "noleap"


def test_lags_of_two_days_and_turned_grids_are_reported(target, tmp_path: Path) -> None:
    paths = data_stores.write(tmp_path, target, era=data_stores.driver(target, "reanalysis"))
    data = summarise(paths.pop("target"), paths, data_stores.FACTOR)
    by_check = {(r.check, r.variable): r for r in data.checks["era"]}
    assert list(by_check["day", "tas"].numbers) == [-2, -1, 0, 1, 2]
    assert by_check["orientation", "tas"].numbers["flipped north–south"] < 0.9
    assert by_check["coverage", "psl"].outcome == "information"
    assert by_check["size", "pr"].value.endswith("ratio 1.00")


def test_a_check_that_stops_leaves_the_others(target, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(region_summary.static_fields, "results", lambda target: 1 / 0)
    paths = data_stores.write(tmp_path, target)
    checks = summarise(paths["target"], {}, data_stores.FACTOR).checks["target"]
    assert [result.outcome for result in checks] == ["pass", "not compared"]
    assert "division by zero" in checks[1].value


def test_what_stops_in_a_computation_is_not_called_unreadable(target, tmp_path: Path) -> None:
    paths = data_stores.write(tmp_path, target.isel(y=slice(7)))
    checks = summarise(paths["target"], {}, data_stores.FACTOR).checks["target"]
    (stopped,) = (result for result in checks if result.check == "statistics")
    assert (stopped.value, stopped.limit) == ("incomplete", "of every value")
    results: list = []
    attempt(results, open, tmp_path / "absent", what="readable")
    assert (results[0].value, results[0].limit) == ("no", "whole and undamaged")


def test_a_run_without_a_target_is_not_compared(target, tmp_path: Path) -> None:
    paths = data_stores.write(tmp_path, target, run=data_stores.regional_model(target))
    runs = {"run": paths["run"]}
    data = summarise(tmp_path / "absent.zarr", {}, data_stores.FACTOR, runs)
    assert [r.outcome for r in data.checks["run"]] == ["pass", "not compared"]
    assert data.checks["run"][-1].value == "the target cannot be read"


def test_a_grid_that_blocks_do_not_divide_is_a_result(target, tmp_path: Path) -> None:
    paths = data_stores.write(tmp_path, target.isel(y=slice(7)))
    data = summarise(paths["target"], {}, data_stores.FACTOR)
    assert attention(data.checks)["target"] == {"statistics"}
    assert data.block_means is None and list(data.target.variables) == ["pr", "tas"]
