"""Application of a quantile mapping: cross-fitted in its calibration run, else by the full fit."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import xarray as xr

from downbench.bias import cross_fit, limits
from downbench.bias.by_cell import by_cells
from downbench.bias.mapping_fit import PARTS
from downbench.bias.quantile_mapping import (
    MappingRule,
    WindowFit,
    detrended,
    empirical,
    quantile_delta,
)
from downbench.bias.quantiles import row_means
from downbench.bias.samples import in_order, take_columns
from downbench.bias.wet_days import drop_trace, lift_dry, per_day
from downbench.bias.windows import Windows
from downbench.core.calendar.splits import year_labels
from downbench.core.config.region.quantile_mapping import Method, QuantileMapping, RainCorrection
from downbench.core.errors import UserError
from downbench.core.spatial.same_grid import require_same_grid
from downbench.core.variables import RAIN

Periods = Sequence[tuple[int, np.ndarray]]


def apply(
    driver: xr.Dataset, fitted: xr.Dataset, mapping: QuantileMapping, name: str
) -> xr.Dataset:
    """Correct a run with a map that was fitted on it, or on the historical run of its model.

    Parameters
    ----------
    driver : (time, Y, X)
        The raw run.
    fitted
        What `mapping_fit.fit` returned.
    name
        Name of the raw run: where it is `mapping.fitted_on` and the map has blocks of years, each
        block is corrected by the fit that did not use it.

    Returns
    -------
    xr.Dataset
        The run with its mapped variables (time, Y, X) float32 in place of the raw ones; missing
        stays missing. Attribute `fit_years`, a JSON list of the years it must not be scored on:
        empty where it is cross-fitted.

    Raises
    ------
    UserError
        When grids differ, a variable is absent, only some years are those of the fit, days lie in
        a season without a fit, or a corrected value is impossible.
    """
    require_same_grid(driver, fitted, f"{name} and the map fitted on {mapping.fitted_on}")
    _require(driver, fitted, mapping, name)
    labels = year_labels(driver["time"], int(fitted.attrs["year_start_month"]))
    if name != mapping.fitted_on:
        _refuse_overlap(labels, json.loads(fitted.attrs["fit_years"]), name)
    held_out = json.loads(fitted.attrs["blocks"]) if name == mapping.fitted_on else []
    periods = tuple(cross_fit.periods(labels, held_out, mapping.period_years))
    mapped = {}
    for variable in mapping.variables:
        mapped[variable] = _mapped(driver[variable].compute(), fitted, mapping, periods)
        bounds = limits.limits_of(variable, mapping)
        if bounds:
            limits.check(mapped[variable], driver[variable], bounds, name)
    years = [] if held_out else json.loads(fitted.attrs["fit_years"])
    return driver.assign(mapped).assign_attrs(
        corrected_from=name,
        mapping=mapping.model_dump_json(),
        fit_years=json.dumps(years),
        cross_fit_blocks=json.dumps(held_out),
    )


def _require(driver: xr.Dataset, fitted: xr.Dataset, mapping: QuantileMapping, name: str) -> None:
    windows = Windows(mapping.window_days, mapping.window_step_days)
    serving = windows.serving(windows.slots(driver["time"]))
    for variable in mapping.variables:
        if variable not in driver.data_vars:
            raise UserError(
                f"{name} has no variable '{variable}', which the map corrects (found "
                f"{', '.join(map(str, driver.data_vars))}): add it"
            )
        has_fit = fitted[f"{variable}_mean"].isel(fit=cross_fit.FULL).notnull().any(("Y", "X"))
        beyond = np.flatnonzero(~has_fit.values[serving])
        if beyond.size:
            first = str(driver["time"].values[beyond[0]])[:10]
            raise UserError(
                f"{name}: {beyond.size} days, the first on {first}, lie in a season in which "
                f"{variable} of '{mapping.fitted_on}' and '{mapping.reference}' has no values "
                "in common: cut the run to the seasons that both have"
            )


def _refuse_overlap(labels: np.ndarray, fit_years: Sequence[int], name: str) -> None:
    """Another member has all of its years in the fit, a future run none of them."""
    inside = np.isin(np.unique(labels), fit_years)
    if inside.any() and not inside.all():
        shared = np.unique(labels)[inside]
        raise UserError(
            f"{name}: {shared.size} of its {inside.size} years, {shared[0]} to {shared[-1]}, are "
            "years that the map was fitted on, the others are not: cut the run to the years after "
            "the fit, or set calibration_years of the map"
        )


def _mapped(
    raw: xr.DataArray, fitted: xr.Dataset, mapping: QuantileMapping, periods: Periods
) -> xr.DataArray:
    rain = mapping.rain if raw.name == RAIN else None
    windows = Windows(mapping.window_days, mapping.window_step_days)
    of_rain = (
        {"trace": rain.trace_mm_day, "small": rain.small_mm_day, "small_cap": rain.small_cap}
        if rain
        else {}
    )
    rule = MappingRule(
        kind=mapping.variables[str(raw.name)],
        levels=fitted["quantile"].values,
        between=mapping.interpolate,
        tail_cap=mapping.tail_cap,
        **of_rain,
    )
    slots = windows.slots(raw["time"])
    uniform = per_day(raw["time"], mapping.seed) if rain else np.empty(0)
    order = _order(slots, periods)
    pools = tuple(_pools(windows, slots, periods, np.argsort(order)))
    (corrected,) = by_cells(
        partial(_map_cells, mapping.method, pools, rule, rain, uniform, order),
        (raw, *(fitted[f"{raw.name}_{part}"] for part in PARTS)),
        (("time",),),
        dict(raw.sizes),
    )
    return raw.copy(data=corrected.values)


@dataclass(frozen=True)
class Pool:
    """Days of one period that a window serves and pools, by position, and the fit for them."""

    fit: int
    window: int
    served: np.ndarray
    pooled: np.ndarray


def _order(slots: np.ndarray, periods: Periods) -> np.ndarray:
    """Times in an order in which the days that a period pools in a window are neighbours."""
    period = np.zeros(slots.size, int)
    for number, (_, index) in enumerate(periods):
        period[index] = number
    return np.lexsort((slots, period))


def _pools(
    windows: Windows, slots: np.ndarray, periods: Periods, position: np.ndarray
) -> Iterator[Pool]:
    """Every window of every period; `position` (time,) is where a time stamp went."""
    serving = windows.serving(slots)
    for fit, index in periods:
        for window in np.unique(serving[index]):
            pooled = index[windows.pooled(slots[index], window)]
            served = index[serving[index] == window]
            yield Pool(fit, window, np.sort(position[served]), np.sort(position[pooled]))


def _map_cells(
    method: Method,
    pools: Sequence[Pool],
    rule: MappingRule,
    rain: RainCorrection | None,
    uniform: np.ndarray,
    order: np.ndarray,
    series: np.ndarray,
    *parts: np.ndarray,
) -> tuple[np.ndarray]:
    """Map series (cells, time) with their nodes, means and marks (cells, fit, window, …)."""
    raw = np.take(series, order, axis=1)
    rows = lift_dry(raw, rain.trace_mm_day, uniform[order]) if rain else raw
    ordered = in_order(rows) if method == "qdm" else None
    source, reference, mean, passed = parts
    mapped = np.full(raw.shape, np.nan, np.float32)
    for pool in pools:
        place = (slice(None), pool.fit, pool.window)
        values = take_columns(rows, pool.served)
        fit = WindowFit(source[place], reference[place], mean[place])
        if method == "qdm":
            tau = ordered.sample(pool.pooled).probabilities(pool.served)
            corrected = quantile_delta(values, tau, fit, rule)
        elif method == "dqm":
            of_run = row_means(take_columns(rows, pool.pooled))
            corrected = detrended(values, of_run, fit, rule)
        else:
            corrected = empirical(values, fit, rule)
        if rain:
            corrected = drop_trace(corrected, rain.trace_mm_day)
        is_raw = passed[place] > 0
        if is_raw.any():
            corrected = np.where(is_raw[:, None], take_columns(raw, pool.served), corrected)
        mapped[:, pool.served] = corrected

    return (np.take(mapped, np.argsort(order), axis=1),)
