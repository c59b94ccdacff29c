"""Saturation vapour pressure and relative humidity against published values."""

import numpy as np
import pytest

from downbench.physics import saturation
from downbench.physics.saturation import ICE, WATER, saturation_pressure_pa


@pytest.mark.parametrize("formula", WATER)
def test_pressure_at_twenty_degrees(formula: str) -> None:
    assert 2331 < float(saturation_pressure_pa(293.15, formula)) < 2337


@pytest.mark.parametrize("formula", WATER)
def test_water_and_ice_meet_at_the_triple_point(formula: str) -> None:
    water, ice = (saturation_pressure_pa(273.16, formula, c) for c in (WATER, ICE))
    assert water == pytest.approx(611.2, abs=0.6) and ice == pytest.approx(611.2, abs=0.6)
    assert saturation_pressure_pa(253.15, formula, ICE) < saturation_pressure_pa(253.15, formula)


def test_rates_of_tetens() -> None:
    kelvin = 273.15 + np.array([0, 10, 20, 30])
    rates = saturation.rate_percent_per_k(kelvin)
    np.testing.assert_allclose(rates, [7.28, 6.70, 6.19, 5.74], atol=0.005)
    step = np.log(saturation_pressure_pa(kelvin + 0.01) / saturation_pressure_pa(kelvin - 0.01))
    np.testing.assert_allclose(rates, 100 * step / 0.02, rtol=1e-6)


def test_the_mixed_phase_goes_from_ice_to_water() -> None:
    cold, warm = 245.0, 280.0
    mixed = saturation.mixed_saturation_pressure_pa
    assert mixed(cold) == saturation_pressure_pa(cold, "alduchov", ICE)
    assert mixed(warm) == saturation_pressure_pa(warm, "buck")
    kelvin = np.arange(240, 285, 0.5)
    assert (np.diff(mixed(kelvin)) > 0).all()


def test_relative_humidity_of_saturated_air_is_a_hundred() -> None:
    kelvin, pressure = np.array([255.0, 268.0, 285.0]), 85_000.0
    vapour = saturation.mixed_saturation_pressure_pa(kelvin)
    mixing = 0.622 * vapour / (pressure - vapour)
    humidity = saturation.relative_humidity_percent(mixing / (1 + mixing), pressure, kelvin)
    np.testing.assert_allclose(humidity, 100, rtol=1e-6)


def test_a_tolerance_is_granted_above_a_hundred_only() -> None:
    humidity = np.array([0.0, 99.0, 101.9, 102.1, 120.0, np.nan])
    assert saturation.supersaturated(humidity, 2).tolist() == [False] * 3 + [True] * 2 + [False]
