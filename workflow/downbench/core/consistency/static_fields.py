"""Do altitude and share of land lie as the target's values do, or upside down?"""

from collections.abc import Iterator, Mapping

import numpy as np
import xarray as xr

from downbench.core.consistency import orientation
from downbench.core.errors import UserError
from downbench.core.variables import near_surface_temperature

SAMPLED_TIMES = 60
FEWEST_CELLS = 64
LEAST_RELIEF_M = 100.0
MOST_AS_IS, LEAST_FIT = 0.2, 0.7
"""Correlations in the present orientation, and in one that is clearly the right one."""


def check(target: xr.Dataset, label: str) -> None:
    """Refuse static fields that fit the target only when flipped.

    Where the target is missing, such as over the sea, the share of land should be small; and it
    should be colder above.

    Parameters
    ----------
    target : (time, y, x)
        With `orog` [m] and `land` [1] on (y, x), which may be missing.
    label
        What messages call the target.

    Raises
    ------
    UserError
        Naming the field, the orientation that fits, and the correlations.
    """
    problems = [*_of_land(target), *_of_altitude(target)]
    if problems:
        listing = "\n".join(f"  - {problem}" for problem in problems)
        raise UserError(f"{label}: static fields do not fit the values:\n{listing}")


def _of_land(target: xr.Dataset) -> Iterator[str]:
    fields = [v for v in target.data_vars.values() if v.dims == ("time", "y", "x")]
    valid = np.logical_and.reduce([np.isfinite(_mean(field)) for field in fields])
    land = target["land"].values
    if valid.all() or not np.isfinite(land).all() or land.size < FEWEST_CELLS:
        return
    flip, by_flip = _better(land, valid.astype(float))
    if flip:
        yield (
            f"land fits the cells that have values better {flip} (correlation "
            f"{orientation.listing(by_flip)}): reorder its rows or columns in the file"
        )


def _of_altitude(target: xr.Dataset) -> Iterator[str]:
    name = near_surface_temperature(map(str, target.data_vars))
    if name is None:
        return
    altitude, temperature = target["orog"].values, _mean(target[name])
    if np.isfinite(altitude + temperature).sum() < FEWEST_CELLS:
        return
    relief = _without_plane(altitude)
    if np.nanstd(relief) < LEAST_RELIEF_M:
        return
    flip, by_flip = _better(-relief, _without_plane(temperature))
    if flip:
        yield (
            f"orog fits {name} better {flip} (it is colder above: correlation "
            f"{orientation.listing(by_flip)}): reorder its rows or columns in the file"
        )


def _better(field: np.ndarray, partner: np.ndarray) -> tuple[str, Mapping[str, float]]:
    """Return the orientation that fits where the present one does not; empty if none."""
    by_flip = orientation.of_fields(field, partner)
    best = max(by_flip, key=by_flip.get, default=orientation.AS_IS)
    is_better = by_flip.get(best, 0.0) >= LEAST_FIT
    is_wrong = by_flip.get(orientation.AS_IS, 1.0) <= MOST_AS_IS
    return (best if is_better and is_wrong else ""), by_flip


def _mean(field: xr.DataArray) -> np.ndarray:
    """Return the mean (y, x) over some sixty times, NaN where a cell never has a value."""
    stride = max(1, field.sizes["time"] // SAMPLED_TIMES)
    values = field[::stride].values.astype(np.float64)
    count = np.isfinite(values).sum(axis=0)
    return np.where(count, np.nansum(values, axis=0) / np.maximum(count, 1), np.nan)


def _without_plane(field: np.ndarray) -> np.ndarray:
    """Return a field less its plane: temperature changes with latitude, and so may altitude."""
    valid = np.isfinite(field)
    rows, columns = np.indices(field.shape)
    terms = np.stack([np.ones(field.shape), rows, columns], axis=-1)
    plane, *_ = np.linalg.lstsq(terms[valid], field[valid], rcond=None)
    return field - terms @ plane
