"""Radially averaged power spectral density of members and reference, and their distance in dB.

Definition of the spectrum (trap T7): a plane is removed by least squares, the field is
multiplied by a Hann window, |FFT|² is divided by the window's mean square and by the number of
cells and multiplied by dx·dy [unit² km²]; rings of width 1 / (shorter side) around its multiples
are averaged (ring mean), from the first above zero to the Nyquist wavenumber of the coarser axis;
wavenumbers are in cycles per km from the real dx and dy. White noise of variance s² gives the
flat value s²·dx·dy. Spectra are taken per member and then averaged (trap T6).
Days that miss a cell of the window are left out, never filled; `times` counts the others.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from downbench.core.variables import VARIABLES
from downbench.scores.context import Context
from downbench.scores.daily_spectra import spectra
from downbench.scores.geometry import Window
from downbench.scores.metric import DailyStatistic, Metric
from downbench.scores.paired_fields import PairedFields
from downbench.scores.power_spectrum import rings
from downbench.scores.statistics import Means, Statistics
from downbench.scores.table import Row

POSITION = 70
RAPSD = Metric(
    name="rapsd",
    unit="({unit})² km²",
    best="reference",
    meaning="Power spectral density of single members by wavelength.",
    definition="Ring mean per wavelength `scale` [km], see below.",
    lower_bound=0,
    curve=True,
    pairs=DailyStatistic("rapsd", "wavelength"),
)
RAPSD_REFERENCE = RAPSD.of_reference(
    "rapsd_reference", DailyStatistic("rapsd_reference", "wavelength")
)
LOG_SPECTRAL_DISTANCE = Metric(
    name="log_spectral_distance",
    unit="dB",
    best="low",
    meaning="Root mean square difference of the logarithms of the power spectra of members and "
    "the reference. Large where detail is missing or invented.",
    definition="√ mean over rings of (10 log₁₀ P/P_ref)².",
    lower_bound=0,
    heading="Spectral distance",
    position=80,
    headline=True,
)
LOG_SPECTRAL_DISTANCE_BAND = Metric(
    name="log_spectral_distance_band",
    unit="dB",
    best="low",
    meaning="The same over the rings of one octave of wavelength.",
    definition="Counted from the shortest; `scale` = the octave's geometric middle [km].",
    lower_bound=0,
)
SPECTRAL_POWER_BAND = Metric(
    name="spectral_power_band",
    unit="dB",
    best="zero",
    meaning="Mean power over that of the reference in one octave; below 0 detail is missing.",
    definition="Mean over the octave's rings of 10 log₁₀ P/P_ref.",
)
SPECTRAL_POWER_DETAIL = Metric(
    name="spectral_power_detail",
    unit="dB",
    best="zero",
    meaning="The same over all waves shorter than two coarse cells, which no coarse input can "
    "hold.",
)
RAPSD_LOG = replace(
    RAPSD,
    name="rapsd_log",
    unit="km²",
    meaning="Power spectral density of the logarithm of rain.",
    definition="Of log(pr + 0.1 mm day⁻¹).",
    pairs=DailyStatistic("rapsd_log", "wavelength", intermittent_only=True),
)
RAPSD_LOG_REFERENCE = RAPSD_LOG.of_reference(
    "rapsd_log_reference",
    DailyStatistic("rapsd_log_reference", "wavelength", intermittent_only=True),
)
LOG_SPECTRAL_DISTANCE_LOG = replace(
    LOG_SPECTRAL_DISTANCE,
    name="log_spectral_distance_log",
    meaning="The same on the logarithm of rain, where drizzle and edges count as much as "
    "downpours.",
    definition="",
    heading="Spectral distance, log",
    position=90,
    headline=False,
)
LOG_SPECTRAL_DISTANCE_BAND_LOG = replace(
    LOG_SPECTRAL_DISTANCE_BAND,
    name="log_spectral_distance_band_log",
    meaning="`log_spectral_distance_band` of the logarithm of rain.",
    definition="",
)
SPECTRAL_POWER_BAND_LOG = replace(
    SPECTRAL_POWER_BAND,
    name="spectral_power_band_log",
    meaning="`spectral_power_band` of the logarithm of rain.",
    definition="",
)
SPECTRAL_POWER_DETAIL_LOG = replace(
    SPECTRAL_POWER_DETAIL,
    name="spectral_power_detail_log",
    meaning="`spectral_power_detail` of the logarithm of rain.",
)


class SpectralMetrics(NamedTuple):
    """What is formed from one pair of spectra; the statistics have the names of the spectra."""

    spectrum: Metric
    spectrum_reference: Metric
    distance: Metric
    distance_band: Metric
    power_band: Metric
    power_detail: Metric


OF_FIELD = SpectralMetrics(
    RAPSD, RAPSD_REFERENCE, LOG_SPECTRAL_DISTANCE, LOG_SPECTRAL_DISTANCE_BAND,
    SPECTRAL_POWER_BAND, SPECTRAL_POWER_DETAIL,
)  # fmt: skip
OF_LOGARITHM = SpectralMetrics(
    RAPSD_LOG, RAPSD_LOG_REFERENCE, LOG_SPECTRAL_DISTANCE_LOG, LOG_SPECTRAL_DISTANCE_BAND_LOG,
    SPECTRAL_POWER_BAND_LOG, SPECTRAL_POWER_DETAIL_LOG,
)  # fmt: skip

RAIN_OFFSET_MM_DAY = 0.1


def daily(fine: PairedFields, context: Context) -> Statistics:
    """Spectra of each day, averaged over members; rain also as log(pr + 0.1 mm day-1)."""
    window = context.window
    if window is None:
        return {}
    members = fine.members[..., window.rows, window.columns]
    reference = fine.reference[..., window.rows, window.columns]
    complete = (fine.weight[:, window.rows, window.columns] > 0).all(axis=(1, 2))
    floor = VARIABLES[context.variable].require("smallest_bandwidth")
    statistics = spectra(members, reference, complete, window, floor=floor)
    if context.is_intermittent:
        logs = [
            np.log(np.maximum(field, 0) + RAIN_OFFSET_MM_DAY) for field in (members, reference)
        ]
        statistics |= spectra(*logs, complete, window, "_log")

    return statistics


def rows(means: Means, context: Context) -> Iterator[Row]:
    """`rapsd` and its reference per wavelength [km], and distances and power in dB.

    `log_spectral_distance` over all rings and per octave (`…_band`, `scale` = the octave's middle
    wavelength [km]), `spectral_power_band` with its sign, and `spectral_power_detail` over what
    is shorter than two coarse cells; `times` are the days without a missing cell in the window.
    """
    if context.window is None:
        yield OF_FIELD.distance.row(np.nan, times=0)
        return
    for metrics in (OF_FIELD, OF_LOGARITHM) if context.is_intermittent else (OF_FIELD,):
        times = means.times[metrics.spectrum.name]
        yield from (replace(row, times=times) for row in _rows(means, context, metrics))


def _rows(means: Means, context: Context, metrics: SpectralMetrics) -> Iterator[Row]:
    """Yield the metrics of one pair of spectra."""
    wavelength = wavelengths(context.window)
    ensemble, reference = means[metrics.spectrum.name], means[metrics.spectrum_reference.name]
    for ring, length in enumerate(wavelength):
        yield metrics.spectrum.row(ensemble[:, ring], scale=length)
        yield metrics.spectrum_reference.row(reference[:, ring], scale=length)
    yield metrics.distance.row(log_spectral_distance(ensemble, reference))
    for middle, inside in octaves(wavelength):
        pair = ensemble[:, inside], reference[:, inside]
        yield metrics.distance_band.row(log_spectral_distance(*pair), scale=middle)
        yield metrics.power_band.row(power_ratio(*pair), scale=middle)
    fine = wavelength < detail_km(context)
    if fine.any():
        yield metrics.power_detail.row(power_ratio(ensemble[:, fine], reference[:, fine]))


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
