"""Radially averaged power spectral density of members and truth, and their distance in dB.

What is meant here by "the" spectrum (trap T7): a plane is removed by least squares, the field is
multiplied by a Hann window, |FFT|² is divided by the window's mean square and by the number of
cells and multiplied by dx·dy [unit² km²]; rings of width 1 / (shorter side) around its multiples
are averaged (ring mean), from the first above zero to the Nyquist wavenumber of the coarser axis;
wavenumbers are in cycles per km from the real dx and dy. White noise of variance s² gives the
flat value s²·dx·dy. Spectra are taken per member and then averaged (trap T6).
Days that miss a cell of the window are left out, never filled.
"""

from collections.abc import Iterator

import numpy as np

from downbench.scores.context import Context
from downbench.scores.geometry import Window
from downbench.scores.paired_fields import PairedFields
from downbench.scores.statistics import Means, Statistics, day_values
from downbench.scores.table import Row

RAIN_OFFSET_MM_DAY = 0.1


def detrend(field: np.ndarray) -> np.ndarray:
    """Remove the least-squares plane of (…, y, x)."""
    ny, nx = field.shape[-2:]
    y = np.linspace(-1, 1, ny)[:, None] * np.ones(nx)
    x = np.ones(ny)[:, None] * np.linspace(-1, 1, nx)
    field = field - field.mean(axis=(-2, -1), keepdims=True)
    for axis in (y, x):
        slope = np.einsum("...yx,yx->...", field, axis) / np.sum(axis**2)
        field = field - slope[..., None, None] * axis

    return field


def hann(ny: int, nx: int) -> np.ndarray:
    """Periodic two-dimensional Hann window, (y, x)."""

    def one(size: int) -> np.ndarray:
        return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)

    return one(ny)[:, None] * one(nx)


def rings(ny: int, nx: int, dy: float, dx: float) -> tuple[np.ndarray, np.ndarray]:
    """Ring of every coefficient of `rfft2`, (y, x // 2 + 1), 0 = left out, and their wavenumbers.

    Wavenumbers are in cycles km-1, (ring,).
    """
    step = 1 / min(ny * dy, nx * dx)
    count = int(np.floor(0.5 / max(dy, dx) / step + 1e-6))
    ky, kx = np.fft.fftfreq(ny, dy)[:, None], np.fft.rfftfreq(nx, dx)
    number = np.floor(np.hypot(ky, kx) / step + 0.5 + 1e-9).astype(int)

    return np.where(number <= count, number, 0), step * np.arange(1, count + 1)


