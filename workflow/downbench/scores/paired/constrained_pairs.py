"""Changes from an unconstrained model to its constrained version, on the same days.

Both are sampled on the same days and, where they share their weights, with the same noise. Blur
appears as a loss of power at short wavelengths and of heavy rain, not in the CRPS alone, which a
smooth field can even reduce.
"""

from collections.abc import Iterator

import numpy as np

from downbench.core.variables import RAIN
from downbench.scores.metrics.distribution import quantiles
from downbench.scores.metrics.spectra import log_spectral_distance, octaves, power_ratio
from downbench.scores.paired import paired_metrics
from downbench.scores.paired.losses import spread_skill
from downbench.scores.paired.model_pairs import ModelPair
from downbench.scores.table import Row


def changes(pair: ModelPair) -> Iterator[Row]:
    """Yield the changes from the unconstrained model (`other`) to the constrained one.

    `log_spectral_distance_versus_{other}`, also per octave (`…_band_versus_…`), and the power per
    octave and below two coarse cells, `spectral_power_{band,detail}_versus_{other}` [dB];
    `spread_skill_versus_{other}` and `wet_day_frequency_versus_{other}` as differences [1];
    `p99_versus_{other}` as a ratio less one [1]. The change of the CRPS is among the skill scores
    of `comparison`.
    """
    yield from _spectral(pair)
    ratios = [spread_skill(side) for side in pair.sides]
    if not any(ratio is None for ratio in ratios):
        yield paired_metrics.SPREAD_SKILL.versus(pair.other).row(ratios[0] - ratios[1])
    if pair.variable == RAIN:
        yield from _rain(pair)


def _spectral(pair: ModelPair) -> Iterator[Row]:
    if not all("rapsd" in means for means in pair.means):
        return
    wavelength = pair.daily[f"{pair.variable}_wavelength"].values
    spectra = tuple(means["rapsd"] for means in pair.means)
    reference = pair.means[0]["rapsd_reference"]
    distance = _distance_change(spectra, reference)
    yield paired_metrics.LOG_SPECTRAL_DISTANCE.versus(pair.other).row(distance)
    for middle, inside in octaves(wavelength):
        band = tuple(spectrum[:, inside] for spectrum in spectra)
        distance = _distance_change(band, reference[:, inside])
        yield paired_metrics.LOG_SPECTRAL_DISTANCE_BAND.versus(pair.other).row(distance, middle)
        power = power_ratio(*band)
        yield paired_metrics.SPECTRAL_POWER_BAND.versus(pair.other).row(power, middle)
    fine = wavelength < pair.daily.attrs[f"{pair.variable}_detail_km"]
    if fine.any():
        power = power_ratio(*(spectrum[:, fine] for spectrum in spectra))
        yield paired_metrics.SPECTRAL_POWER_DETAIL.versus(pair.other).row(power)


def _distance_change(spectra: tuple[np.ndarray, ...], reference: np.ndarray) -> np.ndarray:
    """Return how much farther the first spectrum is from the reference than the second [dB]."""
    first, second = (log_spectral_distance(spectrum, reference) for spectrum in spectra)
    return first - second


def _rain(pair: ModelPair) -> Iterator[Row]:
    constrained, unconstrained = (
        quantiles(means["histogram"], (99,), RAIN)[:, 0] for means in pair.means
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.where(unconstrained > 0, constrained / unconstrained - 1, np.nan)
    yield paired_metrics.P99.versus(pair.other).row(change)
    wet = [means.scalar("wet") for means in pair.means]
    yield paired_metrics.WET_DAY_FREQUENCY.versus(pair.other).row(wet[0] - wet[1])
