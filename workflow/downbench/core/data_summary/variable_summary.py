"""Statistics of one variable by calendar month: sums over time that grow part by part."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.calendar.seasons import ALL_YEAR
from downbench.core.contract_values import VALUES_AT_ONCE, WET_MM_DAY
from downbench.core.histogram import edges
from downbench.core.time_parts import slices
from downbench.core.variables import VARIABLES

MONTHS = len(ALL_YEAR)
HIGH = 0.99


@dataclass(frozen=True)
class VariableSummary:
    """One variable of one series; months are numbers from 1 to 12.

    variable : its name
    area : (y, x) [m2]
    count, total : (12, y, x) number and sum of the values in each cell
    histogram : (12, bin) area in each bin [m2]; None without bins in the table of variables
    wet, wet_total : (12,) area at or above 1 mm day-1 [m2], and rain on it [m2 mm day-1]
    missing : (time,) share of the cells that ever have a value, without one at that time
    """

    variable: str
    area: np.ndarray
    count: np.ndarray
    total: np.ndarray
    histogram: np.ndarray | None
    wet: np.ndarray
    wet_total: np.ndarray
    missing: np.ndarray

    def mean(self, months: Sequence[int] = ALL_YEAR) -> np.ndarray:
        """Return the mean of each cell (y, x), NaN where it has no value."""
        rows = _rows(months)
        return _ratio(self.total[rows].sum(axis=0), self.count[rows].sum(axis=0))

    def domain_mean(self, months: Sequence[int] = ALL_YEAR) -> float:
        """Return the mean of all cells by area, NaN without a value."""
        mean = self.mean(months)
        valid = np.isfinite(mean)
        return float(_ratio((mean * self.area)[valid].sum(), self.area[valid].sum()))

    def wet_share(self, months: Sequence[int] = ALL_YEAR) -> float:
        """Return the share of values at or above 1 mm day-1."""
        rows = _rows(months)
        area = (self.count[rows].sum(axis=0) * self.area).sum()
        return float(_ratio(self.wet[rows].sum(), area))

    def intensity(self, months: Sequence[int] = ALL_YEAR) -> float:
        """Return the mean of the values at or above 1 mm day-1 [mm day-1]."""
        rows = _rows(months)
        return float(_ratio(self.wet_total[rows].sum(), self.wet[rows].sum()))

    def p99(self, months: Sequence[int] = ALL_YEAR) -> float:
        """Return the 99th percentile over all cells and times; NaN without bins or values."""
        if self.histogram is None:
            return np.nan
        cumulative = np.cumsum(self.histogram[_rows(months)].sum(axis=0))
        if cumulative[-1] <= 0:
            return np.nan
        share = np.concatenate([[0.0], cumulative / cumulative[-1]])
        return float(np.interp(HIGH, share, edges(self.variable)))

    @property
    def missing_share(self) -> float:
        """Share of the values missing in cells that ever have one."""
        return float(self.missing.mean())


def summarise(field: xr.DataArray, area: np.ndarray) -> VariableSummary:
    """Pass once over a field (time, y, x), a few times in memory.

    Parameters
    ----------
    field
        Named as in the table of variables, in its unit; a lazy field is read in parts.
    area : (y, x)
        Cell areas [m2], or any positive weights.
    """
    name, shape = str(field.name), field.shape[1:]
    bins = edges(name) if VARIABLES[name].histogram else None
    count, total = np.zeros((MONTHS, *shape), np.int64), np.zeros((MONTHS, *shape))
    histogram = None if bins is None else np.zeros((MONTHS, bins.size - 1))
    wet, wet_total, valid = np.zeros(MONTHS), np.zeros(MONTHS), []
    for at_once in slices(field.sizes["time"], field.size, VALUES_AT_ONCE):
        part = field[at_once]
        values, months = part.values, part["time"].dt.month.values
        valid.append(np.isfinite(values).sum(axis=(1, 2)))
        for month in np.unique(months):
            of_month, row = values[months == month], month - 1
            present = np.isfinite(of_month)
            count[row] += present.sum(axis=0)
            total[row] += np.where(present, of_month, 0.0).sum(axis=0, dtype=np.float64)
            numbers, weights = of_month[present], np.broadcast_to(area, present.shape)[present]
            if histogram is not None:
                histogram[row] += _areas(numbers, weights, bins)
            if VARIABLES[name].is_intermittent:
                is_wet = numbers >= WET_MM_DAY
                wet[row] += weights[is_wet].sum()
                wet_total[row] += (numbers[is_wet] * weights[is_wet]).sum()
    cells = np.count_nonzero(count.any(axis=0))
    missing = 1.0 - np.concatenate(valid) / max(cells, 1)
    return VariableSummary(name, area, count, total, histogram, wet, wet_total, missing)


def _areas(values: np.ndarray, weights: np.ndarray, bins: np.ndarray) -> np.ndarray:
    """Return the area in each bin; values beyond the ends count in the outermost."""
    index = np.clip(np.searchsorted(bins, values, side="right") - 1, 0, bins.size - 2)
    return np.bincount(index, weights, minlength=bins.size - 1)


def _rows(months: Sequence[int]) -> list[int]:
    return [month - 1 for month in months]


def _ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Return the quotient, NaN where there is nothing to divide by."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(denominator > 0, numerator / denominator, np.nan)
