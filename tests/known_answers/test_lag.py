"""A driver labelled with another day is found out (trap T16)."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from downbench.core.calendar import lag
from downbench.core.errors import UserError
from downbench.core.spatial.grids import block_mean

AREA = np.ones((8, 8))


@pytest.fixture
def target() -> xr.Dataset:
    rng = np.random.default_rng(0)
    weather = np.zeros(400)
    for day in range(1, 400):
        weather[day] = 0.7 * weather[day - 1] + rng.normal()
    field = 285 + weather[:, None, None] + 0.3 * rng.normal(size=(400, 8, 8))
    winters = pd.date_range("2000-01-01", periods=200).append(
        pd.date_range("2001-01-01", periods=200)
    )
    content = {"tas": (("time", "y", "x"), field), "cell_area": (("y", "x"), AREA)}
    return xr.Dataset(content, coords={"time": winters})


def driver(target: xr.Dataset, shift_days: int) -> xr.Dataset:
    coarse = target.tas.coarsen(y=4, x=4).mean().rename(y="Y", x="X").to_dataset(name="tas")
    return coarse.assign_coords(time=coarse.time + np.timedelta64(shift_days, "D"))


def test_the_right_day_passes(target):
    lag.check(driver(target, 0), target, 4, "reanalysis")


@pytest.mark.parametrize("shift_days", [-1, 1])
def test_a_day_too_early_or_late_is_refused(target, shift_days):
    found = lag.correlations(driver(target, shift_days).tas, target.tas, 4, AREA)
    assert max(found, key=found.get) == -shift_days and found[-shift_days] > 0.95
    with pytest.raises(UserError, match="driver era: tas fits the target best when shifted"):
        lag.check(driver(target, shift_days), target, 4, "era")


def test_missing_cells_and_short_series_do_not_mislead(target):
    holed = target.assign(tas=target.tas.where(np.random.default_rng(1).random((400, 8, 8)) > 0.2))
    lag.check(driver(target, 0), holed, 4, "reanalysis")
    assert lag.correlations(driver(target, 0).tas[:20], target.tas[:20], 4, AREA) == {}


def test_block_means_are_those_of_the_drivers(target):
    """Trap T19: with other weights the very block means of the target would not fit it whole."""
    area = np.linspace(1.0, 50.0, 8)[:, None] * np.ones((8, 8))
    noise = np.random.default_rng(2).normal(size=(400, 8, 8))
    rough = target.tas + 30 * noise
    coarse = rough[:, :2, :2].rename(y="Y", x="X").copy(data=block_mean(rough.values, 4, area))
    assert lag.correlations(coarse, rough, 4, area)[0] == pytest.approx(1, abs=1e-12)
    assert lag.correlations(coarse, rough, 4, AREA)[0] < 0.99
