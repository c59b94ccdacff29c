"""Table of the shift of a driver relative to the training driver.

For each season: three distances per predictor (`marginal_shift`) and the joint shift
(`two_sample`), with intervals over resampled years. `<metric>_null` is the value for shuffled
years of both series: its bounds hold 95 % of the shuffles, and a shift within them is not
detectable.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from downbench.core.config.evaluation import Bootstrap
from downbench.core.config.shift import Shift
from downbench.core.errors import UserError
from downbench.core.rng import generator
from downbench.scores.bootstrap import resample
from downbench.scores.shift import marginal_shift
from downbench.scores.shift.coarse_days import CoarseDays, pooled
from downbench.scores.shift.two_sample import two_sample_test
from downbench.scores.table import COLUMNS, SEASONS, Row, Sample, table

JOINT, AUC = "all", "two_sample_auc"
NULL_BOUNDS = (0.025, 0.975)
ShiftMetrics = dict[str, tuple[np.ndarray, np.ndarray]]
"""By metric the value with its replicates, and the values of shuffled years."""


@dataclass(frozen=True)
class DriverPair:
    """The training driver on its training days, and the driver that models are applied to."""

    reference: CoarseDays
    driver: CoarseDays

    def of_season(self, season: str) -> "DriverPair":
        """Return the days of a season of both."""
        return DriverPair(self.reference.of_season(season), self.driver.of_season(season))

    def thinned(self, most_days: int) -> "DriverPair":
        """Return at most so many days of each, evenly spread."""
        return DriverPair(self.reference.thinned(most_days), self.driver.thinned(most_days))

    @property
    def years(self) -> tuple[int, int]:
        """Number of years of reference and driver."""
        return np.unique(self.reference.years).size, np.unique(self.driver.years).size


@dataclass(frozen=True)
class ResampledYears:
    """Bootstrap and permutations of the years.

    reference_counts, driver_counts : (1 + replicates, year)
        How often each year is sampled.
    shuffles : (permutation, year)
        Over the years of both, those of the reference first: 1 where a year is assigned to the
        reference.
    """

    reference_counts: np.ndarray
    driver_counts: np.ndarray
    shuffles: np.ndarray


def measure(
    physical: DriverPair, compressed: DriverPair, settings: Shift, bootstrap: Bootstrap, seed: int
) -> pd.DataFrame:
    """Return the shift in every season for which both series have two years.

    Parameters
    ----------
    physical
        Predictors in their units, for the distances of each.
    compressed
        The same with rain compressed, for the joint shift: a few wet days do not dominate it.
    settings
        Section `evaluation.shift`.
    bootstrap, seed
        From section `evaluation`.

    Returns
    -------
    DataFrame
        Columns of a score table; `variable` is a predictor, or "all" for the joint shift.

    Raises
    ------
    UserError
        When there is no such season.
    """
    tables = []
    for season in SEASONS:
        pair, joint = physical.of_season(season), compressed.of_season(season)
        thin = joint.thinned(settings.most_days)
        if min(*pair.years, *thin.years) < 2:
            continue
        shifts = {
            name: _of_predictor(name, pair, _resampled_years(pair, settings, bootstrap, seed))
            for name in pair.reference.fields
        }
        shifts[JOINT] = _joint(thin, settings, _resampled_years(thin, settings, bootstrap, seed))
        tables += [
            rows
            for name, metrics in shifts.items()
            for rows in _tables(metrics, name, season, pair, bootstrap.confidence)
        ]
    if not tables:
        raise UserError(
            "no season has two years with values in the training days and in the driver: list "
            "further years in splits.train, or take a longer run"
        )
    return pd.concat(tables, ignore_index=True)


def _resampled_years(
    pair: DriverPair, settings: Shift, bootstrap: Bootstrap, seed: int
) -> ResampledYears:
    counts = [
        resample(np.arange(years), bootstrap.replicates, seed + position)
        for position, years in enumerate(pair.years)
    ]
    is_reference = np.arange(sum(pair.years)) < pair.years[0]
    rng = generator("shuffled years", seed)
    shuffles = [rng.permutation(is_reference) for _ in range(settings.permutations)]
    return ResampledYears(*counts, np.array(shuffles, float))


def _of_predictor(name: str, pair: DriverPair, resampled: ResampledYears) -> ShiftMetrics:
    yearly = marginal_shift.count(
        pair.reference.fields[name],
        pair.driver.fields[name],
        (pair.reference.years, pair.driver.years),
    )
    reference_years, driver_years = pair.years
    value = marginal_shift.distances(
        yearly,
        np.pad(resampled.reference_counts, ((0, 0), (0, driver_years))),
        np.pad(resampled.driver_counts, ((0, 0), (reference_years, 0))),
    )
    null = marginal_shift.distances(yearly, resampled.shuffles, 1 - resampled.shuffles)
    return {metric: (value[metric], null[metric]) for metric in value}


def _joint(pair: DriverPair, settings: Shift, resampled: ResampledYears) -> ShiftMetrics:
    options = (settings.components, settings.folds, settings.ridge)
    test = two_sample_test(pair.reference, pair.driver, *options)
    value = test.auc(resampled.reference_counts, resampled.driver_counts)
    days = pooled(pair.reference, pair.driver)
    null = []
    for shuffle in resampled.shuffles:
        mask = shuffle[days.years] > 0
        test = two_sample_test(days.select(mask), days.select(~mask), *options)
        null.append(test.auc(*(np.ones((1, years)) for years in pair.years))[0])
    return {AUC: (value, np.array(null))}


def _tables(
    metrics: ShiftMetrics, name: str, season: str, pair: DriverPair, confidence: float
) -> Iterator[pd.DataFrame]:
    times = pair.driver.years.size
    sample = Sample(name, season, 1, times, min(pair.years), confidence)
    rows = table((Row(metric, value) for metric, (value, _) in metrics.items()), sample)
    highest = rows["metric"].map({AUC: 1.0, "pit_deviation": 1.0}).fillna(np.inf)
    yield rows.assign(lower=rows["lower"].clip(0), upper=rows["upper"].clip(upper=highest))
    nulls = [
        (name, f"{metric}_null", np.nan, np.nan, season, null.mean())
        + (*np.quantile(null, NULL_BOUNDS), 1, times)
        for metric, (_, null) in metrics.items()
    ]
    yield pd.DataFrame(nulls, columns=list(COLUMNS))
