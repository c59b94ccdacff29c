"""Climate of each cell and time of the year: what days are measured against before pooling.

Rain of cells and seasons with other climates must not be pooled as it is: warm seasons may have
other rain for other reasons than warmth. So temperature becomes an anomaly from the cell's mean of
the time of the year, and rain a multiple of the cell's mean wet-day rain of that time.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

SLAB_DAYS = 256


@dataclass(frozen=True)
class WetClimate:
    """Means of each part of the year, (part, y, x); NaN where there are none.

    temperature : mean of all days [K]
    rain : mean of the wet days [mm day-1]
    """

    temperature: np.ndarray
    rain: np.ndarray


def climate(record: xr.Dataset, temperature: str, wet_mm_day: float, parts: int) -> WetClimate:
    """Means over all days of `record` (time, y, x), which holds `pr` and `temperature`."""
    position = _position(record["time"])
    total: dict[str, np.ndarray] = {"pr": 0.0, temperature: 0.0}
    number: dict[str, np.ndarray] = {"pr": 0.0, temperature: 0.0}
    for start in range(0, position.size, SLAB_DAYS):
        days = slice(start, start + SLAB_DAYS)
        part = np.floor(position[days] * parts).astype(int)[:, None] == np.arange(parts)
        for name in total:
            values = record[name].isel(time=days).values
            counted = values >= wet_mm_day if name == "pr" else np.isfinite(values)
            total[name] += _per_part(part, np.where(counted, values, 0.0))
            number[name] += _per_part(part, counted)
    with np.errstate(invalid="ignore", divide="ignore"):
        return WetClimate(total[temperature] / number[temperature], total["pr"] / number["pr"])


def day_weights(time: xr.DataArray, parts: int) -> np.ndarray:
    """Weights (day, part) that interpolate from the middles of the parts of the year to days."""
    if parts == 1:
        return np.ones((time.size, 1))
    away = _position(time)[:, None] * parts - (np.arange(parts) + 0.5)
    away = np.abs((away + parts / 2) % parts - parts / 2)

    return np.maximum(0.0, 1.0 - away)


def on_days(means: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Climate of each day (day, y, x) from means (part, y, x); parts without one are left out."""
    valid = np.isfinite(means)
    total, weight = (
        np.tensordot(weights, field, axes=1) for field in (np.where(valid, means, 0.0), valid)
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(weight > 0, total / weight, np.nan)


def _per_part(part: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.tensordot(part.T.astype(np.float64), values.astype(np.float64), axes=1)


def _position(time: xr.DataArray) -> np.ndarray:
    """Middle of each day as a share of its year, in [0, 1), for any calendar."""
    moment = time.dt
    share = (moment.day.values - 0.5) / moment.days_in_month.values
    return (moment.month.values - 1 + share) / 12
