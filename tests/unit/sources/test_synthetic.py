import numpy as np
import pytest

import synthetic_region as made
from downbench.core import contract
from downbench.core.errors import UserError
from downbench.core.spatial.grids import block_mean
from downbench.sources.synthetic import source
from downbench.sources.synthetic.fine_noise import stacked


def means(dataset, name):
    area = dataset.cell_area.values.astype(np.float64)
    return block_mean(dataset[name].values.astype(np.float64), 8, area)


def edge_ratio(fields):
    """Mean absolute difference across block edges over that inside blocks, along y and x."""
    ratios = []
    for axis in (1, 2):
        steps = np.abs(np.diff(fields, axis=axis)).mean(axis=(0, 3 - axis))
        at_edge = np.arange(1, steps.size + 1) % 8 == 0
        ratios.append(steps[at_edge].mean() / steps[~at_edge].mean())
    return ratios


def test_target_and_drivers_keep_the_contract():
    contract.check(made.target(), "target")
    contract.check(made.perfect(), "driver")
    for name in ("reanalysis", "gcm-historical", "gcm-future"):
        driver = source.driver(made.region(), name, made.target())
        contract.check(driver, "driver")
        assert driver.attrs["driver_type"] == made.region().drivers[name].type


def test_every_day_of_the_calendar_is_there():
    time = made.target().time.values
    assert time.size == 365 + 366
    assert np.all(np.diff(time) == np.timedelta64(1, "D"))
    assert np.datetime64("1984-02-29") in time


def test_years_configured_are_at_least_thirty():
    options = made.whole_region().target
    assert options.last_year - options.first_year + 1 >= 30
    assert min(options.shape()) >= 64


def test_same_seed_same_target():
    region = made.region(1984, 1984)
    first, again = source.target(region), source.target(region)
    assert first.identical(again)


def test_another_seed_gives_other_weather_and_terrain():
    other = source.target(made.region(1983, 1983, seed=99))
    same_year = made.target().isel(time=slice(0, 365))
    assert not np.array_equal(other.pr.values, same_year.pr.values)
    assert not np.array_equal(other.orog.values, same_year.orog.values)


def test_more_years_leave_the_earlier_ones_as_they_were():
    short = source.target(made.region(1983, 1983))
    assert np.array_equal(short.pr.values, made.target().pr.values[:365])


def test_noise_of_different_days_is_independent_without_regimes():
    options = made.region().target.model_copy(update={"regimes": "none"})
    region = made.region().model_copy(update={"target": options})
    days = made.perfect().isel(time=slice(0, 40))
    white = stacked(source._noise(region, days))["white"].reshape(40, -1)
    correlation = np.corrcoef(white)[np.triu_indices(40, 1)]
    assert np.abs(correlation).max() < 0.04


@pytest.mark.parametrize("name", ["pr", "tasmax"])
def test_block_means_are_the_coarse_process(name):
    truth = source.coarse_weather(made.region(), made.target())[name].values.astype(np.float64)
    np.testing.assert_allclose(means(made.target(), name), truth, rtol=1e-6, atol=0)


@pytest.mark.parametrize("name", ["pr", "tasmax"])
def test_perfect_driver_is_the_block_mean_of_the_target(name):
    np.testing.assert_allclose(
        made.perfect()[name].values, means(made.target(), name), rtol=1e-6, atol=0
    )


def test_rain_is_never_negative_and_mostly_dry():
    rain = made.target().pr.values
    assert rain.min() == 0
    assert 0.5 <= (rain == 0).mean() <= 0.7
    assert (rain[rain > 0] < 0.1).mean() < 0.05


@pytest.mark.parametrize("name", ["pr", "tasmax"])
def test_block_edges_do_not_show(name):
    fields = made.target()[name].values.astype(np.float64)
    assert np.all(np.abs(np.array(edge_ratio(fields)) - 1) < 0.15)


def test_block_edges_do_not_show_in_what_varies_of_temperature():
    fields = made.target().tasmax.values.astype(np.float64)
    assert np.all(np.abs(np.array(edge_ratio(fields - fields.mean(axis=0))) - 1) < 0.15)


def test_edge_ratio_sees_blocks():
    coarse = np.random.default_rng(0).random((50, 8, 8))
    rough = coarse.repeat(8, axis=1).repeat(8, axis=2) + np.random.default_rng(1).normal(
        0, 0.1, (50, 64, 64)
    )
    assert min(edge_ratio(rough)) > 1.5


@pytest.mark.parametrize(
    ("name", "steepest", "flattest"), [("pr", -3.2, -1.8), ("tasmax", -3.8, -2.6)]
)
def test_spectrum_is_a_power_law_down_to_the_grid(name, steepest, flattest):
    fields = made.target()[name].values[::3].astype(np.float64)
    if name == "tasmax":
        fields -= fields.mean(axis=0)
    waves = np.log(np.arange(3, 33))
    power = np.log(made.ring_spectrum(fields)[2:])
    slope, offset = np.polyfit(waves, power, 1)
    assert steepest < slope < flattest
    assert np.corrcoef(waves, power)[0, 1] ** 2 > 0.96
    assert np.abs(power - slope * waves - offset).max() < np.log(10) * 0.4


def test_terrain_is_sea_and_mountains():
    static = made.target()
    land, height = static.land.values, static.orog.values
    assert 0.05 < (land == 0).mean() < 0.5
    assert np.all(height[land == 0] == 0)
    assert 1500 < height.max() < 4500


def test_unknown_driver_is_named():
    with pytest.raises(UserError, match="drivers.era6"):
        source.driver(made.region(), "era6", made.target())


def test_target_of_other_days_is_refused():
    with pytest.raises(UserError, match="make target.zarr again"):
        source.driver(made.region(), "perfect", made.target().isel(time=slice(0, 100)))
