"""Spectra of fields whose spectrum is known (traps T6, T7, T32)."""

import numpy as np
import pytest

from downbench.scores.metrics.spectra import log_spectral_distance, octaves, power_ratio
from downbench.scores.power_spectrum import detrend, hann, rapsd, rings


@pytest.mark.parametrize("number", [1, 5, 10, 20, 32])
@pytest.mark.parametrize("axis", ["x", "y"])
def test_a_wave_lands_in_exactly_one_ring(number: int, axis: str) -> None:
    ramp = np.arange(64) / 64
    wave = np.cos(2 * np.pi * number * ramp)
    field = np.broadcast_to(wave, (64, 64)) if axis == "x" else np.broadcast_to(wave, (64, 64)).T
    power = rapsd(field, 4.0, 4.0, 1.0)
    assert np.argmax(power) == number - 1
    assert power[number - 1] > 0.999999 * power.sum()


def test_a_windowed_wave_stays_within_one_ring_of_its_own() -> None:
    wave = np.cos(2 * np.pi * 10 * np.arange(64) / 64) * np.ones((64, 1))
    power = rapsd(detrend(wave), 4.0, 4.0, hann(64, 64))
    assert np.argmax(power) == 9
    assert power[8:11].sum() > 0.99 * power.sum()


def test_wavenumbers_are_physical_where_dx_and_dy_differ() -> None:
    """A wave of 60 km along x on cells of 3 km × 5 km."""
    field = np.cos(2 * np.pi * 3.0 * np.arange(100) / 60.0) * np.ones((60, 1))
    _, wavenumber = rings(60, 100, 5.0, 3.0)
    power = rapsd(field, 5.0, 3.0, 1.0)
    assert 1 / wavenumber[np.argmax(power)] == pytest.approx(60.0)
    assert wavenumber[0] > 0
    assert wavenumber[-1] <= 1 / (2 * 5.0) + 1e-12


@pytest.mark.parametrize("taper", [1.0, hann(64, 96)])
def test_white_noise_is_flat_at_its_variance(taper) -> None:
    noise = 2.0 * np.random.default_rng(0).normal(size=(300, 64, 96))
    power = rapsd(noise, 4.0, 3.0, taper).mean(axis=0)
    np.testing.assert_allclose(power, 4 * 4 * 3, rtol=0.1)


@pytest.mark.parametrize("beta", [2.0, 3.0])
def test_slope_of_a_power_law(beta: float) -> None:
    rng = np.random.default_rng(1)
    k = np.hypot(np.fft.fftfreq(256)[:, None], np.fft.rfftfreq(256))
    k[0, 0] = np.inf
    noise = np.fft.rfft2(rng.normal(size=(10, 256, 256)))
    field = np.fft.irfft2(noise * k ** (-beta / 2), s=(256, 256))[:, :128, :128]
    power = rapsd(detrend(field), 1.0, 1.0, hann(128, 128)).mean(axis=0)
    _, wavenumber = rings(128, 128, 1.0, 1.0)
    inner = slice(4, 50)
    slope = np.polyfit(np.log(wavenumber[inner]), np.log(power[inner]), 1)[0]
    assert slope == pytest.approx(-beta, abs=0.15)


def test_detrend_removes_a_plane() -> None:
    plane = 3 + 2 * np.arange(20)[:, None] - 0.5 * np.arange(30)
    np.testing.assert_allclose(detrend(plane), 0, atol=1e-10)


def test_distance_in_decibels() -> None:
    spectrum = np.array([1.0, 2.0, 3.0])
    assert log_spectral_distance(spectrum, spectrum) == 0
    assert log_spectral_distance(100 * spectrum, spectrum) == pytest.approx(20)
    assert log_spectral_distance(spectrum * [10, 1, 0.1], spectrum) == pytest.approx(
        10 * np.sqrt(2 / 3)
    )


def test_octaves_are_counted_from_the_shortest_wave() -> None:
    """Waves of 256 km / n, n = 1 … 32: the shortest octave holds 8 to 16 km, that is n > 16."""
    wavelength = 256 / np.arange(1, 33)
    bands = list(octaves(wavelength))
    assert [middle for middle, _ in bands] == pytest.approx(8 * 2 ** (np.arange(6) + 0.5))
    assert [inside.sum() for _, inside in bands] == [16, 8, 4, 2, 1, 1]
    assert sum(inside for _, inside in bands).tolist() == [1] * 32
    assert wavelength[bands[0][1]].max() < 16 <= wavelength[bands[1][1]].min()


def test_power_ratio_has_a_sign() -> None:
    spectrum = np.array([1.0, 2.0, 3.0])
    assert power_ratio(0.1 * spectrum, spectrum) == pytest.approx(-10)
    assert power_ratio(spectrum * [10, 1, 0.1], spectrum) == pytest.approx(0)
