"""Memory of the fine noise: a sequence remembers, a single day does not show it."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

import small_synthetic as small
from downbench.core.config.model.families.oracle import OracleOptions
from downbench.labs.base import static_fields
from downbench.labs.baselines import oracle
from downbench.sources.synthetic import source
from downbench.sources.synthetic.fine_noise import stacked
from downbench.sources.synthetic.memory import carried, in_sequence

CELLS, FACTOR = 16, 8
REGION = small.region(CELLS, FACTOR)
MEMORY = REGION.target.regimes.memory


@pytest.fixture(scope="module")
def target():
    return source.target(REGION)


@pytest.fixture(scope="module")
def driver(target):
    return source.driver(REGION, "perfect", target).isel(time=slice(0, 60))


def noise(memory=MEMORY, days=200):
    """Noise of days with a gusty wind, as arrays (days, …)."""
    options = small.with_regimes(REGION.target, memory=memory.model_dump())
    wind = np.random.default_rng(1).normal(0, 8, (2, days, 1, 1))
    white = small.noise(options, FACTOR, days)
    fresh = ({name: values[day] for name, values in white.items()} for day in range(days))
    coarse = dict(zip(("uas", "vas"), wind, strict=True))
    return stacked(in_sequence(fresh, coarse, options, REGION.resolution_km))


def test_the_noise_of_a_day_is_standard_normal_whatever_the_wind():
    for name, values in noise().items():
        # Days far apart, which all but forgot each other.
        apart = values[::25].ravel()
        assert stats.kstest(apart, "norm").pvalue > 0.001, name
        assert abs((values**2).mean() - 1) < 0.2, name


def test_noise_remembers_as_configured_where_nothing_moves():
    still = MEMORY.model_copy(update={"rain_hours": 0.0, "temperature_hours": 0.0})
    values = noise(still)
    for name, correlation in (("temperature", still.temperature), ("rain_4", still.rain)):
        found = (values[name][1:] * values[name][:-1]).mean()
        assert found == pytest.approx(correlation, abs=0.03)


def test_a_north_wind_carries_to_the_south():
    field = np.zeros((4, 4))
    field[2, 1] = 1
    moved = carried(field, np.array([0.0, -5.0]), hours=1.0, width_km=4 * 18.0)
    assert moved[1, 1] == 1 and moved.sum() == 1


def lag1(fields):
    """Lag-1 correlation of the detail of fields (days, …, y, x) about its mean."""
    blocks = small.surface(CELLS, FACTOR).blocks
    fields = fields.astype(np.float64)
    detail = fields - blocks.up_conserving(blocks.mean(fields))
    detail = detail - detail.mean(axis=0)
    return (detail[1:] * detail[:-1]).mean() / (detail**2).mean()


def ensemble(memory, target, driver):
    model = SimpleNamespace(name="oracle", options=OracleOptions(memory=memory))
    pairs = SimpleNamespace(region=REGION, driver=driver, target=target)
    fitted = oracle.fit(pairs, model, None, 1, None)
    return fitted.sample(driver, static_fields(target), 2, 5)


def test_trajectories_remember_like_the_target_and_single_days_do_not(target, driver):
    of_target = lag1(target.tasmax.values[:60])
    remembered, fresh = (
        lag1(ensemble(memory, target, driver).tasmax.values) for memory in (True, False)
    )
    assert abs(remembered - of_target) < 0.12
    assert fresh < of_target - 0.1


def test_a_gap_is_forgotten(target, driver):
    """The day after a gap is the first of a sequence: its noise is that of a single day."""
    days = driver.isel(time=[10, 11, 20])
    remembered, fresh = (ensemble(memory, target, days) for memory in (True, False))
    assert np.array_equal(remembered.pr.values[[0, 2]], fresh.pr.values[[0, 2]])
    assert not np.array_equal(remembered.tasmax.values[1], fresh.tasmax.values[1])
