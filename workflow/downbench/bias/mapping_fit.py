"""Fits a quantile map: quantiles of model and reference in every window, for all fits at once."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import xarray as xr

from downbench.bias import cross_fit
from downbench.bias.cells import as_rows, by_cells
from downbench.bias.quantiles import mid_levels, quantiles, row_means
from downbench.bias.same_grid import require_same_grid
from downbench.bias.wet_days import lift_dry, per_day
from downbench.bias.windows import Windows
from downbench.core.config.mapping import RAIN, MappedRain, QuantileMapping
from downbench.core.errors import UserError
from downbench.core.splits import year_labels

PER_WINDOW = ("fit", "window")
PER_NODE = (*PER_WINDOW, "quantile")
PARTS = {"source": PER_NODE, "reference": PER_NODE, "mean": PER_WINDOW, "passed": PER_WINDOW}


@dataclass(frozen=True)
class Days:
    """Of one series: time stamps in the year, those that each fit sees, numbers for traces."""

    slots: np.ndarray
    seen: Sequence[np.ndarray]
    uniform: np.ndarray


def fit(
    source: xr.Dataset, reference: xr.Dataset, mapping: QuantileMapping, start_month: int
) -> xr.Dataset:
    """All variables of `each`, in memory."""
    return xr.merge(each(source, reference, mapping, start_month), combine_attrs="identical")


def each(
    source: xr.Dataset, reference: xr.Dataset, mapping: QuantileMapping, start_month: int
) -> Iterator[xr.Dataset]:
    """Fit a map from a historical run towards a reference, one variable after the other.

    Parameters
    ----------
    source, reference : (time, Y, X)
        The run and the coarsened truth, on one grid and in the same units; rain in mm day-1. Their
        calendars may differ, and so may their days: they are never paired.
    start_month
        Month in which a year begins, as in the region.

    Yields
    ------
    xr.Dataset
        For a variable `<name>_source` and `<name>_reference`, (fit, window, quantile, Y, X) in its
        unit, `<name>_mean` (fit, window, Y, X) of the run, and `<name>_passed` (fit, window, Y,
        X), one where too few wet days leave rain raw. Attributes `fit_years` and `blocks`, JSON
        lists; fit 0 is the full one, fit i has not seen the i-th block.

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
        Days(
            windows.slots(series["time"]),
            cross_fit.fits(years, held_out, of_series),
            per_day(series["time"], mapping.seed),
        )
        for series, of_series in zip((source, reference), labels, strict=True)
    ]
    levels = mid_levels(mapping.quantiles)
    lists = {"fit_years": json.dumps(list(years)), "blocks": json.dumps(held_out)}
    place = {"quantile": levels, "lat": source["lat"], "lon": source["lon"]}
    for name in mapping.variables:
        rain = mapping.rain if name == RAIN else None
        # A store holds days together: read cells by cells, it would be read again and again.
        series = (source[name].compute(), reference[name].compute())
        made = _of_variable(*series, windows, days, levels, rain)
        parts = {f"{name}_{part}": field for part, field in made.items()}
        yield xr.Dataset(parts, place, lists | {"year_start_month": start_month})


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


def _of_variable(
    source: xr.DataArray,
    reference: xr.DataArray,
    windows: Windows,
    days: Sequence[Days],
    levels: np.ndarray,
    rain: MappedRain | None,
) -> dict[str, xr.DataArray]:
    made = by_cells(
        partial(_fit_cells, windows, days, levels, rain),
        (source, reference.drop_vars("time").rename(time="time_reference")),
        (("time",), ("time_reference",)),
        tuple(PARTS.values()),
        {"fit": len(days[0].seen), "window": windows.count, "quantile": levels.size},
    )
    units = dict.fromkeys(PARTS, source.attrs.get("units", "")) | {"passed": "1"}
    return {
        part: field.astype(np.int8 if part == "passed" else np.float32).assign_attrs(
            units=units[part]
        )
        for part, field in zip(PARTS, made, strict=True)
    }


def _fit_cells(
    windows: Windows,
    days: Sequence[Days],
    levels: np.ndarray,
    rain: MappedRain | None,
    *series: np.ndarray,
) -> tuple[np.ndarray, ...]:
    """Nodes of model and reference, mean of the model, and where wet days are too few.

    `series` : (Y, X, time) of model and reference, whose `days` come in the same order.
    """
    rows = [_lifted(as_rows(one), of, rain) for one, of in zip(series, days, strict=True)]
    shape = (len(rows[0]), len(days[0].seen), windows.count)
    nodes = np.full((2, *shape, levels.size), np.nan, np.float32)
    mean, passed = np.full(shape, np.nan, np.float32), np.zeros(shape, np.float32)
    served = np.intersect1d(*(windows.serving(of.slots) for of in days))
    for fit_number, window in np.ndindex(shape[1], served.size):
        at = (slice(None), fit_number, served[window])
        samples = [
            _pooled(one, of, windows, fit_number, served[window])
            for one, of in zip(rows, days, strict=True)
        ]
        mean[at] = row_means(samples[0])
        for side, sample in enumerate(samples):
            nodes[side][at] = quantiles(sample, levels)
        if rain:
            passed[at] = _too_few(samples, rain)

    grid = series[0].shape[:2]
    return tuple(part.reshape(*grid, *part.shape[1:]) for part in (*nodes, mean, passed))


def _lifted(rows: np.ndarray, days: Days, rain: MappedRain | None) -> np.ndarray:
    return lift_dry(rows, rain.trace_mm_day, days.uniform) if rain else rows


def _pooled(
    rows: np.ndarray, days: Days, windows: Windows, fit_number: int, window: int
) -> np.ndarray:
    """Values that a fit sees in a window, in ascending order with NaN last, (cells, n)."""
    chosen = windows.pooled(days.slots, window) & days.seen[fit_number]
    sample = np.take(rows, np.flatnonzero(chosen), axis=1)
    sample.sort(axis=1)
    return sample


def _too_few(samples: Sequence[np.ndarray], rain: MappedRain) -> np.ndarray:
    """(cells,) bool: fewer wet days than wanted, in the model or in the reference.

    Not so where either has no value at all: such a cell is missing.
    """
    wet = [(sample >= rain.trace_mm_day).sum(axis=1) for sample in samples]
    has_values = [np.isfinite(sample[:, 0]) for sample in samples]
    return (np.minimum(*wet) < rain.least_wet_days) & np.logical_and(*has_values)
