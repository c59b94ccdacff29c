"""Power spectra of each day, of members and reference: what spectral metrics average."""

import numpy as np

from downbench.scores.geometry import Window
from downbench.scores.power_spectrum import detrend, hann, rapsd
from downbench.scores.statistics import Statistics, day_values


def spectra(
    members: np.ndarray,
    reference: np.ndarray,
    complete: np.ndarray,
    window: Window,
    suffix: str = "",
    floor: float | None = None,
) -> Statistics:
    """Return `rapsd{suffix}`, averaged over members, and `rapsd{suffix}_reference`.

    Parameters
    ----------
    members : (day, member, y, x)
    reference : (day, y, x)
        Both inside the window.
    complete : (day,) bool
        Days without a missing cell: the others have no weight.
    floor
        With it also `rapsd_decibel{suffix}` and its reference: 10 log₁₀ of the power, taken before
        the mean over members. The power of white noise with this standard deviation is added, so
        that a field without detail has a logarithm.
    """
    taper = hann(*reference.shape[-2:]).astype(np.float32)
    by_member = np.stack([rapsd(detrend(day), window.dy, window.dx, taper) for day in members])
    of_reference = rapsd(detrend(reference), window.dy, window.dx, taper)
    values = {"rapsd": by_member.mean(axis=1), "rapsd_reference": of_reference}
    if floor is not None:
        noise = floor**2 * window.dy * window.dx
        values["rapsd_decibel"] = _decibel(by_member + noise).mean(axis=1)
        values["rapsd_decibel_reference"] = _decibel(of_reference + noise)

    return {_named(name, suffix): day_values(v, complete) for name, v in values.items()}


def _named(name: str, suffix: str) -> str:
    stem, reference, _ = name.partition("_reference")
    return f"{stem}{suffix}{reference}"


def _decibel(power: np.ndarray) -> np.ndarray:
    return 10 * np.log10(power)
