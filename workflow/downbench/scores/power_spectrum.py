"""Radially averaged power spectral density of fields on a regular grid (trap T7)."""

import numpy as np


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
