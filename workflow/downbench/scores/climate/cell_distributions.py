"""Distances between the distributions of two climates at each cell.

The distribution of every cell is counted in bins, year by year, so that years can be resampled.
With distribution functions F and G, Wasserstein-1 is ∫ |F − G| dx and the energy distance, in its
CRPS form, ∫ (F − G)² dx. Both have the unit of the variable and are zero for equal distributions;
a pure shift s has the Wasserstein distance s. They are means over cells, weighted by area: a bias
that changes sign from cell to cell counts.

References
----------
Székely, G. J., Rizzo, M. L. (2013): Energy statistics: a class of statistics based on distances.
J. Stat. Plan. Inference 143, 1249–1272.
"""

import numpy as np

from downbench.core.variables import VARIABLES
from downbench.scores.climate.daily_series import DailySeries
from downbench.scores.climate.sampling_uncertainty import variance_ratio, year_subsets

RAIN_EDGES_MM_DAY = np.concatenate([[0.0], 0.1 * 1.1 ** np.arange(92)])
REPLICATES_AT_ONCE = 5
"""Larger arrays are allocated anew each time, which takes longer than filling them."""


def edges(*samples: DailySeries) -> np.ndarray:
    """Return upper bin edges [the variable's unit]; but for rain, around all samples."""
    if samples[0].is_intermittent:
        return RAIN_EDGES_MM_DAY
    width = VARIABLES[samples[0].variable].require("cell_bin_width")
    pair = 2 * width  # the range begins and ends at multiples of two widths
    low = min(float(np.nanmin(series.values)) for series in samples)
    high = max(float(np.nanmax(series.values)) for series in samples)
    first, last = np.floor(low / pair) * pair - width, np.ceil(high / pair) * pair + width
    return np.arange(first, last, width)


def cumulative_counts(series: DailySeries, borders: np.ndarray) -> np.ndarray:
    """Count values at or below each border, by year and cell, (year, cell, border) float32."""
    cells, bins = int(np.prod(series.values.shape[2:])), len(borders) + 1
    years = (series.of_year(year).values for year in series.years)
    return np.stack([_below(values, borders, cells, bins) for values in years])


def _below(values: np.ndarray, borders: np.ndarray, cells: int, bins: int) -> np.ndarray:
    """Count the values (time, member, y, x) of a year at or below each border, (cell, border)."""
    flat = values.reshape(-1, cells)
    position = np.searchsorted(borders, flat, side="left") + bins * np.arange(cells)
    counts = np.bincount(position[np.isfinite(flat)], minlength=bins * cells)
    # The last border counts all values: what lies above it is at the upper end.
    summed = np.cumsum(counts.reshape(cells, bins), axis=1, dtype=np.float32)
    summed[:, -2] = summed[:, -1]
    return summed[:, :-1]


def distances(
    ensemble: np.ndarray,
    reference: np.ndarray,
    counts: tuple[np.ndarray, np.ndarray],
    area: np.ndarray,
    borders: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return Wasserstein-1 and energy distance, mean over cells, of every replicate.

    Parameters
    ----------
    ensemble, reference : (year, cell, border)
        Results of `cumulative_counts`; the years may differ.
    counts : two of (1 + replicates, year)
        How often each year is sampled; row 0 is the sample itself.
    area : (cell,)
        Weights [m2]; a cell without values in either sample is left out.
    borders : (border,)
        [unit of the variable]

    Returns
    -------
    two of (1 + replicates,)
    """
    valid = (ensemble[:, :, -1].sum(axis=0) > 0) & (reference[:, :, -1].sum(axis=0) > 0)
    weight = np.where(valid, area, 0.0)
    width = np.diff(borders).astype(np.float32)
    batches = []
    for start in range(0, len(counts[0]), REPLICATES_AT_ONCE):
        batch = slice(start, start + REPLICATES_AT_ONCE)
        gap = _distribution(ensemble, counts[0][batch]) - _distribution(
            reference, counts[1][batch]
        )
        gap = np.nan_to_num(np.abs(gap))
        batches.append([_integral(values, width) @ weight for values in (gap, gap**2)])
    joined = (np.concatenate(values) for values in zip(*batches, strict=True))
    return tuple(values / weight.sum() for values in joined)


def _integral(values: np.ndarray, width: np.ndarray) -> np.ndarray:
    """Integrate over the borders by the trapezoidal rule, (…, border) → (…)."""
    return (values[..., 1:] @ width + values[..., :-1] @ width) / 2


def _distribution(cumulative: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return the distribution functions (replicate, cell, border) of resampled years."""
    years, cells, borders = cumulative.shape
    flat = cumulative.reshape(years, -1)
    summed = (counts.astype(np.float32) @ flat).reshape(-1, cells, borders)
    with np.errstate(invalid="ignore", divide="ignore"):
        return summed / summed[..., -1:]


def noise_floor(
    reference: np.ndarray,
    years: int,
    area: np.ndarray,
    borders: np.ndarray,
    rng: np.random.Generator,
) -> tuple[float, float]:
    """Return both mean distances of a perfect model that is sampled for so many years.

    They are the distances between so many years of the reference and its other years, as if these
    were the full record; NaN where too few years remain.
    """
    if len(reference) <= years:
        return np.nan, np.nan
    subsets = year_subsets(len(reference), years, rng)
    samples = distances(reference, reference, (subsets, 1 - subsets), area, borders)
    ratio = variance_ratio(len(reference), years)
    wasserstein, energy = (float(values.mean()) for values in samples)
    return wasserstein * np.sqrt(ratio), energy * ratio
