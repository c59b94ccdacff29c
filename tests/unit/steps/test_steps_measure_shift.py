"""The step that measures predictor shift: reads, measures, writes both files; refuses by name."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import coarse_series
import synthetic_region
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.scores.evaluation_settings import evaluation_settings
from downbench.steps import measure_shift

SPLITS = {"train": tuple(range(1991, 1995)), "validation": (1995,), "test": (1996,), "warm": ()}


def series(
    first_year: int, years: int, seed: int, driver_type: str, warmer_k: float = 0.0
) -> xr.Dataset:
    at = coarse_series.time(first_year, years, "noleap" if driver_type == "gcm" else "standard")
    fields = {
        "pr": coarse_series.rain(at, seed),
        "tas": coarse_series.temperature(at, seed) + warmer_k,
    }
    whole = coarse_series.series(at, **fields).rename(tas="tasmax")
    return whole.assign_attrs(driver_type=driver_type, frequency="day")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A training driver, the target's days, and a free run in a calendar without leap days."""
    found = tmp_path_factory.mktemp("shift")
    seen = series(1991, 6, 1, "perfect")
    fine = {n: seen[n].rename(Y="y", X="x") for n in ("pr", "tasmax")}
    place = {n: (("y", "x"), seen[n].values) for n in ("lat", "lon")}
    static = {
        name: (("y", "x"), np.full((2, 2), value, np.float32), {"units": unit})
        for name, value, unit in (("orog", 9, "m"), ("land", 1, "1"), ("cell_area", 9e7, "m2"))
    }
    whole = xr.Dataset({**{n: f.drop_vars(["lat", "lon"]) for n, f in fine.items()}, **static})
    target = whole.assign_coords(place).assign_attrs(region="synthetic", frequency="day")
    stores.write(target, found / "target.zarr")
    stores.write(seen, found / "perfect.zarr")
    stores.write(series(2041, 4, 2, "gcm", 6.0), found / "gcm-future.zarr")
    return found


def step(folder, name: str, to, at=None) -> None:
    region = synthetic_region.whole_region()
    splits = region.splits.model_copy(update=SPLITS)
    perfect = region.drivers["perfect"].model_copy(update={"predictors": ("pr", "tasmax")})
    small = region.model_copy(update={"splits": splits, "drivers": {"perfect": perfect}})
    bare = small.model_dump_json(exclude={"climate", "corrections", "trained_on"})
    evaluation = evaluation_settings(None)
    shift = evaluation.shift.model_copy(update={"permutations": 3, "most_days": 200})
    options = {
        "region": bare,
        "evaluation": evaluation.model_copy(update={"shift": shift}).model_dump_json(),
        "target": folder / "target.zarr",
        "trained-on": "perfect",
        "training": folder / "perfect.zarr",
        "driver-name": name,
        "driver": (at or folder) / f"{name}.zarr",
        "table": to / "shift.csv",
        "days": to / "days.nc",
    }
    measure_shift.main([part for k, v in options.items() for part in (f"--{k}", str(v))])


def test_both_files_tell_of_a_warmer_run_in_another_calendar(folder, tmp_path) -> None:
    step(folder, "gcm-future", tmp_path)
    table = pd.read_csv(tmp_path / "shift.csv").set_index(["variable", "metric", "season"])[
        "value"
    ]
    assert table["tasmax", "wasserstein", "JJA"] == pytest.approx(6, abs=0.5)
    assert table["pr", "pit_deviation", "all"] < 0.1
    assert table["all", "two_sample_auc", "DJF"] > 0.75
    assert table["all", "out_of_distribution_share", "all"] > 0.08
    with xr.open_dataset(tmp_path / "days.nc") as days:
        driver = stores.read(folder / "gcm-future.zarr")
        np.testing.assert_array_equal(days["time"], driver["time"])
        assert days["time"].dt.calendar == "noleap"
        assert days.attrs["trained_on"] == "perfect" and days.attrs["driver"] == "gcm-future"
        assert (
            0
            <= float(days["out_of_distribution"].min())
            < float(days["out_of_distribution"].max())
            <= 1
        )


def test_a_training_driver_is_looked_at_in_the_years_nobody_learned_from(folder, tmp_path) -> None:
    step(folder, "perfect", tmp_path)
    with xr.open_dataset(tmp_path / "days.nc") as days:
        assert set(days["time"].dt.year.values) == {1995, 1996}


def test_a_lacking_predictor_and_another_grid_are_named(folder, tmp_path) -> None:
    run = stores.read(folder / "gcm-future.zarr").load()
    for name, changed, words in (
        ("bare", run.drop_vars("tasmax"), "bare lacks tasmax, which models were trained with"),
        ("moved", run.assign_coords(lat=run["lat"] + 1), "moved and perfect: lat differs"),
    ):
        stores.write(changed, tmp_path / f"{name}.zarr")
        with pytest.raises(UserError, match=words):
            step(folder, name, tmp_path, at=tmp_path)
        assert not (tmp_path / "shift.csv").exists()
