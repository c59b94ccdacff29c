"""What the metric families know beyond the fields: settings, grid, and the truth's own climate."""

from dataclasses import dataclass

import numpy as np

from downbench.core.config.evaluation import Evaluation
from downbench.scores.geometry import Pairs, Window

RAIN = "pr"


@dataclass(frozen=True)
class Climate:
    """Reference values of the evaluated days, pooled over valid cells (trap T33).

    mean, deviation : of all values [the variable's unit]
    wet_excess : mean excess of wet values over the wet-day threshold [mm day-1]
    tails : one value per tail percentile, of wet values for rain, of all values otherwise
    """

    mean: float
    deviation: float
    wet_excess: float
    tails: tuple[float, ...]


@dataclass(frozen=True)
class Context:
    """One variable of one ensemble under evaluation.

    members : number of members
    forecasts : number of valid cells and days
    pooling_factors : those of the settings that divide the grid
    factor : largest pooling factor: the block side that `detail` is measured against [cells]
    perfect : is the driver the block mean of the truth?
    window : fully valid rectangle for spectra; None when there is none large enough
    pairs : pairs of cells of the variogram score
    """

    variable: str
    settings: Evaluation
    members: int
    forecasts: int
    pooling_factors: tuple[int, ...]
    factor: int
    perfect: bool
    window: Window | None
    pairs: Pairs
    climate: Climate

    @property
    def is_rain(self) -> bool:
        """Rain has dry days, thresholds in mm day-1 and a skewed law."""
        return self.variable == RAIN


def climate(truth: np.ndarray, area: np.ndarray, variable: str, settings: Evaluation) -> Climate:
    """Area-weighted climate of `truth` (day, y, x) over its valid cells."""
    valid = np.isfinite(truth)
    values = truth[valid].astype(np.float64)
    weights = np.broadcast_to(area, truth.shape)[valid]
    if values.size == 0:
        return Climate(np.nan, np.nan, np.nan, (np.nan,) * len(settings.tail_percentiles))
    mean = np.average(values, weights=weights)
    deviation = float(np.sqrt(np.average((values - mean) ** 2, weights=weights)))
    wet = values >= settings.wet_day_mm_day if variable == RAIN else np.ones(values.size, bool)
    tails = weighted_quantiles(values[wet], weights[wet], settings.tail_percentiles)
    excess = values[wet] - settings.wet_day_mm_day
    wet_excess = float(np.average(excess, weights=weights[wet])) if wet.any() else np.nan

    return Climate(float(mean), deviation, wet_excess, tails)


def weighted_quantiles(
    values: np.ndarray, weights: np.ndarray, percentiles: tuple[float, ...]
) -> tuple[float, ...]:
    """Percentiles of weighted values (n,), linear between the mid-points of the weights."""
    if values.size == 0:
        return (np.nan,) * len(percentiles)
    order = np.argsort(values)
    middle = np.cumsum(weights[order]) - 0.5 * weights[order]
    wanted = np.asarray(percentiles) / 100 * weights.sum()

    return tuple(float(value) for value in np.interp(wanted, middle, values[order]))
