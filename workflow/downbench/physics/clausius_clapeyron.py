"""Scaling of heavy rain with temperature, to be held against 6–7 % per kelvin.

Saturation vapour pressure rises by 6–7 % per kelvin (Clausius–Clapeyron), and heavy rain is
expected to follow. Wet values are put into bins of temperature that hold equally many; the slope b
of the logarithm of a percentile of each bin on the bin's mean temperature, by ordinary least
squares, is a rate of 100 (exp b − 1) % K-1. Or the change of the percentile between two periods is
divided by the warming between them.

All work is done on counts per resampling block, bin of temperature (¼ K) and bin of rain (4 %),
so that rates can be resampled without the values.
"""

import numpy as np

COLDEST_K, STEP_K, WARMEST_K = -30.0, 0.25, 30.0
LEAST, RATIO, MOST = 0.005, 1.04, 1000.0
TEMPERATURES = int(round((WARMEST_K - COLDEST_K) / STEP_K))
RAINS = int(np.ceil(np.log(MOST / LEAST) / np.log(RATIO)))


class Counts:
    """Wet values per block of days, temperature and rain: `number` (block, temperature, rain)."""

    def __init__(self, blocks: int) -> None:
        self.number = np.zeros((blocks, TEMPERATURES, RAINS), np.uint32)

    def add(self, block: np.ndarray, temperature: np.ndarray, rain: np.ndarray) -> None:
        """Count values that are there; extremes go to the outermost bins.

        Parameters
        ----------
        block : (day,) int
            Resampling block of each day; neighbours share one.
        temperature : (day, …)
            Anomaly [K].
        rain : (day, …)
            Above zero, in mm day-1 or a multiple of a mean; NaN where dry or missing.
        """
        valid = np.isfinite(temperature) & np.isfinite(rain)
        first, last = int(block.min()), int(block.max()) + 1
        shape = (last - first, TEMPERATURES, RAINS)
        row = np.broadcast_to((block - first).reshape(-1, *[1] * (rain.ndim - 1)), rain.shape)
        warm = np.clip((temperature[valid] - COLDEST_K) // STEP_K, 0, TEMPERATURES - 1)
        heavy = np.clip(np.log(rain[valid] / LEAST) // np.log(RATIO), 0, RAINS - 1)
        number = (row[valid] * TEMPERATURES + warm.astype(int)) * RAINS + heavy.astype(int)
        counts = np.bincount(number, minlength=int(np.prod(shape))).reshape(shape)
        self.number[first:last] += counts.astype(np.uint32)


def equal_bins(number: np.ndarray, bins: int) -> np.ndarray:
    """Group of each fine temperature bin (temperature,), so that groups hold equally many values.

    number : (block, temperature, rain). Equal to the width of a fine bin.
    """
    count = number.sum(axis=(0, 2)).astype(np.float64)
    middle = np.cumsum(count) - 0.5 * count
    return np.minimum((bins * middle / max(count.sum(), 1)).astype(int), bins - 1)


def grouped(number: np.ndarray, group: np.ndarray, bins: int) -> tuple[np.ndarray, np.ndarray]:
    """Counts (block, bin, rain) and sums of temperature (block, bin) [K] of the groups."""
    member = group[:, None] == np.arange(bins)
    centre = COLDEST_K + STEP_K * (np.arange(TEMPERATURES) + 0.5)
    count = [number[:, column].sum(axis=1, dtype=np.float64) for column in member.T]
    warmth = number.sum(axis=2, dtype=np.float64) * centre

    return np.stack(count, axis=1), warmth @ member


def resampled(number: np.ndarray, counts: np.ndarray, bins: int) -> tuple[np.ndarray, np.ndarray]:
    """Counts (replicate, bin, rain) and mean temperature (replicate, bin) [K] of equal bins.

    Parameters
    ----------
    number : (block, temperature, rain)
    counts : (replicate, block)
        How often each block is in each resampled series; the bins stay those of all blocks.
    bins
        Bins of temperature.
    """
    per_block, warmth = grouped(number, equal_bins(number, bins), bins)
    count = np.tensordot(counts, per_block, axes=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return count, (counts @ warmth) / count.sum(axis=2)


def percentile(count: np.ndarray, percent: float) -> np.ndarray:
    """Percentile (…) of counts (…, rain), linear in the logarithm inside a bin; NaN of none."""
    below = np.cumsum(count, axis=-1)
    rank = below[..., -1:] * percent / 100
    place = np.minimum((below < rank).sum(axis=-1, keepdims=True), count.shape[-1] - 1)
    inside = np.take_along_axis(count, place, -1)
    start = np.take_along_axis(below, place, -1) - inside
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (rank - start) / inside
    return LEAST * RATIO ** (place + share)[..., 0]


def rate_percent_per_k(heavy: np.ndarray, temperature: np.ndarray) -> np.ndarray:
    """Rate (…) [% K-1] of percentiles `heavy` (…, bin) with the bins' mean `temperature` [K]."""
    log, warm = (
        values - values.mean(axis=-1, keepdims=True) for values in (np.log(heavy), temperature)
    )
    return 100 * np.expm1((log * warm).sum(axis=-1) / (warm**2).sum(axis=-1))


def rate_between_percent_per_k(
    earlier: np.ndarray, later: np.ndarray, warming_k: np.ndarray
) -> np.ndarray:
    """Rate (…) [% K-1] of the change of a percentile between two periods over their warming."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return 100 * np.expm1(np.log(later / earlier) / warming_k)
