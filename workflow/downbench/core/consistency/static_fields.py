"""Do altitude and share of land lie as the target's values do, or upside down?"""

from collections.abc import Mapping

import numpy as np
import xarray as xr

from downbench.core.consistency import orientation
from downbench.core.consistency.check_result import (
    CheckResult,
    not_compared,
    refuse_problems,
)
from downbench.core.contract_values import VALUES_AT_ONCE
from downbench.core.time_parts import slices
from downbench.core.variables import near_surface_temperature

SAMPLED_TIMES = 60
FEWEST_CELLS = 64
LEAST_RELIEF_M = 100.0
MOST_AS_IS, LEAST_FIT = 0.2, 0.7
"""Correlations in the present orientation, and in one that is clearly the right one."""
CHECK = "static fields"
LIMIT = f"above {MOST_AS_IS:g} as it is, or none turned reaches {LEAST_FIT:g}"
FEW_CELLS = f"fewer than {FEWEST_CELLS} cells"


def check(target: xr.Dataset, label: str) -> None:
    """Refuse static fields that fit the target only when flipped.

    Parameters
    ----------
    target
        As in `results`.
    label
        What messages call the target.

    Raises
    ------
    UserError
        Naming the field, the orientation that fits, and the correlations.
    """
    refuse_problems(results(target), f"{label}: static fields do not fit the values")


def results(target: xr.Dataset) -> list[CheckResult]:
    """Compare share of land and altitude with the values.

    Where the target is missing, such as over the sea, the share of land should be small; and it
    should be colder above.

    Parameters
    ----------
    target : (time, y, x)
        With `orog` [m] and `land` [1] on (y, x), which may be missing.
    """
    fields = {str(n): v for n, v in target.data_vars.items() if v.dims == ("time", "y", "x")}
    means = {name: _mean(field) for name, field in fields.items()}
    return [_of_land(target, means), _of_altitude(target, means)]


def _of_land(target: xr.Dataset, means: Mapping[str, np.ndarray]) -> CheckResult:
    valid = np.logical_and.reduce([np.isfinite(mean) for mean in means.values()])
    land, reason = target["land"].values, ""
    if valid.all():
        reason = "every cell has values"
    elif not np.isfinite(land).all():
        reason = "the share of land is not known everywhere"
    elif land.size < FEWEST_CELLS:
        reason = FEW_CELLS
    if reason:
        return not_compared(CHECK, "land", reason, LIMIT)
    flip, by_flip = _better(land, valid.astype(float))
    fix = (
        f"land fits the cells that have values better {flip} (correlation "
        f"{orientation.listing(by_flip)}): reorder its rows or columns in the file"
    )
    return _result("land", "the cells that have values", by_flip, fix if flip else "")


def _of_altitude(target: xr.Dataset, means: Mapping[str, np.ndarray]) -> CheckResult:
    name = near_surface_temperature(means)
    if name is None:
        return not_compared(CHECK, "orog", "the target has no temperature", LIMIT)
    altitude, temperature = target["orog"].values, means[name]
    if np.isfinite(altitude + temperature).sum() < FEWEST_CELLS:
        return not_compared(CHECK, "orog", FEW_CELLS, LIMIT)
    relief = _without_plane(altitude)
    if np.nanstd(relief) < LEAST_RELIEF_M:
        return not_compared(CHECK, "orog", f"relief below {LEAST_RELIEF_M:g} m", LIMIT)
    flip, by_flip = _better(-relief, _without_plane(temperature))
    fix = (
        f"orog fits {name} better {flip} (it is colder above: correlation "
        f"{orientation.listing(by_flip)}): reorder its rows or columns in the file"
    )
    return _result("orog", f"{name}, colder above", by_flip, fix if flip else "")


def _result(name: str, partner: str, by_flip: Mapping[str, float], problem: str) -> CheckResult:
    value = f"correlation with {partner}: {orientation.listing(by_flip)}"
    return CheckResult(CHECK, name, value, LIMIT, problem, by_flip)


def _better(field: np.ndarray, partner: np.ndarray) -> tuple[str, Mapping[str, float]]:
    """Return the orientation that fits where the present one does not; empty if none."""
    by_flip = orientation.of_fields(field, partner)
    best = max(by_flip, key=by_flip.get, default=orientation.AS_IS)
    is_better = by_flip.get(best, 0.0) >= LEAST_FIT
    is_wrong = by_flip.get(orientation.AS_IS, 1.0) <= MOST_AS_IS
    return (best if is_better and is_wrong else ""), by_flip


def _mean(field: xr.DataArray) -> np.ndarray:
    """Return the mean (y, x) over some sixty times, NaN where a cell never has a value.

    The times are taken from parts, as a stride over a store reads all of it at once; a part
    without one of them is not read.
    """
    stride = max(1, field.sizes["time"] // SAMPLED_TIMES)
    count, total = np.zeros(field.shape[1:], int), np.zeros(field.shape[1:])
    for part in slices(field.sizes["time"], field.size, VALUES_AT_ONCE):
        skipped = -part.start % stride
        if skipped >= part.stop - part.start:
            continue
        values = field[part].values[skipped::stride]
        count += np.isfinite(values).sum(axis=0)
        total += np.nansum(values, axis=0, dtype=np.float64)
    return np.where(count, total / np.maximum(count, 1), np.nan)


def _without_plane(field: np.ndarray) -> np.ndarray:
    """Return a field less its plane: temperature changes with latitude, and so may altitude."""
    valid = np.isfinite(field)
    rows, columns = np.indices(field.shape)
    terms = np.stack([np.ones(field.shape), rows, columns], axis=-1)
    plane, *_ = np.linalg.lstsq(terms[valid], field[valid], rcond=None)
    return field - terms @ plane
