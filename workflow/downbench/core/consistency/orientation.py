"""Do rows and columns of a series lie as those of its partner, or upside down?"""

from collections.abc import Mapping

import numpy as np

from downbench.core.consistency.series_pair import SeriesPair

AS_IS = "as it is"
FLIPS = {
    AS_IS: (),
    "flipped north–south": (-2,),
    "flipped east–west": (-1,),
    "turned by 180°": (-2, -1),
}
"""Orientations by the axes (…, Y, X) that are reversed."""
TRANSPOSED = "with rows and columns swapped"
FEWEST_PAIRS = 60
LEAST_FIT, LEAST_GAIN = 0.3, 0.2
FEWEST_CELLS = 12
LEAST_CLIMATE_FIT, LEAST_CLIMATE_GAIN, MOST_CLIMATE_AS_IS = 0.7, 0.6, 0.0


def weather(pair: SeriesPair) -> dict[str, float]:
    """Return the correlation of a pair's weather for every orientation of the series.

    Compared are changes from one day to the next, in each cell relative to the domain: neither
    the season nor the relief, of which a coarse series has its own, takes part. Empty where fewer
    than 60 such pairs of days exist.
    """
    following = np.flatnonzero(np.diff(pair.days) == 1)
    if following.size < FEWEST_PAIRS:
        return {}
    changes = [values[following + 1] - values[following] for values in (pair.series, pair.target)]
    return _by_flip(*changes)


def climate(pair: SeriesPair) -> dict[str, float]:
    """Return the correlation of the monthly patterns for every orientation of the series."""
    if pair.series[0].size < FEWEST_CELLS:
        return {}
    return _by_flip(pair.series, pair.target)


def of_fields(field: np.ndarray, partner: np.ndarray) -> dict[str, float]:
    """Return the correlation of two fields (y, x) for every orientation of the first."""
    return _by_flip(field[None], partner[None])


def problem_of_weather(by_flip: Mapping[str, float]) -> str:
    """Return the orientation that fits clearly better than the present one; empty if none."""
    best = max(by_flip, key=by_flip.get, default=AS_IS)
    gain = by_flip.get(best, 0.0) - by_flip.get(AS_IS, 0.0)
    return best if by_flip.get(best, 0.0) >= LEAST_FIT and gain >= LEAST_GAIN else ""


def problem_of_climate(*patterns: Mapping[str, float]) -> str:
    """Return the orientation that all patterns clearly prefer to the present one; empty if none.

    The patterns are those of temperature as it is and reduced to sea level: relief that the series
    does not resolve turns only one of them round.
    """
    if any(by_flip[AS_IS] > MOST_CLIMATE_AS_IS for by_flip in patterns):
        return ""
    for flip in (words for words in (*FLIPS, TRANSPOSED) if words != AS_IS):
        fits = [by_flip.get(flip, -1.0) for by_flip in patterns]
        gains = [fit - by_flip[AS_IS] for fit, by_flip in zip(fits, patterns, strict=True)]
        if max(fits) >= LEAST_CLIMATE_FIT and min(gains) >= LEAST_CLIMATE_GAIN:
            return flip
    return ""


def listing(by_flip: Mapping[str, float]) -> str:
    """Return the correlations of all orientations as text."""
    return ", ".join(f"{flip}: {value:.2f}" for flip, value in by_flip.items())


def _by_flip(series: np.ndarray, target: np.ndarray) -> dict[str, float]:
    turned = {
        words: np.flip(series, axes)
        for words, axes in FLIPS.items()
        if all(series.shape[axis] > 1 for axis in axes)
    }
    rows, columns = series.shape[-2:]
    if rows == columns > 1:
        turned[TRANSPOSED] = np.swapaxes(series, -2, -1)
    correlations = {words: _correlation(values, target) for words, values in turned.items()}
    by_flip = {words: value for words, value in correlations.items() if np.isfinite(value)}
    return by_flip if AS_IS in by_flip else {}


def _correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Return the correlation over all cells and times, without the domain mean of each time."""
    valid = np.isfinite(first) & np.isfinite(second)
    count = valid.sum(axis=(1, 2), keepdims=True)
    parts = []
    for values in (first, second):
        kept = np.where(valid, values, 0.0).astype(np.float64)
        mean = kept.sum(axis=(1, 2), keepdims=True) / np.maximum(count, 1)
        parts.append(np.where(valid, kept - mean, 0.0))
    product = [float((a * b).sum()) for a, b in (parts, parts[:1] * 2, parts[1:] * 2)]
    scale = np.sqrt(product[1] * product[2])
    return product[0] / scale if scale > 0 else np.nan
