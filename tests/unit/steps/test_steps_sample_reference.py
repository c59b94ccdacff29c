"""Other outcomes of the scored days, apart from the ensemble of the oracle."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import scores_fixtures
from downbench.core.config.loading import load
from downbench.core.config.region.region import Region
from downbench.core.io import stores
from downbench.core.spatial.grids import block_mean
from downbench.labs.base import Pairs, family, static_fields
from downbench.sources.synthetic import source
from downbench.steps import evaluate, sample_reference
from synthetic_region import region as configured

SIDE, MEMBERS, REDRAWS = 16, 4, 3
MODEL = load({"region": "synthetic"}, Path(__file__).parents[3]).models["oracle"]


def region() -> Region:
    """One year of the embedded region on a sixteenth of its cells, all of it for tests."""
    whole = configured(2007, 2007)
    noise = whole.target.noise.model_copy(update={"size": SIDE + SIDE // 2})
    smaller = whole.target.model_copy(update={"rows": SIDE, "columns": SIDE, "noise": noise})
    return whole.model_copy(update={"target": smaller})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stores of the target, the perfect driver, and an ensemble of the oracle."""
    folder = tmp_path_factory.mktemp("redraws")
    target = source.target(region()).assign_attrs(year_start_month=1, factor=8)
    driver = source.driver(region(), "perfect", target)
    stores.write(target, folder / "target.zarr")
    stores.write(driver, folder / "driver.zarr")
    oracle = family(MODEL).fit(Pairs(region(), target, driver, None), MODEL, None, 0, Path())
    ensemble = oracle.sample(driver, static_fields(target), MEMBERS, 1)
    described = scores_fixtures.ensemble(target.indexes["time"][:1], pr=ensemble.pr.values[:1])
    stores.write(ensemble.assign_attrs(described.attrs), folder / "ensemble.zarr")
    sampling = {"members": REDRAWS, "test_spells": 4, "spell_days": 5}
    options = {"region": region().model_dump_json(), "model": MODEL.model_dump_json()}
    options |= {"sampling": json.dumps(sampling), "seed": 1, "split": "test"}
    options |= {name: folder / f"{name}.zarr" for name in ("target", "driver", "redraws")}
    sample_reference.main([text for k, v in options.items() for text in (f"--{k}", str(v))])
    return folder


def test_outcomes_are_those_of_the_coarse_day_and_not_the_oracles(folder: Path) -> None:
    redraws, ensemble = (stores.read(folder / f"{n}.zarr") for n in ("redraws", "ensemble"))
    assert dict(redraws.sizes) | {"time": 20, "member": REDRAWS} == dict(redraws.sizes)
    driver = stores.read(folder / "driver.zarr").sel(time=redraws.time)
    area = stores.read(folder / "target.zarr").cell_area.values
    means = block_mean(redraws.tasmax.values, 8, area)
    assert abs(means - driver.tasmax.values[:, None]).max() < 1e-3
    same = ensemble.sel(time=redraws.time).isel(member=slice(REDRAWS))
    assert (abs(redraws.tasmax.values - same.tasmax.values).mean((1, 2, 3)) > 0.01).all()


def test_outcomes_remember_the_day_before(folder: Path) -> None:
    """Departures from the mean outcome have like patterns on consecutive days."""
    redraws = stores.read(folder / "redraws.zarr").tasmax.values
    departure = redraws - redraws.mean(axis=1, keepdims=True)
    pattern = departure / np.sqrt((departure**2).sum(axis=(-2, -1), keepdims=True))
    likeness = (pattern[1:] * pattern[:-1]).sum(axis=(-2, -1)).mean(axis=1)
    follows = np.arange(1, 20) % 5 > 0
    assert likeness[follows].mean() > 0.2 > abs(likeness[~follows].mean())


def test_evaluate_gives_the_score_of_the_distribution_itself(folder: Path) -> None:
    days = stores.read(folder / "ensemble.zarr").sel(
        time=stores.read(folder / "redraws.zarr").time
    )
    stores.write(days.load(), folder / "days.zarr")
    paths = {"ensemble": "days.zarr", "reference": "target.zarr", "redraws": "redraws.zarr"}
    paths |= {"scores": "s.csv", "daily": "d.nc"}
    evaluate.main([text for k, v in paths.items() for text in (f"--{k}", str(folder / v))])
    table = pd.read_csv(folder / "s.csv").query("season == 'all' and scale == 1")
    best = table[table["metric"] == "crps_reference"]["value"]
    assert (best > 0).all() and len(best) == 2
    kept = {"tasmax_crps_reference", "pr_crps_wet_fraction", "pr_crps_window_mean"}
    assert kept <= set(xr.open_dataset(folder / "d.nc").data_vars)
