"""Exact density of fine temperature given the coarse day and its regime.

Given the regime the field is Gaussian on the subspace of fixed block means. Its coordinates are
all cells but the last of each block; their covariance is that of the residual times the square of
the day's sd, so that one factorisation serves all days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import fft
from scipy.linalg import cholesky, solve_triangular

from downbench.core.config.sources.synthetic import SyntheticTarget
from downbench.sources.synthetic import day_regimes
from downbench.sources.synthetic.ground import Ground
from downbench.sources.synthetic.random_fields import power_law
from downbench.sources.synthetic.regime_temperature import (
    mean_detail,
    residual_sd,
    sd_pattern,
    with_block_means,
)


@dataclass(frozen=True)
class TemperatureDensity:
    """The Gaussian components of one region."""

    surface: Ground
    options: SyntheticTarget

    def mean(self, day: Mapping[str, np.ndarray], regime: int) -> np.ndarray:
        """Return the mean (days, y, x) [K] given a regime."""
        states = np.full(len(day["pr"]), regime)
        detail = mean_detail(day, self.surface, self.options, states)
        return with_block_means(detail, day, self.surface, self.options)

    def sd(self, day: Mapping[str, np.ndarray], regime: int) -> np.ndarray:
        """Return the sd (days, y, x) [K] of each cell given a regime."""
        spread = residual_sd(day, self.options, np.full(len(day["pr"]), regime))
        variance = np.diagonal(self.covariance).reshape(self.surface.land.shape)
        return spread[:, None, None] * np.sqrt(variance)

    def log_density(self, tasmax: np.ndarray, day: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the log density (regimes, days) of temperature (days, y, x) [K]."""
        return np.stack([self._of_regime(tasmax, day, k) for k in range(day_regimes.STATES)])

    def _of_regime(
        self, tasmax: np.ndarray, day: Mapping[str, np.ndarray], regime: int
    ) -> np.ndarray:
        difference = tasmax.astype(np.float64) - self.mean(day, regime)
        spread = residual_sd(day, self.options, np.full(len(tasmax), regime)).astype(np.float64)
        kept = difference.reshape(len(tasmax), -1)[:, self.kept_cells]
        normal = solve_triangular(self.factor, kept.T, lower=True) / spread
        count, log_volume = len(self.kept_cells), np.log(np.diagonal(self.factor)).sum()
        norm = count * (np.log(spread) + 0.5 * np.log(2 * np.pi)) + log_volume
        return -0.5 * (normal**2).sum(axis=0) - norm

    @cached_property
    def kept_cells(self) -> np.ndarray:
        """Flat indices of all cells but the last of each block."""
        factor = self.surface.blocks.factor
        row, column = np.indices(self.surface.land.shape) % factor
        return np.flatnonzero((row < factor - 1) | (column < factor - 1))

    @cached_property
    def factor(self) -> np.ndarray:
        """Lower Cholesky factor of the kept cells' covariance for a day's sd of 1 K."""
        return cholesky(self.covariance[np.ix_(self.kept_cells, self.kept_cells)], lower=True)

    @cached_property
    def covariance(self) -> np.ndarray:
        """Covariance (cells, cells) of all cells for a day's sd of 1 K."""
        noise, rows_columns = self.options.noise, self.surface.land.shape
        outer = noise.outer_scale_km / self.surface.km
        amplitude = power_law(noise.size, noise.temperature_slope, outer).astype(np.float64)
        periodic = fft.irfft2(amplitude**2, s=(noise.size, noise.size))
        y, x = (index.ravel() for index in np.indices(rows_columns))
        pattern = sd_pattern(self.surface, self.options).astype(np.float64).ravel()
        coloured = periodic[y[:, None] - y, x[:, None] - x] * pattern * pattern[:, None]
        return self._without_block_means(self._without_block_means(coloured).T)

    def _without_block_means(self, rows: np.ndarray) -> np.ndarray:
        fields = rows.reshape(-1, *self.surface.land.shape)
        blocks = self.surface.blocks
        return (fields - blocks.up_conserving(blocks.mean(fields))).reshape(rows.shape)
