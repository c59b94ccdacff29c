"""The step check_warming: a planted rate comes back, beside those of truth and input."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import scores_fixtures
from constrained_pairs import SETTINGS, perfect
from downbench.core.errors import UserError
from downbench.laws.warming import Run, check, make_run
from downbench.scores.table import COLUMNS
from downbench.steps.check_warming import main

DAYS, MEMBERS, SIDE, WARMING_K, RATE = 120, 3, 16, 2.0, 1.065
BLOCK_DAYS = SETTINGS.bootstrap.block_days


def target() -> xr.Dataset:
    """The same weather twice, four years apart; the second time warmer, and wetter by the rate."""
    time = pd.date_range("1991-01-01", periods=DAYS)
    rng = np.random.default_rng(4)
    # Well above the wet-day threshold, so that warming brings no further wet days.
    rain = scores_fixtures.rain_like(scores_fixtures.smooth_noise(rng, DAYS, SIDE, SIDE))
    rain = np.where(rain > 0, rain + 1, 0)
    warmth = 285 + 3 * scores_fixtures.smooth_noise(rng, DAYS, SIDE, SIDE)
    return scores_fixtures.target(
        time.append(pd.date_range("1995-01-01", periods=DAYS)),
        pr=np.concatenate([rain, rain * RATE**WARMING_K]),
        tasmax=np.concatenate([warmth, warmth + WARMING_K]),
    )


def run(
    reference: xr.Dataset, year: int, factor: float = 1.0, driver_type: str = "perfect"
) -> Run:
    """Members equal to the truth of a year but for a factor on rain, and their driver."""
    days = reference.sel(time=str(year))
    members = {n: np.repeat(days[n].values[:, None], MEMBERS, 1) for n in ("pr", "tasmax")}
    members["pr"] = members["pr"] * factor
    made_of = scores_fixtures.ensemble(days.indexes["time"], **members).assign_attrs(
        driver_type=driver_type
    )
    return make_run(made_of, perfect(reference), BLOCK_DAYS)


def rates(table: pd.DataFrame, source: str = "") -> pd.Series:
    rows = table[table["metric"] == f"cc_rate_between{source}"]
    return rows.set_index("threshold")["value"]


def test_a_planted_rate_comes_back_beside_truth_and_input() -> None:
    reference = target()
    table = check(run(reference, 1991), run(reference, 1995), reference, SETTINGS)
    warming = table[table["metric"].str.startswith("warming_between")]["value"]
    np.testing.assert_allclose(warming, WARMING_K, atol=1e-3)
    for source, near in (("", 0.3), ("_reference", 0.3), ("_input", 2.0)):
        assert rates(table, source)[95] == pytest.approx(6.5, abs=near)
    held = table[table["metric"] == "cc_rate_between"].iloc[0]
    assert held["lower"] < 6.5 < held["upper"]


def test_members_that_miss_the_rise_differ_from_the_truth() -> None:
    reference = target()
    later = run(reference, 1995, factor=RATE**-WARMING_K)
    table = check(run(reference, 1991), later, reference, SETTINGS)
    assert rates(table)[95] == pytest.approx(0, abs=0.3)
    assert rates(table, "_reference")[95] == pytest.approx(6.5, abs=0.3)


def test_without_warming_there_is_no_rate() -> None:
    reference = target()
    same = run(reference, 1991)
    table = check(same, same, reference, SETTINGS)
    assert rates(table).isna().all()
    assert table.loc[table["metric"] == "warming_between", "value"].item() == 0


def test_free_running_days_have_no_truth() -> None:
    reference = target()
    runs = [run(reference, year, driver_type="gcm") for year in (1991, 1995)]
    table = check(*runs, reference, SETTINGS)
    assert not table["metric"].str.endswith("_reference").any()
    assert rates(table)[95] == pytest.approx(6.5, abs=0.3)


def test_what_cannot_be_compared_is_refused() -> None:
    reference = target()
    first, second = run(reference, 1991), run(reference, 1995)
    other = Run(second.ensemble.assign_attrs(model="other"), second.driver, second.labels)
    with pytest.raises(UserError, match="differ in model"):
        check(first, other, reference, SETTINGS)
    fewer = Run(second.ensemble.isel(member=[0]), second.driver, second.labels)
    with pytest.raises(UserError, match="differ in number of members"):
        check(first, fewer, reference, SETTINGS)
    with pytest.raises(UserError, match="needs pr and tas or tasmax"):
        check(first, second, reference.drop_vars("tasmax"), SETTINGS)
    with pytest.raises(UserError, match="120 of the ensemble's 120 times"):
        make_run(second.ensemble, first.driver.sel(time="1991"), BLOCK_DAYS)
    seen = Run(first.ensemble.assign_attrs(fit_years="[1991]"), first.driver, first.labels)
    with pytest.raises(UserError, match="1991"):
        check(seen, second, reference, SETTINGS)


def test_files_are_read_and_a_table_is_written(tmp_path: Path) -> None:
    reference = target()
    arguments = ["--reference", str(tmp_path / "target.zarr"), "--table", str(tmp_path / "w.csv")]
    for name, year in (("earlier", 1991), ("later", 1995)):
        one = run(reference, year)
        scores_fixtures.write_stores(tmp_path, (one.ensemble, reference))
        (tmp_path / "ensemble.zarr").rename(tmp_path / f"{name}.zarr")
        one.driver.to_zarr(tmp_path / "driver.zarr", mode="w")
        arguments += [f"--{name}", str(tmp_path / f"{name}.zarr")]
        arguments += [f"--{name}-driver", str(tmp_path / "driver.zarr")]
    main([*arguments, "--evaluation", SETTINGS.model_dump_json()])
    table = pd.read_csv(tmp_path / "w.csv")
    assert tuple(table.columns) == COLUMNS
    assert rates(table)[95] == pytest.approx(6.5, abs=0.3)
