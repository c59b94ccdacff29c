"""Coarse series with a known relation to each other, for the tests of predictor shift."""

import numpy as np

from downbench.scores.shift.coarse_days import CoarseDays

DAYS, CELLS = 120, 6


def series(seed: int, years: int = 8, first: int = 2001, turn: float = 0.6) -> CoarseDays:
    """Return rain, often zero, and temperature [K]; `turn` (-1 … 1) is their correlation."""
    rng = np.random.default_rng(seed)
    times = years * DAYS
    common, independent = rng.normal(size=(2, times, 1))
    local = rng.normal(size=(2, times, CELLS))
    wet = common + 0.3 * local[0]
    warm = turn * common + np.sqrt(1 - turn**2) * independent + 0.3 * local[1]
    fields = {"pr": np.maximum(5 * wet, 0.0), "tas": 285 + 4 * warm}
    labels = first + np.arange(times) // DAYS
    seasons = np.where(np.arange(times) % DAYS < DAYS // 2, "DJF", "JJA")
    return CoarseDays(fields, labels, seasons)


def changed(days: CoarseDays, **changes) -> CoarseDays:
    """Return the same days with some fields changed by functions of themselves."""
    fields = {name: change(days.fields[name]) for name, change in changes.items()}
    return CoarseDays({**days.fields, **fields}, days.years, days.seasons)
