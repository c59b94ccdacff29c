"""The regions made of real data, where the data folder is at hand."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from downbench.core import contract
from downbench.core.calendar import splits
from downbench.core.config.loading import load
from downbench.core.config.region.region import Region
from downbench.core.errors import UserError
from downbench.core.spatial.grids import block_mean, upsample_bilinear
from downbench.sources.files import source

ROOT = Path(__file__).parents[2]


def region(name: str) -> Region:
    try:
        return load({"region": name}, ROOT).region
    except UserError as absent:
        pytest.skip(f"the data of {name} are not here: {str(absent).splitlines()[0]}")


@pytest.fixture(scope="module")
def iberia() -> tuple[Region, xr.Dataset]:
    section = region("iberia")
    return section, source.target(section)


@pytest.mark.parametrize("name", ["iberia", "alps-radar"])
def test_without_the_data_folder_every_file_is_reported_with_its_origin(name, tmp_path) -> None:
    with pytest.raises(UserError) as told:
        load({"region": name, "data_dir": str(tmp_path)}, ROOT)
    message = str(told.value)
    assert "data_dir" in message
    for file in {"iberia": ("eobs_025deg_djf", "ncep_pred"), "alps-radar": ("mch", "fmi", "mrms")}[
        name
    ]:
        assert file in message
    assert message.count("(from ") >= 3


def test_iberia_keeps_the_contract_on_a_fixed_mask(iberia) -> None:
    section, fine = iberia
    contract.check(fine, "target")
    missing = np.isnan(fine["pr"].values)
    assert (missing.any(axis=0) == missing.all(axis=0)).all()
    assert 1300 < (~missing[0]).sum() < 1400
    assert contract.missing_days(fine) == 0


def test_the_warmest_winter_of_iberia_is_the_one_held_out(iberia) -> None:
    section, fine = iberia
    winters = splits.year_labels(fine["time"], section.year_start_month)
    mean = fine["tas"].weighted(fine["cell_area"]).mean(("y", "x")).values
    by_winter = {int(w): mean[winters == w].mean() for w in np.unique(winters)}
    assert section.splits.warm == (max(by_winter, key=by_winter.get),)
    assert set(by_winter) == {
        *section.splits.train,
        *section.splits.validation,
        *section.splits.test,
        *section.splits.warm,
    }


def test_the_reanalysis_of_iberia_sees_the_same_days(iberia) -> None:
    """Correlations as documented with the data: about 0.68 for rain and 0.86 for temperature."""
    section, fine = iberia
    perfect = source.driver(section, "perfect", fine)
    seen = source.driver(section, "reanalysis", fine)
    contract.check(perfect, "driver")
    contract.check(seen, "driver")
    assert all(int(seen[name].isnull().sum()) == 0 for name in seen.data_vars)
    same = seen.sel(time=perfect["time"])
    assert 0.6 < float(xr.corr(perfect["pr"], same["pr"], "time").median()) < 0.8
    assert 0.8 < float(xr.corr(perfect["tas"], same["tas"], "time").median()) < 0.92
    dry = float(same["pr"].where(perfect["pr"].notnull()).mean() / perfect["pr"].mean())
    assert dry == pytest.approx(0.72, abs=0.05)


@pytest.mark.parametrize(("run", "days"), [("historical", 1805), ("rcp85", 1804)])
def test_a_free_run_of_iberia_needs_no_day_of_the_target(iberia, run, days) -> None:
    section, fine = iberia
    free = source.driver(section, f"cnrm-cm5-{run}", fine)
    contract.check(free, "driver")
    assert free.attrs["driver_type"] == "gcm"
    assert free.sizes == {"time": days, "Y": 5, "X": 7}
    assert all(
        int(free[name].isnull().sum()) == 0 for name in section.drivers["reanalysis"].predictors
    )
    assert run == "historical" or not np.isin(free["time"], fine["time"]).any()


def test_the_swiss_event_left_out_is_as_hard_as_known() -> None:
    """Bilinear interpolation of the 8 km means misses by about 0.3 mm h-1 on its wet patches."""
    section = region("alps-radar")
    swiss = tuple(f for f in section.target.patches.files if f.label == "mch")
    patches = section.target.patches.model_copy(update={"files": swiss})
    alone = section.model_copy(
        update={"target": section.target.model_copy(update={"patches": patches})}
    )
    fine = source.target(alone)
    contract.check(fine, "target")
    test = splits.select(fine, section.splits, "test")
    assert set(test["event"].values) == {"mch-2017-01-31"}
    assert test.sizes["time"] >= 96
    rate = test["pr"].values / 24
    smooth = upsample_bilinear(block_mean(rate, section.factor), section.factor)
    assert np.nanmean(np.abs(smooth - rate)) == pytest.approx(0.30, abs=0.03)
