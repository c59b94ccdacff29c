"""Comparison of the climate of an ensemble with that of the reference, without pairing days.

A free-running climate model has its own weather, so only distributions, indices, cycles and
correlations can be compared (`climate_rows`). Years are the blocks of the bootstrap: those of the
ensemble and those of the reference are resampled independently, or jointly where they are the
same days.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from downbench.core.config.evaluation import Evaluation
from downbench.core.rng import generator
from downbench.scores.climate.daily_series import DailySeries
from downbench.scores.climate.yearly_indices import very_wet_threshold, yearly_indices
from downbench.scores.metrics.distribution import histogram

ENSEMBLE_STREAM, REFERENCE_STREAM = "ensemble", "truth"
"""Random streams of the bootstrap: their names are part of the seed and must not change."""


@dataclass(frozen=True)
class ResampledSeries:
    """One variable and season of the ensemble, or of the reference, with its bootstrap.

    series : its days
    counts : (1 + replicates, year), how often each of its years is sampled
    """

    series: DailySeries
    counts: np.ndarray


@dataclass(frozen=True)
class ClimateComparison:
    """Ensemble and reference, the cell areas (y, x) [m2], and the settings of the scores.

    paired : are the days of both the same, and their years resampled jointly?
    """

    ensemble: ResampledSeries
    reference: ResampledSeries
    area: np.ndarray
    settings: Evaluation
    paired: bool

    @property
    def samples(self) -> tuple[ResampledSeries, ResampledSeries]:
        """Ensemble and reference."""
        return self.ensemble, self.reference

    @cached_property
    def very_wet(self) -> np.ndarray:
        """Threshold of very wet days, from the reference, (y, x) [mm day-1]."""
        return very_wet_threshold(self.reference.series, self.settings.wet_day_mm_day)


def year_counts(years: int, settings: Evaluation, stream: str) -> np.ndarray:
    """Return how often each year is sampled, (1 + replicates, year); row 0 is all ones.

    Parameters
    ----------
    years
        Number of years.
    settings
        Section `evaluation`: replicates and seed.
    stream
        Name of the random stream: equal streams give equal counts.
    """
    replicates = settings.bootstrap.replicates
    rng = generator("years", settings.seed, stream, years)
    counts = rng.multinomial(years, np.full(years, 1 / years), size=replicates)
    return np.concatenate([np.ones((1, years)), counts]).astype(float)


def compare(
    ensemble: DailySeries,
    reference: DailySeries,
    area: np.ndarray,
    settings: Evaluation,
    *,
    paired: bool,
) -> ClimateComparison:
    """Return both series with resampled years.

    `paired` follows from the driver type, not from matching dates: a free-running model has its
    own weather.
    """
    stream = ENSEMBLE_STREAM if paired else REFERENCE_STREAM
    return ClimateComparison(
        ResampledSeries(ensemble, year_counts(len(ensemble.years), settings, ENSEMBLE_STREAM)),
        ResampledSeries(reference, year_counts(len(reference.years), settings, stream)),
        area.astype(np.float64),
        settings,
        paired,
    )


def indices(comparison: ClimateComparison, series: DailySeries) -> dict[str, np.ndarray]:
    """Return yearly indices (year, member, y, x); very wet days as in the reference."""
    wet = comparison.settings.wet_day_mm_day
    if not series.is_intermittent:
        return yearly_indices(series, wet)
    fields = yearly_indices(series, wet, comparison.very_wet)
    days = np.array([(series.year == year).sum() for year in series.years])[:, None, None, None]
    fields["wet_days"] = fields["wet_day_frequency"] * days
    return fields | {"dry_days": (1 - fields["wet_day_frequency"]) * days}


def distributions_by_year(series: DailySeries, area: np.ndarray) -> np.ndarray:
    """Return the pooled distribution: area in each bin of `distribution.edges` [m2].

    Returns
    -------
    (year, member, bin)
    """
    years = []
    for year in series.years:
        values = series.of_year(year).values
        weight = np.where(np.isfinite(values).all(axis=1), area, 0.0)
        members = [values[:, m : m + 1] for m in range(values.shape[1])]
        years.append([histogram(m, weight, series.variable).total.sum(axis=0) for m in members])
    return np.array(years)
