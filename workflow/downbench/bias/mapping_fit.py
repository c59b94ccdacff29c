"""Fit of a quantile mapping: quantiles of model and reference in every window, for all fits."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import xarray as xr

from downbench.bias import cross_fit
from downbench.bias.by_cell import by_cells
from downbench.bias.quantiles import mid_levels, row_means
from downbench.bias.samples import SortedSample, in_order, take_columns
from downbench.bias.wet_days import lift_dry, per_day
from downbench.bias.windows import Windows
from downbench.core.calendar.splits import year_labels
from downbench.core.config.region.quantile_mapping import QuantileMapping, RainCorrection
from downbench.core.errors import UserError
from downbench.core.spatial.same_grid import require_same_grid
from downbench.core.variables import RAIN

PER_WINDOW = ("fit", "window")
PER_NODE = (*PER_WINDOW, "quantile")
PARTS = {"source": PER_NODE, "reference": PER_NODE, "mean": PER_WINDOW, "passed": PER_WINDOW}


@dataclass(frozen=True)
class Days:
    """Of one series: time stamps in the year, those that each fit uses, numbers for traces.

    They come in an `order` in which the days that a fit uses in a window are neighbours.
    """

    order: np.ndarray
    slots: np.ndarray
    used: Sequence[np.ndarray]
    uniform: np.ndarray


@dataclass(frozen=True)
class Calibration:
    """A historical run and the coarsened truth, ready to be fitted variable by variable.

    `source`, `reference` : (time, Y, X), on one grid and in the same units; rain in mm day-1.
    Their calendars may differ, and so may their days: they are never paired.
    """

    source: xr.Dataset
    reference: xr.Dataset
    mapping: QuantileMapping
    days: tuple[Days, Days]
    attributes: dict[str, str | int]

    def fit(self, name: str) -> xr.Dataset:
        """Fit one variable.

        Returns
        -------
        xr.Dataset
            `<name>_source` and `<name>_reference`, (fit, window, quantile, Y, X) in its unit,
            `<name>_mean` (fit, window, Y, X) of the run, and `<name>_passed` (fit, window, Y, X),
            one where too few days, or wet days of rain, leave values raw. Attributes `fit_years`
            and `blocks`, JSON lists; fit 0 is the full one, fit i does not use the i-th block.
        """
        rain = self.mapping.rain if name == RAIN else None
        windows = Windows(self.mapping.window_days, self.mapping.window_step_days)
        levels = mid_levels(self.mapping.quantiles)
        # A store holds days together: read cells by cells, it would be read again and again.
        series = [self.source[name].compute(), self.reference[name].compute()]
        fields_by_part = by_cells(
            partial(_fit_cells, windows, self.days, levels, self.mapping.least_days, rain),
            series,
            tuple(PARTS.values()),
            {"fit": len(self.days[0].used), "window": windows.count, "quantile": levels.size},
        )
        units = dict.fromkeys(PARTS, series[0].attrs.get("units", "")) | {"passed": "1"}
        fields = {
            f"{name}_{part}": field.assign_attrs(units=units[part])
            for part, field in zip(PARTS, fields_by_part, strict=True)
        }
        coordinates = {"quantile": levels, "lat": self.source["lat"], "lon": self.source["lon"]}
        return xr.Dataset(fields, coordinates, self.attributes)


def prepare(
    source: xr.Dataset, reference: xr.Dataset, mapping: QuantileMapping, start_month: int
) -> Calibration:
    """Check both series and split their years.

    Parameters
    ----------
    source, reference
        See `Calibration`.
    start_month
        Month in which a year begins, as in the region.

    Raises
    ------
    UserError
        When a variable is absent, grids or units differ, or years do not suffice.
    """
    require_same_grid(source, reference, f"{mapping.fitted_on} and {mapping.reference}")
    for name in mapping.variables:
        _require(name, source, reference)
    labels = [year_labels(series["time"], start_month) for series in (source, reference)]
    years = cross_fit.calibration_years(*labels, mapping.calibration_years)
    held_out = cross_fit.blocks(years, mapping.cross_fit_blocks)
    windows = Windows(mapping.window_days, mapping.window_step_days)
    days = [
        _in_order(
            windows.slots(series["time"]),
            cross_fit.fits(years, held_out, of_series),
            per_day(series["time"], mapping.seed),
        )
        for series, of_series in zip((source, reference), labels, strict=True)
    ]
    lists = {"fit_years": json.dumps(list(years)), "blocks": json.dumps(held_out)}
    attributes = lists | {"year_start_month": start_month}
    return Calibration(source, reference, mapping, tuple(days), attributes)


def fit(
    source: xr.Dataset, reference: xr.Dataset, mapping: QuantileMapping, start_month: int
) -> xr.Dataset:
    """All variables of a map at once, see `prepare` and `Calibration`."""
    calibration = prepare(source, reference, mapping, start_month)
    parts = [calibration.fit(name) for name in mapping.variables]
    return xr.merge(parts, combine_attrs="identical")


def _in_order(slots: np.ndarray, used: Sequence[np.ndarray], uniform: np.ndarray) -> Days:
    order = np.lexsort((slots, *used))
    return Days(order, slots[order], [fit[order] for fit in used], uniform[order])


def _require(name: str, source: xr.Dataset, reference: xr.Dataset) -> None:
    """Both series have the variable, in one unit."""
    for series, what in ((source, "the historical run"), (reference, "the reference")):
        if name not in series.data_vars:
            raise UserError(
                f"{what} has no variable '{name}', which the map is to correct: add it, or leave "
                f"it out of `variables` (found {', '.join(map(str, series.data_vars))})"
            )
    units = [series[name].attrs.get("units") for series in (source, reference)]
    if units[0] != units[1]:
        raise UserError(
            f"{name}: the historical run is in '{units[0]}', the reference in '{units[1]}': "
            "bring both to one unit before the map"
        )


def _fit_cells(
    windows: Windows,
    days: Sequence[Days],
    levels: np.ndarray,
    least_days: int,
    rain: RainCorrection | None,
    *series: np.ndarray,
) -> tuple[np.ndarray, ...]:
    """Nodes of model and reference, mean of the model, and where days are too few.

    `series` : (cells, time) of model and reference, as in their files.
    """
    series = [np.take(values, of.order, axis=1) for values, of in zip(series, days, strict=True)]
    if rain:
        pairs = zip(series, days, strict=True)
        series = [lift_dry(values, rain.trace_mm_day, of.uniform) for values, of in pairs]
    ordered = [in_order(values) for values in series]
    shape = (len(series[0]), len(days[0].used), windows.count)
    nodes = np.full((2, *shape, levels.size), np.nan, np.float32)
    mean, passed = np.full(shape, np.nan, np.float32), np.zeros(shape, np.float32)
    first_wet = [values.below(rain.trace_mm_day) for values in ordered] if rain else []
    for number, window, index in _pools(windows, days):
        place = (slice(None), number, window)
        samples = [values.sample(places) for values, places in zip(ordered, index, strict=True)]
        for side, sample in enumerate(samples):
            nodes[side][place] = sample.quantiles(levels)
        mean[place] = row_means(take_columns(series[0], index[0]))
        least = (least_days, rain.least_wet_days if rain else 0)
        passed[place] = _too_few(samples, first_wet, *least)

    return (*nodes, mean, passed)


def _pools(windows: Windows, days: Sequence[Days]) -> Iterator[tuple[int, int, list[np.ndarray]]]:
    """Each fit and window, with the days of every series that it pools, where all have some."""
    for window in np.intersect1d(*(windows.serving(of.slots) for of in days)):
        pooled = [windows.pooled(of.slots, window) for of in days]
        for number in range(len(days[0].used)):
            used = [of.used[number] & pool for of, pool in zip(days, pooled, strict=True)]
            if all(days_used.any() for days_used in used):
                yield number, window, [np.flatnonzero(days_used) for days_used in used]


def _too_few(
    samples: Sequence[SortedSample],
    first_wet: Sequence[np.ndarray],
    least_days: int,
    least_wet_days: int,
) -> np.ndarray:
    """(cells,) bool: fewer days or wet days than needed, in the model or in the reference.

    Not so where either has no value at all: such a cell is missing.
    """
    valid = np.minimum(*(sample.valid for sample in samples))
    few = valid < least_days
    if first_wet:
        pairs = zip(samples, first_wet, strict=True)
        few |= np.minimum(*(sample.from_place(first) for sample, first in pairs)) < least_wet_days
    return few & (valid > 0)
