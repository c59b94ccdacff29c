"""What obeying costs: a model beside the same model that does not obey, in pairs.

Both see the same days and, where they share their weights, the same noise. As in `comparison` the
same blocks of days are drawn for both, so the interval is that of the difference (trap T28).
Blur shows as a loss of power at short wavelengths and of heavy rain, not in the CRPS alone, which
a smooth field can even lower.
"""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.scores.context import RAIN
from downbench.scores.metrics.distribution import quantiles
from downbench.scores.metrics.spectra import log_spectral_distance, octaves, power_ratio
from downbench.scores.metrics.spread_skill import finite_size
from downbench.scores.paired import paired_metrics
from downbench.scores.paired.comparison import crps_variables, day_counts
from downbench.scores.paired.daily_scores import from_dataset
from downbench.scores.statistics import Means, means
from downbench.scores.table import Row, Sample, table

STATISTICS = ("squared_error", "variance", "wet", "rapsd", "rapsd_reference", "histogram")


def prices(
    daily: Mapping[str, xr.Dataset],
    members: Mapping[str, int],
    pairs: Iterable[tuple[str, str]],
    settings: Evaluation,
) -> pd.DataFrame:
    """Changes from one model to another, per variable, over all seasons.

    `log_spectral_distance_versus_{other}`, also per octave (`…_band_versus_…`), and the power per
    octave and below two coarse cells, `spectral_power_{band,detail}_versus_{other}` [dB];
    `spread_skill_versus_{other}` and `wet_day_frequency_versus_{other}` as differences [1];
    `p99_versus_{other}` as a ratio less one [1]. The change of the CRPS is among the skills of
    `comparison`.

    Parameters
    ----------
    daily
        Daily file of each model, on common days.
    members
        Members of each model.
    pairs
        (model, other): the model that obeys, and the same one that does not.
    settings
        Section `evaluation`: the bootstrap and its seed.
    """
    time = next(iter(daily.values()))["time"]
    counts, blocks = day_counts(time, settings.bootstrap, settings.seed)
    tables = []
    for model, other in pairs:
        for variable in crps_variables(daily[model]):
            mine, theirs = (_means(daily[n], variable, counts, blocks) for n in (model, other))
            sizes = members[model], members[other]
            rows = [*_spectral(mine, theirs, daily[model], variable, other)]
            rows += _spread_skill(mine, theirs, sizes, other)
            rows += _rain(mine, theirs, other) if variable == RAIN else []
            confidence = settings.bootstrap.confidence
            about = Sample(variable, "all", sizes[0], time.size, blocks, confidence)
            tables.append(table(rows, about).assign(model=model))

    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def _means(daily: xr.Dataset, variable: str, counts: np.ndarray, blocks: int) -> Means:
    found = [name for name in STATISTICS if f"{variable}_{name}" in daily]
    sums = {name: from_dataset(daily, f"{variable}_{name}") for name in found}
    return means(sums, counts, blocks)


def _spectral(
    mine: Means, theirs: Means, daily: xr.Dataset, variable: str, other: str
) -> Iterator[Row]:
    if "rapsd" not in mine or "rapsd" not in theirs:
        return
    wavelength = daily[f"{variable}_wavelength"].values
    spectra = mine["rapsd"], theirs["rapsd"]
    reference = mine["rapsd_reference"]
    distance = _distance_change(spectra, reference)
    yield paired_metrics.LOG_SPECTRAL_DISTANCE.versus(other).row(distance)
    for middle, inside in octaves(wavelength):
        band = tuple(one[:, inside] for one in spectra)
        distance = _distance_change(band, reference[:, inside])
        yield paired_metrics.LOG_SPECTRAL_DISTANCE_BAND.versus(other).row(distance, middle)
        yield paired_metrics.SPECTRAL_POWER_BAND.versus(other).row(power_ratio(*band), middle)
    fine = wavelength < daily.attrs[f"{variable}_detail_km"]
    if fine.any():
        power = power_ratio(*(one[:, fine] for one in spectra))
        yield paired_metrics.SPECTRAL_POWER_DETAIL.versus(other).row(power)


def _distance_change(spectra: tuple[np.ndarray, ...], reference: np.ndarray) -> np.ndarray:
    """Return how much farther the first spectrum is from the reference than the second [dB]."""
    near, far = (log_spectral_distance(spectrum, reference) for spectrum in spectra)
    return near - far


def _spread_skill(
    mine: Means, theirs: Means, members: tuple[int, int], other: str
) -> Iterator[Row]:
    if "variance" not in mine or "variance" not in theirs:
        return
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = [
            finite_size(size) * np.sqrt(one.scalar("variance") / one.scalar("squared_error"))
            for one, size in zip((mine, theirs), members, strict=True)
        ]
    yield paired_metrics.SPREAD_SKILL.versus(other).row(ratios[0] - ratios[1])


def _rain(mine: Means, theirs: Means, other: str) -> Iterator[Row]:
    heavy = [quantiles(one["histogram"], (99,), is_rain=True)[:, 0] for one in (mine, theirs)]
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.where(heavy[1] > 0, heavy[0] / heavy[1] - 1, np.nan)
    yield paired_metrics.P99.versus(other).row(change)
    frequency = mine.scalar("wet") - theirs.scalar("wet")
    yield paired_metrics.WET_DAY_FREQUENCY.versus(other).row(frequency)
