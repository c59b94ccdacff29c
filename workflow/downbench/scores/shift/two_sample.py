"""Can a classifier tell the days of two series apart? (Lopez-Paz and Oquab 2017.)

Fisher's discriminant on leading patterns, their squares and products: it sees shifts of means, of
spreads, and of the relations between places and between predictors. Its score is the probability
that a day of the driver looks more like the driver than a day of the reference does (the area
under the ROC curve): one half where nothing tells them apart, one where everything does. Every
day is judged by what was learned from other years.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from downbench.scores.shift import principal_components
from downbench.scores.shift.coarse_days import CoarseDays, Fields


@dataclass(frozen=True)
class Duel:
    """Pairs of a day of the reference and one of the driver, per pair of years (years, years).

    `won` counts pairs in which the driver's day was the more typical of the driver.
    """

    won: np.ndarray
    pairs: np.ndarray

    def auc(self, of_reference: np.ndarray, of_driver: np.ndarray) -> np.ndarray:
        """Area under the curve, (replicates,), for years drawn so often (replicates, years)."""
        counted = [
            np.einsum("ry,yz,rz->r", of_reference, part, of_driver)
            for part in (self.won, self.pairs)
        ]
        with np.errstate(invalid="ignore", divide="ignore"):
            return counted[0] / counted[1]


def duel(
    reference: CoarseDays, driver: CoarseDays, components: int, folds: int, ridge: float
) -> Duel:
    """Judge every day by a discriminant that was fitted without its block of years."""
    years = [np.unique(side.years) for side in (reference, driver)]
    won, pairs = np.zeros((2, *(y.size for y in years)))
    for held_out in _blocks(years, folds):
        inside = [np.isin(s.years, h) for s, h in zip((reference, driver), held_out, strict=True)]
        fitted = _discriminant(reference.at(~inside[0]), driver.at(~inside[1]), components, ridge)
        judged = [fitted(s.at(i).fields) for s, i in zip((reference, driver), inside, strict=True)]
        rows, columns = (
            np.searchsorted(y, s.years[i])
            for y, s, i in zip(years, (reference, driver), inside, strict=True)
        )
        for row in np.unique(rows):
            below = _smaller(judged[0][rows == row], judged[1])
            won[row] += np.bincount(columns, below, years[1].size)
            pairs[row] += np.bincount(columns, minlength=years[1].size) * (rows == row).sum()

    return Duel(won, pairs)


def _blocks(years: list[np.ndarray], folds: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Consecutive years of both series that are held out together."""
    count = min(folds, *(y.size for y in years))
    return zip(*(np.array_split(y, count) for y in years), strict=True)


def _discriminant(
    reference: CoarseDays, driver: CoarseDays, components: int, ridge: float
) -> Callable[[Fields], np.ndarray]:
    """A function of fields (time, cells): the larger, the more typical of the driver."""
    both = {n: np.concatenate([f, driver.fields[n]]) for n, f in reference.fields.items()}
    known = principal_components.fit(both, components)
    features = _quadratic(principal_components.project(known, both))
    mean, spread = features.mean(axis=0), features.std(axis=0)
    spread[spread == 0] = 1.0
    scaled = (features - mean) / spread
    is_driver = np.arange(len(scaled)) >= len(reference.years)
    share = is_driver.mean()
    # Both sides have one voice, however many days they have.
    weight = np.where(is_driver, 0.5 / share, 0.5 / (1 - share)) / len(scaled)
    wanted = np.where(is_driver, 1.0, -1.0)
    centre = weight @ scaled
    moved = scaled - centre
    gram = (moved * weight[:, None]).T @ moved
    direction = np.linalg.solve(gram + ridge * np.eye(len(gram)), moved.T @ (weight * wanted))

    def judge(fields: Fields) -> np.ndarray:
        return (
            (_quadratic(principal_components.project(known, fields)) - mean) / spread @ direction
        )

    return judge


def _quadratic(scores: np.ndarray) -> np.ndarray:
    """Numbers of a day, (time, k), then their squares and products, (time, k + k (k + 1) / 2)."""
    rows, columns = np.triu_indices(scores.shape[1])
    return np.concatenate([scores, scores[:, rows] * scores[:, columns]], axis=1)


def _smaller(values: np.ndarray, than: np.ndarray) -> np.ndarray:
    """How many of the values are smaller than each of the others; an equal one is half a one."""
    ordered = np.sort(values)
    both = (np.searchsorted(ordered, than, side) for side in ("left", "right"))
    return sum(both) / 2
