"""Changes from an unconstrained model to its constrained version, on the same days.

Both are sampled on the same days and, where they share their weights, with the same noise. As in
`comparison` the same blocks of days are resampled for both, so the interval is that of the
difference (trap T28). Blur appears as a loss of power at short wavelengths and of heavy rain, not
in the CRPS alone, which a smooth field can even reduce.
"""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.core.variables import RAIN
from downbench.scores.metrics.distribution import quantiles
from downbench.scores.metrics.spectra import log_spectral_distance, octaves, power_ratio
from downbench.scores.metrics.spread_skill import spread_over_error
from downbench.scores.paired import paired_metrics
from downbench.scores.paired.comparison import crps_variables, day_counts
from downbench.scores.paired.daily_scores import from_dataset
from downbench.scores.statistics import Means, means
from downbench.scores.table import Row, Sample, table

STATISTICS = ("squared_error", "variance", "wet", "rapsd", "rapsd_reference", "histogram")


def change_rows(
    daily: Mapping[str, xr.Dataset],
    members: Mapping[str, int],
    pairs: Iterable[tuple[str, str]],
    settings: Evaluation,
) -> pd.DataFrame:
    """Return changes between the models of each pair, per variable, over all seasons.

    `log_spectral_distance_versus_{base}`, also per octave (`…_band_versus_…`), and the power per
    octave and below two coarse cells, `spectral_power_{band,detail}_versus_{base}` [dB];
    `spread_skill_versus_{base}` and `wet_day_frequency_versus_{base}` as differences [1];
    `p99_versus_{base}` as a ratio less one [1]. The change of the CRPS is among the skill scores
    of `comparison`.

    Parameters
    ----------
    daily
        Daily file of each model, on common days.
    members
        Members of each model.
    pairs
        (constrained model, unconstrained model `base`).
    settings
        Section `evaluation`: the bootstrap and its seed.
    """
    time = next(iter(daily.values()))["time"]
    counts, blocks = day_counts(time, settings.bootstrap, settings.seed)
    tables = []
    for model, base in pairs:
        for variable in crps_variables(daily[model]):
            averages = tuple(_means(daily[n], variable, counts, blocks) for n in (model, base))
            sizes = members[model], members[base]
            rows = [*_spectral(averages, daily[model], variable, base)]
            rows += _spread_skill(averages, sizes, base)
            rows += _rain(averages, base) if variable == RAIN else []
            confidence = settings.bootstrap.confidence
            sample = Sample(variable, "all", sizes[0], time.size, blocks, confidence)
            tables.append(table(rows, sample).assign(model=model))

    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


ModelPair = tuple[Means, Means]
"""Means of the constrained and of the unconstrained model."""


def _means(daily: xr.Dataset, variable: str, counts: np.ndarray, blocks: int) -> Means:
    names = [name for name in STATISTICS if f"{variable}_{name}" in daily]
    sums = {name: from_dataset(daily, f"{variable}_{name}") for name in names}
    return means(sums, counts, blocks)


def _spectral(averages: ModelPair, daily: xr.Dataset, variable: str, base: str) -> Iterator[Row]:
    if not all("rapsd" in average for average in averages):
        return
    wavelength = daily[f"{variable}_wavelength"].values
    spectra = tuple(average["rapsd"] for average in averages)
    reference = averages[0]["rapsd_reference"]
    distance = _distance_change(spectra, reference)
    yield paired_metrics.LOG_SPECTRAL_DISTANCE.versus(base).row(distance)
    for middle, inside in octaves(wavelength):
        band = tuple(spectrum[:, inside] for spectrum in spectra)
        distance = _distance_change(band, reference[:, inside])
        yield paired_metrics.LOG_SPECTRAL_DISTANCE_BAND.versus(base).row(distance, middle)
        yield paired_metrics.SPECTRAL_POWER_BAND.versus(base).row(power_ratio(*band), middle)
    fine = wavelength < daily.attrs[f"{variable}_detail_km"]
    if fine.any():
        power = power_ratio(*(spectrum[:, fine] for spectrum in spectra))
        yield paired_metrics.SPECTRAL_POWER_DETAIL.versus(base).row(power)


def _distance_change(spectra: tuple[np.ndarray, ...], reference: np.ndarray) -> np.ndarray:
    """Return how much farther the first spectrum is from the reference than the second [dB]."""
    first, second = (log_spectral_distance(spectrum, reference) for spectrum in spectra)
    return first - second


def _spread_skill(averages: ModelPair, members: tuple[int, int], base: str) -> Iterator[Row]:
    if not all("variance" in average for average in averages):
        return
    ratios = [
        spread_over_error(mean.scalar("variance"), mean.scalar("squared_error"), size)
        for mean, size in zip(averages, members, strict=True)
    ]
    yield paired_metrics.SPREAD_SKILL.versus(base).row(ratios[0] - ratios[1])


def _rain(averages: ModelPair, base: str) -> Iterator[Row]:
    constrained, unconstrained = (
        quantiles(mean["histogram"], (99,), RAIN)[:, 0] for mean in averages
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.where(unconstrained > 0, constrained / unconstrained - 1, np.nan)
    yield paired_metrics.P99.versus(base).row(change)
    wet = [mean.scalar("wet") for mean in averages]
    yield paired_metrics.WET_DAY_FREQUENCY.versus(base).row(wet[0] - wet[1])
