"""How far apart two climates are at each cell: distances between distributions.

Every cell's law is counted in bins, year by year, so that years can be resampled. With F and G
the two distribution functions, Wasserstein-1 is ∫ |F − G| dx and the energy distance, in its CRPS
form, ∫ (F − G)² dx (Székely and Rizzo 2013, J. Stat. Plan. Inference 143, 1249): both have the
variable's unit, are zero where the laws agree, and a plain shift s has the Wasserstein distance
s. They are means over cells, weighted by area: a bias that changes sign from cell to cell counts.
"""

import numpy as np

from downbench.scores.climate.daily_series import Series
from downbench.scores.climate.sampling_uncertainty import parts_of_years, wider_apart

RAIN_EDGES_MM_DAY = np.concatenate([[0.0], 0.1 * 1.1 ** np.arange(92)])
STEP_K = 0.5
REPLICATES_AT_ONCE = 5
"""Larger arrays are fetched from the system anew each time, at more than they take to fill."""


def edges(*several: Series) -> np.ndarray:
    """Upper ends of the bins of rain [mm day-1], or of temperature around all series [K]."""
    if several[0].is_rain:
        return RAIN_EDGES_MM_DAY
    low = min(float(np.nanmin(one.values)) for one in several)
    high = max(float(np.nanmax(one.values)) for one in several)
    return np.arange(np.floor(low) - STEP_K, np.ceil(high) + STEP_K, STEP_K)


def counts(one: Series, borders: np.ndarray) -> np.ndarray:
    """Values at or below each border, by year and cell, (year, cell, border) float32."""
    cells, bins = int(np.prod(one.values.shape[2:])), len(borders) + 1
    return np.stack([_below(one.of_year(y).values, borders, cells, bins) for y in one.years])


def _below(values: np.ndarray, borders: np.ndarray, cells: int, bins: int) -> np.ndarray:
    """One year's values (time, member, y, x) at or below each border, (cell, border)."""
    flat = values.reshape(-1, cells)
    place = np.searchsorted(borders, flat, side="left") + bins * np.arange(cells)
    found = np.bincount(place[np.isfinite(flat)], minlength=bins * cells)
    # The last border counts all that there is: what lies above it is at the ceiling.
    summed = np.cumsum(found.reshape(cells, bins), axis=1, dtype=np.float32)
    summed[:, -2] = summed[:, -1]
    return summed[:, :-1]


def distances(
    mine: np.ndarray,
    theirs: np.ndarray,
    draws: tuple[np.ndarray, np.ndarray],
    area: np.ndarray,
    borders: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Wasserstein-1 and energy distance, mean over cells, of every resampled pair.

    Parameters
    ----------
    mine, theirs : (year, cell, border)
        What `counts` returned, each with its own years.
    draws : two of (1 + replicates, year)
        How often each year is drawn; row 0 is the sample itself.
    area : (cell,)
        Weights [m2]; a cell that either lacks counts nowhere.

    Returns
    -------
    two of (1 + replicates,)
    """
    whole = (mine[:, :, -1].sum(axis=0) > 0) & (theirs[:, :, -1].sum(axis=0) > 0)
    weight = np.where(whole, area, 0.0)
    width = np.diff(borders).astype(np.float32)
    made = []
    for start in range(0, len(draws[0]), REPLICATES_AT_ONCE):
        part = slice(start, start + REPLICATES_AT_ONCE)
        gap = _law(mine, draws[0][part]) - _law(theirs, draws[1][part])
        gap = np.nan_to_num(np.abs(gap))
        made.append([_integral(each, width) @ weight for each in (gap, gap**2)])
    return tuple(np.concatenate(each) / weight.sum() for each in zip(*made, strict=True))


def _integral(values: np.ndarray, width: np.ndarray) -> np.ndarray:
    """Trapezoidal rule over the borders, (…, border) → (…)."""
    return (values[..., 1:] @ width + values[..., :-1] @ width) / 2


def _law(found: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Distribution functions (replicate, cell, border) of resampled years."""
    years, cells, borders = found.shape
    summed = (draws.astype(np.float32) @ found.reshape(years, -1)).reshape(-1, cells, borders)
    with np.errstate(invalid="ignore", divide="ignore"):
        return summed / summed[..., -1:]


def floor(
    theirs: np.ndarray, years: int, area: np.ndarray, borders: np.ndarray, rng: np.random.Generator
) -> tuple[float, float]:
    """Both distances that a perfect model would have, drawn for so many years, in the mean.

    Those between so many years of the truth and its others, as if these were all of it; NaN where
    too few years remain.
    """
    if len(theirs) <= years:
        return np.nan, np.nan
    drawn = parts_of_years(len(theirs), years, rng)
    found = distances(theirs, theirs, (drawn, 1 - drawn), area, borders)
    variance = wider_apart(len(theirs), years)
    wasserstein, energy = (float(each.mean()) for each in found)
    return wasserstein * np.sqrt(variance), energy * variance
