"""Block bootstrap over days (Künsch 1989, with blocks that do not overlap).

The weather of neighbouring days and cells is not independent (trap T28): whole blocks of
consecutive sampled days are drawn with replacement, each with all its cells. A block ends where
the sampled days have a gap (trap T27), so spells of ten days are ten-day blocks.
"""

import numpy as np
import xarray as xr
from scipy.special import ndtri, stdtrit

from downbench.core.calendar.dates import day_numbers
from downbench.core.rng import generator

LONGEST_STEP_DAYS = 1.5


def block_labels(time: xr.DataArray, block_days: int) -> np.ndarray:
    """Number the blocks of consecutive sampled times.

    Parameters
    ----------
    time : (time,)
        Increasing stamps. With a coordinate `event(time)` an event takes the place of an
        unbroken run of days and its distinct frames that of days: stamps that differ by less
        than a minute are patches of one frame and stay together.
    block_days
        Longest block [days, or frames of an event].

    Returns
    -------
    (time,) int
        Block of each time, counted from 0.
    """
    if time.size == 0:
        return np.zeros(0, int)
    days = day_numbers(time)
    if "event" in time.coords:
        event = time["event"].values.astype(str)
        broken = event[1:] != event[:-1]
        step = np.diff(days) >= 1 / 1440
    else:
        broken = np.diff(days) > LONGEST_STEP_DAYS
        step = np.ones(len(days) - 1, bool)
    spell = np.concatenate([[0], np.cumsum(broken)])
    position = np.concatenate([[0], np.cumsum(step | broken)])
    first = position[np.searchsorted(spell, spell)]
    pairs = np.stack([spell, (position - first) // block_days], axis=1)

    return np.unique(pairs, axis=0, return_inverse=True)[1].reshape(-1)


def resample(labels: np.ndarray, replicates: int, seed: int) -> np.ndarray:
    """How often each day is drawn, (1 + replicates, day); row 0 is the sample itself.

    The same labels and seed give the same draws, so models that are scored on the same days are
    compared in pairs.
    """
    blocks = labels.max(initial=-1) + 1
    drawn = np.ones((1 + replicates, blocks))
    if blocks:
        rng = generator("block bootstrap", seed)
        drawn[1:] = rng.multinomial(blocks, np.full(blocks, 1 / blocks), size=replicates)

    return drawn[:, labels]


def interval(values: np.ndarray, blocks: float, confidence: float) -> tuple[float, float]:
    """Percentile interval, centred on the estimate and widened for few blocks.

    A percentile interval is too narrow for few blocks: its distances from the replicates' median
    are stretched by t(blocks − 1) / z × √(blocks / (blocks − 1)), which makes it as wide as
    Student's interval for a plain mean and changes little beyond thirty blocks. They are then laid
    around the estimate, because resampling adds noise to a metric that is a distance (such as
    the log-spectral one) and so shifts all its replicates upwards.

    Parameters
    ----------
    values : (1 + replicates,)
        The estimate, then its bootstrap replicates.
    blocks
        Number of blocks; with fewer than two nothing is known and the bounds are NaN. Infinitely
        many leave the percentiles as wide as they are.
    confidence
        Coverage [1].
    """
    replicates = values[1:][np.isfinite(values[1:])]
    # A metric that half of the resampled series cannot give is too frail for an interval.
    few = replicates.size < max(2, (len(values) - 1) / 2)
    if blocks < 2 or few or not np.isfinite(values[0]):
        return np.nan, np.nan
    tail = (1 - confidence) / 2
    low, middle, high = np.quantile(replicates, [tail, 0.5, 1 - tail])
    wider = stretch(blocks, confidence)

    return (
        float(values[0] + wider * (low - middle)),
        float(values[0] + wider * (high - middle)),
    )


def stretch(blocks: float, confidence: float) -> float:
    """Factor by which `interval` widens for few blocks; one for infinitely many, NaN below two."""
    if np.isinf(blocks):
        return 1.0
    if blocks < 2:
        return np.nan
    tail = (1 - confidence) / 2
    student = stdtrit(blocks - 1, 1 - tail) / ndtri(1 - tail)

    return float(student * np.sqrt(blocks / (blocks - 1)))


def widened(values: np.ndarray, blocks: int, confidence: float) -> np.ndarray:
    """Replicates (1 + replicates,) laid around the estimate and stretched, as `interval` does.

    For an estimate that is made of several, each with its own number of blocks: the interval of
    what is formed from their widened replicates takes infinitely many.
    """
    middle = np.nanmedian(values[1:])
    found = values[0] + stretch(blocks, confidence) * (values - middle)
    found[0] = values[0]

    return found
