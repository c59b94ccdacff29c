"""Exact log density of a fine day given the coarse day, in regions with regimes.

A sum over the regimes of temperature and, for each, over the states of rain: both variables share
them, so the density of the pair is not the product of two.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import logsumexp

from downbench.core.config.sources.synthetic import SyntheticTarget
from downbench.sources.synthetic import day_regimes
from downbench.sources.synthetic.cascade_density import rain_log_density
from downbench.sources.synthetic.fine_distribution import conditions
from downbench.sources.synthetic.ground import Ground
from downbench.sources.synthetic.mixture_density import mixture_log_density
from downbench.sources.synthetic.temperature_density import TemperatureDensity


@dataclass(frozen=True)
class FineDensity:
    """The distribution of one region, whose `regimes` are not `none`."""

    surface: Ground
    options: SyntheticTarget

    def log_density(
        self, fine: Mapping[str, np.ndarray], coarse: Mapping[str, np.ndarray]
    ) -> np.ndarray:
        """Return log p(fine rain and temperature | coarse day) [nat], (days,).

        Parameters
        ----------
        fine
            `pr` [mm day-1] and `tasmax` [K], (days, y, x), with the block means of `coarse`.
        coarse
            `pr`, `tasmax`, `uas`, `vas`, (days, Y, X).
        """
        day = conditions(coarse, self.surface, self.options)
        of_warm, of_wet = self._probabilities(day)
        rain = rain_log_density(fine["pr"], day, self.surface, self.options)
        given_warm = logsumexp(np.log(of_wet) + rain.T[:, None, :], axis=-1)
        temperature = self.temperature.log_density(fine["tasmax"], day)
        return logsumexp(np.log(of_warm) + temperature.T + given_warm, axis=-1)

    def temperature_mixture(
        self, coarse: Mapping[str, np.ndarray]
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return temperature of each cell as a mixture of normals.

        Returns
        -------
        weights (days, regimes), means [K] and sds [K] (regimes, days, y, x)
        """
        day = conditions(coarse, self.surface, self.options)
        states = range(day_regimes.STATES)
        means = np.stack([self.temperature.mean(day, state) for state in states])
        spreads = np.stack([self.temperature.sd(day, state) for state in states])
        return self._probabilities(day)[0], means, spreads

    def temperature_log_density(
        self, tasmax: np.ndarray, coarse: Mapping[str, np.ndarray]
    ) -> np.ndarray:
        """Return the log density [ln K-1] of temperature (days, y, x) [K] in each cell alone."""
        weights, means, spreads = self.temperature_mixture(coarse)
        return mixture_log_density(weights.T[:, :, None, None], means, spreads, tasmax)

    @cached_property
    def temperature(self) -> TemperatureDensity:
        """Density of temperature given its regime."""
        return TemperatureDensity(self.surface, self.options)

    def _probabilities(self, day: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        regimes = self.options.regimes
        phi = day_regimes.features(day, self.surface, regimes.features)
        return (
            day_regimes.temperature_probabilities(regimes.temperature, phi),
            day_regimes.rain_probabilities(regimes.rain, phi),
        )
