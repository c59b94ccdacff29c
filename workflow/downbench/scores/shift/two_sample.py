"""Classifier two-sample test: can the days of two series be distinguished?

Fisher's discriminant on leading principal components, their squares and products: it detects
shifts of means, of spreads, and of the relations between locations and between predictors. Its
score is the probability that a day of the driver looks more typical of the driver than a day of
the reference does (the area under the ROC curve): one half where the series cannot be
distinguished, one where every pair of days can. Every day is classified by a discriminant that
was fitted to other years.

References
----------
Lopez-Paz, D., Oquab, M. (2017): Revisiting classifier two-sample tests. ICLR.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from downbench.scores.shift import principal_components
from downbench.scores.shift.coarse_days import CoarseDays, PredictorFields

Years = tuple[np.ndarray, np.ndarray]
"""Years of the reference, and of the driver."""


@dataclass(frozen=True)
class TwoSampleTest:
    """Pairs of a day of the reference and one of the driver, by pair of years.

    won : (year, year)
        Pairs in which the day of the driver was the more typical of the driver.
    pairs : (year, year)
        All pairs.
    """

    won: np.ndarray
    pairs: np.ndarray

    def auc(self, reference_counts: np.ndarray, driver_counts: np.ndarray) -> np.ndarray:
        """Return the area under the curve, (replicate,).

        Parameters
        ----------
        reference_counts, driver_counts : (replicate, year)
            How often each year is sampled.
        """
        won, pairs = (
            np.einsum("ry,yz,rz->r", reference_counts, part, driver_counts)
            for part in (self.won, self.pairs)
        )
        with np.errstate(invalid="ignore", divide="ignore"):
            return won / pairs


def two_sample_test(
    reference: CoarseDays, driver: CoarseDays, components: int, folds: int, ridge: float
) -> TwoSampleTest:
    """Classify every day by a discriminant that was fitted without its block of years.

    Parameters
    ----------
    reference, driver
        Days of both series.
    components
        Principal components of each predictor.
    folds
        Blocks of consecutive years.
    ridge
        Added to the diagonal of the covariance of the standardised features [1].
    """
    series = (reference, driver)
    years = tuple(np.unique(days.years) for days in series)
    won, pairs = np.zeros((2, *(labels.size for labels in years)))
    for held_out in _blocks(years, folds):
        inside = [np.isin(d.years, block) for d, block in zip(series, held_out, strict=True)]
        fitted = _discriminant(
            *(days.select(~mask) for days, mask in zip(series, inside, strict=True)),
            components,
            ridge,
        )
        tested = [days.select(mask) for days, mask in zip(series, inside, strict=True)]
        scores = [fitted(days.fields) for days in tested]
        rows, columns = (
            np.searchsorted(labels, days.years) for labels, days in zip(years, tested, strict=True)
        )
        for row in np.unique(rows):
            below = _smaller(scores[0][rows == row], scores[1])
            won[row] += np.bincount(columns, below, years[1].size)
            pairs[row] += np.bincount(columns, minlength=years[1].size) * (rows == row).sum()

    return TwoSampleTest(won, pairs)


def _blocks(years: Years, folds: int) -> Iterator[Years]:
    """Return consecutive years of both series that are held out together."""
    count = min(folds, *(labels.size for labels in years))
    return zip(*(np.array_split(labels, count) for labels in years), strict=True)


def _discriminant(
    reference: CoarseDays, driver: CoarseDays, components: int, ridge: float
) -> Callable[[PredictorFields], np.ndarray]:
    """Fit a function of fields (time, cell): the larger, the more typical of the driver."""
    fields = {n: np.concatenate([f, driver.fields[n]]) for n, f in reference.fields.items()}
    basis = principal_components.fit(fields, components)
    features = _quadratic(principal_components.project(basis, fields))
    mean, spread = features.mean(axis=0), features.std(axis=0)
    spread[spread == 0] = 1.0
    scaled = (features - mean) / spread
    is_driver = np.arange(len(scaled)) >= len(reference.years)
    share = is_driver.mean()
    # Both series have the same total weight, whatever their number of days.
    weight = np.where(is_driver, 0.5 / share, 0.5 / (1 - share)) / len(scaled)
    label = np.where(is_driver, 1.0, -1.0)
    centred = scaled - weight @ scaled
    gram = (centred * weight[:, None]).T @ centred
    direction = np.linalg.solve(gram + ridge * np.eye(len(gram)), centred.T @ (weight * label))

    def classify(fields: PredictorFields) -> np.ndarray:
        projected = principal_components.project(basis, fields)
        return (_quadratic(projected) - mean) / spread @ direction

    return classify


def _quadratic(scores: np.ndarray) -> np.ndarray:
    """Append squares and products to (time, k): (time, k + k (k + 1) / 2)."""
    rows, columns = np.triu_indices(scores.shape[1])
    return np.concatenate([scores, scores[:, rows] * scores[:, columns]], axis=1)


def _smaller(values: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """Count the values smaller than each threshold; an equal one counts one half."""
    ordered = np.sort(values)
    counts = (np.searchsorted(ordered, thresholds, side) for side in ("left", "right"))
    return sum(counts) / 2
