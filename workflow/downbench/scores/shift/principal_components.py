"""Leading principal components of each predictor of a coarse series, scaled to variance one."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from downbench.core.errors import UserError

LEAST_VALID_SHARE = 0.9


@dataclass(frozen=True)
class Components:
    """Principal components of one predictor.

    cells : (c,)
        Indices of the cells used.
    mean : (c,)
    basis : (c, k)
    """

    cells: np.ndarray
    mean: np.ndarray
    basis: np.ndarray

    def project(self, field: np.ndarray) -> np.ndarray:
        """Project days (time, cell) → (time, k); NaN on a day that lacks a used cell."""
        return (field[:, self.cells] - self.mean) @ self.basis


PredictorComponents = Mapping[str, Components]


def fit(fields: Mapping[str, np.ndarray], components: int) -> PredictorComponents:
    """Fit principal components of standardised cells, scaled to variance one.

    Parameters
    ----------
    fields
        For each predictor (time, cell), any unit, NaN where missing. Cells that are missing on
        more than a tenth of the days, or that never vary, are left out.
    components
        Components of each predictor, fewer where there are fewer cells.

    Raises
    ------
    UserError
        When a predictor has no cell left.
    """
    return {name: _of_predictor(name, field, components) for name, field in fields.items()}


def _of_predictor(name: str, field: np.ndarray, components: int) -> Components:
    usable = np.isfinite(field).mean(axis=0) >= LEAST_VALID_SHARE
    cells = np.flatnonzero(usable)
    days = field[:, cells]
    days = days[np.isfinite(days).all(axis=1)]
    spread = days.std(axis=0) if len(days) > 1 else np.zeros(cells.size)
    cells, days, spread = cells[spread > 0], days[:, spread > 0], spread[spread > 0]
    if cells.size == 0:
        raise UserError(
            f"{name}: no coarse cell has varying values on nine tenths of the days: it cannot be "
            "compared; take it out of the predictors, or fix the series"
        )
    standardised = (days - days.mean(axis=0)) / spread
    variance, axes = np.linalg.eigh(standardised.T @ standardised / len(days))
    leading = np.argsort(variance)[::-1][:components]
    leading = leading[variance[leading] > 1e-9 * variance.max()]
    basis = axes[:, leading] / np.sqrt(variance[leading]) / spread[:, None]

    return Components(cells, days.mean(axis=0), basis)


def project(basis: PredictorComponents, fields: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return days as features (time, feature): the components of all predictors in turn."""
    columns = [components.project(fields[name]) for name, components in basis.items()]
    return np.concatenate(columns, axis=1)
