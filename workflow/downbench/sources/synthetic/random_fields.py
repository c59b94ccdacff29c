"""Random fields with a power-law spectrum on a periodic square."""

import numpy as np
from scipy import fft


def wavenumbers(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return waves per cell along y (size, 1) and x (1, size // 2 + 1) of a real transform."""
    return np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None, :]


def power_law(
    size: int,
    slope: float,
    outer_scale_cells: float,
    stretch: np.ndarray | float = 1.0,
    azimuth: np.ndarray | float = 0.0,
) -> np.ndarray:
    """Return amplitudes that give white noise unit variance and a spectrum ~ k^-slope.

    Parameters
    ----------
    size
        Cells along a side of the periodic square.
    slope
        Exponent of the two-dimensional power spectrum [1].
    outer_scale_cells
        Wavelength above which the spectrum is flat [cells].
    stretch, azimuth : (…) or scalar
        Elongation of structures [1] along the direction `azimuth`, counter-clockwise from x [rad].

    Returns
    -------
    (…, size, size // 2 + 1) float32
    """
    ky, kx = (k.astype(np.float32) for k in wavenumbers(size))
    stretch, azimuth = (np.asarray(v, np.float32)[..., None, None] for v in (stretch, azimuth))
    along = kx * np.cos(azimuth) + ky * np.sin(azimuth)
    across = ky * np.cos(azimuth) - kx * np.sin(azimuth)
    squared = along**2 * stretch + across**2 / stretch + np.float32(outer_scale_cells**-2)
    amplitude = np.exp(np.float32(-slope / 4) * np.log(squared))
    amplitude[..., 0, 0] = 0.0

    return amplitude / np.sqrt(_variance(amplitude, size))[..., None, None]


def _variance(amplitude: np.ndarray, size: int) -> np.ndarray:
    """Variance of a field that white noise of unit variance gives under these amplitudes."""
    pairs = np.full(amplitude.shape[-1], 2.0, np.float32)
    pairs[0] = pairs[-1] = 1.0
    return np.einsum("...yx,...yx,x->...", amplitude, amplitude, pairs) / size**2


def colour(white: np.ndarray, amplitude: np.ndarray) -> np.ndarray:
    """Return white noise (…, size, size) as a correlated field of the same shape."""
    spectrum = fft.rfft2(white)
    spectrum *= amplitude
    return fft.irfft2(spectrum, s=white.shape[-2:])
