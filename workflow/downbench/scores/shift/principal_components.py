"""Days of a coarse series as a few numbers: leading patterns of each predictor, of variance 1."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from downbench.core.errors import UserError

LEAST_VALID_SHARE = 0.9


@dataclass(frozen=True)
class Pattern:
    """Principal components of one predictor: `cells` (c,) used, `mean` (c,), `basis` (c, k)."""

    cells: np.ndarray
    mean: np.ndarray
    basis: np.ndarray

    def of(self, field: np.ndarray) -> np.ndarray:
        """Days (time, cells) → (time, k); NaN on a day that lacks a cell which is used."""
        return (field[:, self.cells] - self.mean) @ self.basis


Patterns = Mapping[str, Pattern]


def fit(fields: Mapping[str, np.ndarray], components: int) -> Patterns:
    """Principal components of standardised cells, scaled to variance one on the days given.

    Parameters
    ----------
    fields
        For each predictor (time, cells), any unit, NaN where missing. Cells that are missing on
        more than a tenth of the days, or that never vary, are left out.
    components
        Patterns kept of each predictor, fewer where there are fewer cells.

    Raises
    ------
    UserError
        When a predictor has no cell left.
    """
    return {name: _of_predictor(name, field, components) for name, field in fields.items()}


def _of_predictor(name: str, field: np.ndarray, components: int) -> Pattern:
    usable = np.isfinite(field).mean(axis=0) >= LEAST_VALID_SHARE
    cells = np.flatnonzero(usable)
    whole = field[:, cells]
    whole = whole[np.isfinite(whole).all(axis=1)]
    spread = whole.std(axis=0) if len(whole) > 1 else np.zeros(cells.size)
    cells, whole, spread = cells[spread > 0], whole[:, spread > 0], spread[spread > 0]
    if cells.size == 0:
        raise UserError(
            f"{name}: no coarse cell has varying values on nine tenths of the days: it cannot be "
            "compared; take it out of the predictors, or fix the series"
        )
    standardised = (whole - whole.mean(axis=0)) / spread
    variance, axes = np.linalg.eigh(standardised.T @ standardised / len(whole))
    leading = np.argsort(variance)[::-1][:components]
    leading = leading[variance[leading] > 1e-9 * variance.max()]
    basis = axes[:, leading] / np.sqrt(variance[leading]) / spread[:, None]

    return Pattern(cells, whole.mean(axis=0), basis)


def project(patterns: Patterns, fields: Mapping[str, np.ndarray]) -> np.ndarray:
    """Days as numbers (time, features): the patterns of all predictors side by side."""
    return np.concatenate([one.of(fields[name]) for name, one in patterns.items()], axis=1)
