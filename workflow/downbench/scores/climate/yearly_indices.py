"""Climate indices of each year, cell and member: ETCCDI and related ones.

They are computed per member and only then averaged (trap T22), over the sampled days: the same
months for reference and ensemble. Spells are runs of consecutive days; they end at a gap of the
series and at the end of a year (trap T27). Wet days reach the threshold of the settings; base
percentiles are those of the reference.

References
----------
Zhang, X. et al. (2011): Indices for monitoring changes in extremes based on daily temperature and
precipitation data. WIREs Climate Change 2, 851–870.
"""

import numpy as np

from downbench.core.variables import VARIABLES
from downbench.scores.climate.daily_series import DailySeries

BASE_PERCENTILE = 95


def yearly_indices(
    series: DailySeries, wet_mm_day: float, base: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """Return indices by name, each (year, member, y, x) float32, NaN where the cell is missing.

    Rain: `mean` [mm day-1], `wet_day_frequency` [1], `sdii` [mm day-1], `rx1day` [mm day-1],
    `r95p` and `prcptot` [mm], `cdd` and `cwd` [days], `dry_spells` and `wet_spells` [1], counts.
    Temperature: `mean`, `txx` and `txn` [K].

    Parameters
    ----------
    series
        Days of the ensemble or of the reference.
    wet_mm_day
        Smallest amount of a wet day [mm day-1].
    base : (y, x)
        95th percentile of the wet days of the reference [mm day-1]; without it `r95p` is absent.
    """
    years = [_of_year(series.of_year(year), wet_mm_day, base) for year in series.years]
    return {name: np.stack([year[name] for year in years]).astype(np.float32) for name in years[0]}


def very_wet_threshold(reference: DailySeries, wet_mm_day: float) -> np.ndarray:
    """Return the 95th percentile of wet days of each cell (y, x) [mm day-1]; NaN without any."""
    rain = reference.values[:, 0]
    return percentile(np.where(rain >= wet_mm_day, rain, np.float32(np.nan)), BASE_PERCENTILE)


def percentile(values: np.ndarray, percent: float) -> np.ndarray:
    """Return the percentile over the first axis (time, …) → (…), ignoring NaN.

    The same as `np.nanpercentile`, many times faster where much is missing.
    """
    ordered = np.moveaxis(values, 0, -1).copy()  # contiguous days are sorted faster
    ordered.sort(axis=-1)  # NaN comes last
    last = np.isfinite(values).sum(axis=0) - 1
    position = np.maximum(last, 0) * (percent / 100)
    below = np.floor(position).astype(int)
    above = np.minimum(below + 1, np.maximum(last, 0))
    low, high = (np.take_along_axis(ordered, i[..., None], -1)[..., 0] for i in (below, above))
    return (low + (high - low) * (position - below)).astype(np.float32)


def _of_year(
    series: DailySeries, wet_mm_day: float, base: np.ndarray | None
) -> dict[str, np.ndarray]:
    values = series.values
    valid = np.isfinite(values)
    count = valid.sum(axis=0)
    filled = np.where(valid, values, 0)
    mean = filled.sum(axis=0, dtype=np.float64) / np.maximum(count, 1)
    indices, row = {"mean": mean}, VARIABLES[series.variable]
    if row.yearly_maximum:
        indices[row.yearly_maximum] = np.where(valid, values, -np.inf).max(axis=0)
    if row.yearly_minimum:
        indices[row.yearly_minimum] = np.where(valid, values, np.inf).min(axis=0)
    if row.is_intermittent:
        indices |= _of_rain(filled, valid, series.follows, wet_mm_day, base)
    return {name: np.where(count == 0, np.nan, field) for name, field in indices.items()}


def _of_rain(
    rain: np.ndarray,
    valid: np.ndarray,
    follows: np.ndarray,
    wet_mm_day: float,
    base: np.ndarray | None,
) -> dict[str, np.ndarray]:
    wet = valid & (rain >= wet_mm_day)
    dry = valid & ~wet
    wet_days, days = wet.sum(axis=0), np.maximum(valid.sum(axis=0), 1)
    total = np.where(wet, rain, 0).sum(axis=0, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        sdii = total / wet_days
    indices = {
        "wet_day_frequency": wet_days / days,
        "sdii": sdii,
        "prcptot": total,
        "cwd": longest_spell(wet, follows),
        "cdd": longest_spell(dry, follows),
        "wet_spells": spell_starts(wet, follows).sum(axis=0),
        "dry_spells": spell_starts(dry, follows).sum(axis=0),
    }
    if base is not None:
        indices["r95p"] = np.where(wet & (rain > base), rain, 0).sum(axis=0, dtype=np.float64)
    return indices


def spell_starts(flags: np.ndarray, follows: np.ndarray) -> np.ndarray:
    """Return (time, …) bool: where a run of true days begins."""
    before = np.zeros_like(flags)
    before[1:] = flags[:-1] & follows[1:].reshape(-1, *[1] * (flags.ndim - 1))
    return flags & ~before


def longest_spell(flags: np.ndarray, follows: np.ndarray) -> np.ndarray:
    """Return the longest run of consecutive true days, (time, …) → (…) [days]."""
    longest = np.zeros(flags.shape[1:], np.int32)
    current = np.zeros_like(longest)
    for day, joined in zip(flags, follows, strict=True):
        current = np.where(day, current * joined + 1, 0)
        longest = np.maximum(longest, current)
    return longest
