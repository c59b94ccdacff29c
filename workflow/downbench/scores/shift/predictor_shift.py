"""The shift of a driver from the one that models were trained with, as a table.

For each season: three distances per predictor (marginal_shift) and the joint shift (two_sample),
with intervals by resampled years. `<metric>_null` is what the years of both series give when they
are shuffled: its bounds hold 95 % of the shuffles, and a shift within them is none.
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
from downbench.scores.shift.two_sample import duel
from downbench.scores.table import COLUMNS, SEASONS, Row, Sample, table

JOINT, AUC = "all", "two_sample_auc"
NULL_BOUNDS = (0.025, 0.975)
Found = dict[str, tuple[np.ndarray, np.ndarray]]
"""Per metric the value with its replicates, and what shuffled years give."""


@dataclass(frozen=True)
class Pair:
    """The training driver on its training days, and the driver that models are to be used with."""

    reference: CoarseDays
    driver: CoarseDays

    def of_season(self, season: str) -> "Pair":
        return Pair(self.reference.of_season(season), self.driver.of_season(season))

    def thinned(self, most_days: int) -> "Pair":
        return Pair(self.reference.thinned(most_days), self.driver.thinned(most_days))

    @property
    def years(self) -> tuple[int, int]:
        """Years of either side [count]."""
        return np.unique(self.reference.years).size, np.unique(self.driver.years).size


@dataclass(frozen=True)
class Years:
    """Years drawn again, (1 + replicates, years) per side, and shuffled, (permutations, years).

    Shuffles run over the years of both sides, those of the reference first: one where a year is
    taken for one of the reference.
    """

    of_reference: np.ndarray
    of_driver: np.ndarray
    shuffles: np.ndarray


def measure(
    physical: Pair, compressed: Pair, settings: Shift, bootstrap: Bootstrap, seed: int
) -> pd.DataFrame:
    """The shift in every season of which both sides have two years.

    Parameters
    ----------
    physical
        Predictors in their units, for the distances of each.
    compressed
        The same with rain compressed, for the joint shift: so a few wet days do not rule it.

    Returns
    -------
    Columns of a score table; `variable` is a predictor, or "all" for the joint shift.

    Raises
    ------
    UserError
        When there is no such season.
    """
    tables = []
    for season in SEASONS:
        each, joint = physical.of_season(season), compressed.of_season(season)
        thin = joint.thinned(settings.most_days)
        if min(*each.years, *thin.years) < 2:
            continue
        found = {
            n: _of_predictor(n, each, _years(each, settings, bootstrap, seed))
            for n in each.reference.fields
        }
        found[JOINT] = _joint(thin, settings, _years(thin, settings, bootstrap, seed))
        tables += [
            part
            for name, metrics in found.items()
            for part in _tables(metrics, name, season, each, bootstrap.confidence)
        ]
    if not tables:
        raise UserError("no season has two years with values on both sides: nothing to compare")
    return pd.concat(tables, ignore_index=True)


def _years(pair: Pair, settings: Shift, bootstrap: Bootstrap, seed: int) -> Years:
    drawn = [
        resample(np.arange(count), bootstrap.replicates, seed + side)
        for side, count in enumerate(pair.years)
    ]
    own = np.arange(sum(pair.years)) < pair.years[0]
    rng = generator("shuffled years", seed)
    shuffles = [rng.permutation(own) for _ in range(settings.permutations)]
    return Years(*drawn, np.array(shuffles, float))


def _of_predictor(name: str, pair: Pair, years: Years) -> Found:
    counted = marginal_shift.count(
        pair.reference.fields[name],
        pair.driver.fields[name],
        (pair.reference.years, pair.driver.years),
    )
    ours, theirs = pair.years
    value = marginal_shift.distances(
        counted,
        np.pad(years.of_reference, ((0, 0), (0, theirs))),
        np.pad(years.of_driver, ((0, 0), (ours, 0))),
    )
    null = marginal_shift.distances(counted, years.shuffles, 1 - years.shuffles)
    return {metric: (value[metric], null[metric]) for metric in value}


def _joint(pair: Pair, settings: Shift, years: Years) -> Found:
    options = (settings.components, settings.folds, settings.ridge)
    value = duel(pair.reference, pair.driver, *options).auc(years.of_reference, years.of_driver)
    together = pooled(pair.reference, pair.driver)
    null = []
    for shuffle in years.shuffles:
        chosen = shuffle[together.years] > 0
        made = duel(together.at(chosen), together.at(~chosen), *options)
        null.append(made.auc(*(np.ones((1, count)) for count in pair.years))[0])
    return {AUC: (value, np.array(null))}


def _tables(
    found: Found, name: str, season: str, pair: Pair, confidence: float
) -> Iterator[pd.DataFrame]:
    times = pair.driver.years.size
    sample = Sample(name, season, 1, times, min(pair.years), confidence)
    rows = table((Row(metric, value) for metric, (value, _) in found.items()), sample)
    highest = rows["metric"].map({AUC: 1.0, "pit_deviation": 1.0}).fillna(np.inf)
    yield rows.assign(lower=rows["lower"].clip(0), upper=rows["upper"].clip(upper=highest))
    nulls = [
        (name, f"{metric}_null", np.nan, np.nan, season, null.mean())
        + (*np.quantile(null, NULL_BOUNDS), 1, times)
        for metric, (_, null) in found.items()
    ]
    yield pd.DataFrame(nulls, columns=list(COLUMNS))
