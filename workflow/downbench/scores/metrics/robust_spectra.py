"""Distance of spectra whose logarithm is taken on each day: no single value decides it.

The mean power of rain is that of a few wet days, and one bad value can be all of it. Here the
logarithm of the power of each member and day is averaged, so that a day counts once whatever its
amplitude. White noise of the variable's smallest bandwidth (0.1 mm day-1, 0.05 K) is added to each
field's power: a dry day has a logarithm, and detail below it does not matter.
"""

from collections.abc import Iterator

import numpy as np

from downbench.scores.context import Context
from downbench.scores.metric import Metric
from downbench.scores.paired_fields import PairedFields
from downbench.scores.statistics import Means, Statistics
from downbench.scores.table import Row

POSITION = 72
LOG_SPECTRAL_DISTANCE_ROBUST = Metric(
    name="log_spectral_distance_robust",
    unit="dB",
    best="low",
    meaning="The same from the mean logarithm of the spectra of each {day}, which no single value "
    "decides.",
    definition="√ mean over rings of (mean 10 log₁₀(P+P₀) − mean 10 log₁₀(P_ref+P₀))², means over "
    "members and days, P₀ = power of white noise of the variable's smallest bandwidth.",
    lower_bound=0,
    heading="Spectral distance, robust",
    position=85,
)


def daily(fine: PairedFields, context: Context) -> Statistics:
    """Return nothing: the statistics are among those of `spectra`, which share the transforms."""
    return {}


def rows(means: Means, context: Context) -> Iterator[Row]:
    """`log_spectral_distance_robust`; nothing without a window for spectra."""
    if "rapsd_decibel" in means:
        difference = means["rapsd_decibel"] - means["rapsd_decibel_reference"]
        value = np.sqrt(np.mean(difference**2, axis=-1))
        yield LOG_SPECTRAL_DISTANCE_ROBUST.row(value, times=means.times["rapsd_decibel"])
