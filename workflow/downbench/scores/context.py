"""Settings, grid and reference climate of one variable: what metrics use beyond the fields."""

from dataclasses import dataclass

import numpy as np

from downbench.core.config.evaluation import Evaluation
from downbench.core.variables import VARIABLES
from downbench.scores.geometry import CellPairs, Window


@dataclass(frozen=True)
class ReferenceClimate:
    """Reference values of the evaluated days, pooled over valid cells (trap T33).

    mean, deviation : of all values [the variable's unit]
    wet_excess : mean excess of wet values over the wet-day threshold [mm day-1]; rain only
    tails : one value per tail percentile, of wet values for rain, of all values otherwise
    field : mean over days (y, x) [the variable's unit]
    """

    mean: float
    deviation: float
    wet_excess: float
    tails: tuple[float, ...]
    field: np.ndarray | float = np.nan


@dataclass(frozen=True)
class Context:
    """One variable of one ensemble under evaluation.

    members : number of members
    forecasts : number of valid cells and days
    pooling_factors : those of the settings that divide the grid
    factor : side of the coarse cells, or the largest pooling factor if unknown [cells]
    perfect : is the driver the block mean of the reference?
    window : fully valid rectangle for spectra; None when there is none large enough
    pairs : pairs of cells of the variogram score
    is_daily : are the data daily, so that indices of daily data can be given?
    separate_halves : are even and odd members seeded separately (`core.member_halves`)?
    """

    variable: str
    settings: Evaluation
    members: int
    forecasts: int
    pooling_factors: tuple[int, ...]
    factor: int
    perfect: bool
    window: Window | None
    pairs: CellPairs
    climate: ReferenceClimate
    is_daily: bool = True
    separate_halves: bool = False

    @property
    def is_intermittent(self) -> bool:
        """Are there dry days, thresholds in mm day-1 and a skewed distribution?"""
        return VARIABLES[self.variable].is_intermittent