def rapsd(field: np.ndarray, dy: float, dx: float, taper: np.ndarray | float) -> np.ndarray:
    """Ring means of the power spectral density.

    Parameters
    ----------
    field : (…, y, x)
        Complete fields.
    dy, dx
        Grid spacing [km].
    taper : (y, x) or 1
        Window; 1 for none.

    Returns
    -------
    (…, ring)
        [unit² km²], at the wavenumbers of `rings`.
    """
    ny, nx = field.shape[-2:]
    number, wavenumber = rings(ny, nx, dy, dx)
    power = np.abs(np.fft.rfft2(field * taper)) ** 2
    power = power * (dx * dy / (ny * nx * np.mean(np.square(taper))))
    # rfft2 holds one half of the plane: its inner columns stand for two coefficients.
    double = np.where((np.arange(nx // 2 + 1) > 0) & (2 * np.arange(nx // 2 + 1) < nx), 2.0, 1.0)
    twice = np.broadcast_to(double, number.shape)
    share = np.zeros((len(wavenumber) + 1, number.size))
    share[number.ravel(), np.arange(number.size)] = twice.ravel()
    share /= share.sum(axis=1, keepdims=True)

    return power.reshape(*power.shape[:-2], -1) @ share[1:].T


def daily(fine: PairedFields, context: Context) -> Statistics:
    """Spectra of each day, averaged over members; rain also as log(pr + 0.1 mm day-1)."""
    window = context.window
    if window is None:
        return {}
    members = fine.members[..., window.rows, window.columns]
    truth = fine.reference[..., window.rows, window.columns]
    whole = (fine.weight[:, window.rows, window.columns] > 0).all(axis=(1, 2))
    statistics = _spectra(members, truth, whole, window, "")
    if context.is_rain:
        logs = [np.log(np.maximum(field, 0) + RAIN_OFFSET_MM_DAY) for field in (members, truth)]
        statistics |= _spectra(logs[0], logs[1], whole, window, "_log")

    return statistics


def _spectra(
    members: np.ndarray, truth: np.ndarray, whole: np.ndarray, window: Window, suffix: str
) -> Statistics:
    taper = hann(*truth.shape[-2:]).astype(np.float32)
    ensemble = np.stack(
        [rapsd(detrend(day), window.dy, window.dx, taper).mean(axis=0) for day in members]
    )
    reference = rapsd(detrend(truth), window.dy, window.dx, taper)
    return {
        f"rapsd{suffix}": day_values(ensemble, whole),
        f"rapsd{suffix}_reference": day_values(reference, whole),
    }


def rows(means: Means, context: Context) -> Iterator[Row]:
    """`rapsd` and its reference per wavelength [km], and distances and power in dB.

    `log_spectral_distance` over all rings and per octave (`…_band`, `scale` = the octave's middle
    wavelength [km]), `spectral_power_band` with its sign, and `spectral_power_detail` over what
    is shorter than two coarse cells.
    """
    if context.window is None:
        yield Row("log_spectral_distance", np.array([np.nan]))
        return
    wavelength = wavelengths(context.window)
    for suffix in ("", "_log") if context.is_rain else ("",):
        ensemble, reference = means[f"rapsd{suffix}"], means[f"rapsd{suffix}_reference"]
        for ring, length in enumerate(wavelength):
            yield Row(f"rapsd{suffix}", ensemble[:, ring], scale=length)
            yield Row(f"rapsd{suffix}_reference", reference[:, ring], scale=length)
        distance = log_spectral_distance(ensemble, reference)
        yield Row(f"log_spectral_distance{suffix}", distance)
        for middle, inside in octaves(wavelength):
            pair = ensemble[:, inside], reference[:, inside]
            distance, power = log_spectral_distance(*pair), power_ratio(*pair)
            yield Row(f"log_spectral_distance_band{suffix}", distance, scale=middle)
            yield Row(f"spectral_power_band{suffix}", power, scale=middle)
        fine = wavelength < detail_km(context)
        if fine.any():
            power = power_ratio(ensemble[:, fine], reference[:, fine])
            yield Row(f"spectral_power_detail{suffix}", power)


def wavelengths(window: Window) -> np.ndarray:
    """Wavelengths of the rings (ring,), falling [km]."""
    size = (window.rows.stop - window.rows.start, window.columns.stop - window.columns.start)
    return 1 / rings(*size, window.dy, window.dx)[1]


def detail_km(context: Context) -> float:
    """Two coarse cells: waves that are shorter are none that the coarse input can hold [km]."""
    return context.factor * (context.window.dy + context.window.dx)


def octaves(wavelength: np.ndarray) -> Iterator[tuple[float, np.ndarray]]:
    """Bands of a factor of two in wavelength, counted from the shortest.

    Yields
    ------
    (middle, inside)
        Geometric middle of the band [km], and which of the rings (ring,) belong to it.
    """
    shortest = wavelength.min()
    number = np.floor(np.log2(wavelength / shortest) + 1e-9)
    for octave in np.unique(number):
        yield float(shortest * 2 ** (octave + 0.5)), number == octave


def log_spectral_distance(spectrum: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """√ mean over rings of (10 log₁₀ P / P_ref)² [dB], (…, ring) → (…) (Harris et al. 2022)."""
    return np.sqrt(np.mean(_decibel(spectrum, reference) ** 2, axis=-1))


def power_ratio(spectrum: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Mean over rings of 10 log₁₀ P / P_ref [dB], (…, ring) → (…): below 0 detail is missing."""
    return np.mean(_decibel(spectrum, reference), axis=-1)


def _decibel(spectrum: np.ndarray, reference: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return 10 * np.log10(spectrum / reference)
