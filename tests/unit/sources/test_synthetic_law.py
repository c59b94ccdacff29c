import numpy as np
import pytest

import synthetic_region as made
from downbench.core.rng import generator
from downbench.core.spatial.grids import block_mean, upsample_bilinear
from downbench.sources.synthetic.fine_distribution import fine_given_coarse
from downbench.sources.synthetic.fine_noise import stacked, white_noise
from downbench.sources.synthetic.ground import ground
from downbench.sources.synthetic.random_fields import colour, power_law

OPTIONS = made.whole_region().target
AREA = made.target().cell_area.values.astype(np.float64)


@pytest.fixture(scope="module")
def terrain():
    return ground(made.target(), 8, 4.0)


def day(rain, count=1):
    """A mild westerly day with this rain."""
    shape = (count, 8, 8)
    return {
        "pr": np.broadcast_to(rain, shape).astype(np.float32),
        "tasmax": np.full(shape, 288.0, np.float32),
        "uas": np.full(shape, 4.0, np.float32),
        "vas": np.zeros(shape, np.float32),
    }


def draw(coarse, terrain, key="test", options=OPTIONS):
    count = len(coarse["pr"])
    noise = stacked(white_noise(generator(key, i), options, 8) for i in range(count))
    return fine_given_coarse(coarse, terrain, options, noise)


def test_a_dry_day_stays_exactly_dry(terrain):
    assert np.all(draw(day(0.0), terrain)["pr"] == 0)


@pytest.mark.parametrize("amount", [0.003, 0.1, 7.0, 250.0])
def test_a_single_wet_block_keeps_its_mean_and_its_neighbours_dry(terrain, amount):
    rain = np.zeros((8, 8))
    rain[3, 5] = amount
    fine = draw(day(rain), terrain)["pr"]
    assert np.all(np.isfinite(fine)) and fine.min() >= 0
    np.testing.assert_allclose(
        block_mean(fine.astype(np.float64), 8, AREA)[0], np.float32(rain), rtol=1e-6, atol=0
    )


def test_rough_coarse_fields_are_conserved(terrain):
    rng = np.random.default_rng(5)
    coarse = day(rng.exponential(10, (20, 8, 8)) * (rng.random((20, 8, 8)) < 0.5), 20)
    coarse["tasmax"] = rng.normal(285, 12, (20, 8, 8)).astype(np.float32)
    for name, fine in draw(coarse, terrain).items():
        found = block_mean(fine.astype(np.float64), 8, AREA)
        np.testing.assert_allclose(found, coarse[name], rtol=1e-6, atol=0)


def test_a_day_does_not_depend_on_its_batch(terrain):
    count = 7
    coarse = {name: values[:count] for name, values in made.perfect()[list(day(0))].items()}
    coarse = {name: values.values for name, values in coarse.items()}
    together = draw(coarse, terrain)
    noise = stacked([white_noise(generator("test", 4), OPTIONS, 8)])
    alone = fine_given_coarse({n: v[4:5] for n, v in coarse.items()}, terrain, OPTIONS, noise)
    for name in ("pr", "tasmax"):
        assert np.array_equal(together[name][4], alone[name][0])


def test_slopes_that_face_the_wind_get_more_rain(terrain):
    wind = np.float32(8)
    west, east = day(5.0, 60), day(5.0, 60)
    west["uas"], east["uas"] = west["uas"] * 0 + wind, east["uas"] * 0 - wind
    gain = draw(west, terrain)["pr"].mean(axis=0) - draw(east, terrain)["pr"].mean(axis=0)
    assert np.corrcoef(gain.ravel(), terrain.slope_east.ravel())[0, 1] > 0.3


def test_calm_cold_days_have_inversions_and_mild_ones_have_not_without_regimes(terrain):
    without = OPTIONS.model_copy(update={"regimes": "none"})
    height = (terrain.height_km - terrain.height_smooth_km).ravel()
    slopes = {}
    for kelvin in (268.0, 295.0):
        coarse = day(0.0, 60)
        coarse["tasmax"] = coarse["tasmax"] * 0 + np.float32(kelvin)
        coarse["uas"] = coarse["uas"] * 0 + np.float32(0.3)
        detail = draw(coarse, terrain, options=without)["tasmax"].mean(axis=0)
        smooth = terrain.blocks.up_conserving(terrain.blocks.mean(detail))
        slopes[kelvin] = np.polyfit(height, (detail - smooth).ravel(), 1)[0]
    assert slopes[295.0] < -5 and slopes[268.0] > 0


def test_operators_agree_with_the_projects_own(terrain):
    rng = np.random.default_rng(2)
    fine, coarse = rng.normal(size=(3, 64, 64)), rng.normal(size=(3, 8, 8))
    blocks = terrain.blocks
    np.testing.assert_allclose(blocks.mean(fine), block_mean(fine, 8, AREA), atol=1e-12)
    np.testing.assert_allclose(blocks.up(coarse), upsample_bilinear(coarse, 8), atol=1e-12)
    np.testing.assert_allclose(blocks.mean(blocks.up_conserving(coarse)), coarse, atol=1e-12)


def test_coloured_noise_has_unit_variance_and_the_slope_asked_for():
    rng = np.random.default_rng(3)
    fields = colour(rng.standard_normal((400, 64, 64)), power_law(64, 3.0, 30.0))
    assert abs(fields.var() - 1) < 0.05
    power = (np.abs(np.fft.fft2(fields)) ** 2).mean(axis=0)
    waves = np.fft.fftfreq(64) * 64
    radius = np.hypot(waves[:, None], waves[None, :])
    far = (radius > 8) & (radius < 30)
    slope = np.polyfit(np.log(radius[far]), np.log(power[far]), 1)[0]
    assert abs(slope + 3.0) < 0.1


def test_stretched_noise_is_long_along_its_azimuth():
    rng = np.random.default_rng(4)
    fields = colour(rng.standard_normal((200, 64, 64)), power_law(64, 3.0, 30.0, 2.5, 0.0))
    along, across = (np.diff(fields, axis=axis).var() for axis in (2, 1))
    assert along < 0.7 * across
