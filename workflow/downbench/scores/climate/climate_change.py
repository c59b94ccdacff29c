"""Climate change of an ensemble, future minus past, and how well it preserves the raw signal.

Three uncertainties of each quantity are distinguished: that of the sampled years (bootstrap of
years, independent for both periods), that between members, and – across tables – that between
models. The raw run is resampled by the same years, so that the ratio of two changes refers to one
weather. Rain changes by a ratio: its signal is the change in percent.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.core.variables import VARIABLES
from downbench.scores.climate.climate_comparison import year_counts
from downbench.scores.metrics.distribution import quantiles
from downbench.scores.table import Row, Sample, table

PERCENTILES = {"p95": 95.0, "p99": 99.0}
STATIC = ("lat", "lon", "orog", "land", "cell_area")


@dataclass(frozen=True)
class PeriodPair:
    """Climate fields (see `climate_fields`) of one model in the past and in the future."""

    historical: xr.Dataset
    future: xr.Dataset


def variables(periods: PeriodPair) -> list[str]:
    """Return the variables whose climate both periods hold."""
    suffix = "_distribution"
    names = {
        str(name).removesuffix(suffix) for name in periods.future if str(name).endswith(suffix)
    }
    return sorted(name for name in names if f"{name}{suffix}" in periods.historical)


def shared_variables(periods: PeriodPair, raw: PeriodPair | None) -> list[str]:
    """Return the variables of a model that its raw run, if any, has as well."""
    in_raw = variables(periods if raw is None else raw)
    return [name for name in variables(periods) if name in in_raw]


def change_table(
    periods: PeriodPair, raw: PeriodPair | None, names: Iterable[str], settings: Evaluation
) -> pd.DataFrame:
    """Return the rows of these variables as one table."""
    years = [fields.sizes["year"] for fields in (periods.historical, periods.future)]
    members, confidence = periods.future.sizes["member"], settings.bootstrap.confidence
    tables = [
        table(
            rows(periods, raw, name, settings),
            Sample(name, "all", members, years[1], min(years), confidence),
        )
        for name in names
    ]
    return pd.concat(tables, ignore_index=True)


def change_maps(periods: PeriodPair, names: Iterable[str]) -> xr.Dataset:
    """Return the maps of these variables on the grid and with the attributes of the future."""
    fields: dict[str, tuple] = {}
    for name in names:
        fields |= maps(periods, name)
    static = {name: periods.future[name].variable for name in STATIC if name in periods.future}
    return xr.Dataset(fields).assign_coords(static).assign_attrs(periods.future.attrs)


def quantities(variable: str) -> tuple[str, ...]:
    """Return the quantities whose change is computed: mean, tails, and extremes of a year."""
    row = VARIABLES[variable]
    extremes = [row.yearly_maximum] if row.yearly_maximum else []
    frequency = ["wet_day_frequency"] if row.is_intermittent else []
    return ("mean", *PERCENTILES, *extremes, *frequency)


def rows(
    periods: PeriodPair, raw: PeriodPair | None, variable: str, settings: Evaluation
) -> Iterator[Row]:
    """Yield the rows of one variable, by quantity q.

    `change_q` [unit], and for rain `relative_change_q` [percent], with an interval over years;
    `signal_ratio_q` [1], the signal over that of the raw run, and `signal_difference_q`, their
    difference, where there is a raw run of the same weather;
    `change_q_years` and `change_q_members`: standard deviations over years and over members.
    """
    for name in quantities(variable):
        past, future = by_member(periods, variable, name, settings)
        change = (future - past).mean(axis=1)
        yield Row(f"change_{name}", change)
        if VARIABLES[variable].is_intermittent:
            yield Row(f"relative_change_{name}", _signal(past, future, variable))
        if raw is not None:
            signal = _signal(past, future, variable)
            raw_signal = _signal(*by_member(raw, variable, name, settings), variable)
            yield Row(f"signal_difference_{name}", signal - raw_signal)
            with np.errstate(invalid="ignore", divide="ignore"):
                ratio = np.where(raw_signal != 0, signal / raw_signal, np.nan)
            yield Row(f"signal_ratio_{name}", ratio)
        yield Row(f"change_{name}_years", np.array([np.nanstd(change[1:], ddof=1)]))
        yield Row(f"change_{name}_members", np.array([_member_spread((future - past)[0])]))


def by_member(
    periods: PeriodPair, variable: str, name: str, settings: Evaluation
) -> tuple[np.ndarray, np.ndarray]:
    """Return a quantity in the past and in the future, each (1 + replicates, member)."""
    return tuple(
        _of_period(fields, variable, name, year_counts(fields.sizes["year"], settings, period))
        for period, fields in (("historical", periods.historical), ("future", periods.future))
    )


def _of_period(fields: xr.Dataset, variable: str, name: str, counts: np.ndarray) -> np.ndarray:
    if name in PERCENTILES:
        area = fields[f"{variable}_distribution"].transpose("year", "member", ...).values
        summed = np.tensordot(counts, area, axes=(1, 0))
        share = summed / summed.sum(axis=-1, keepdims=True)
        return quantiles(share, (PERCENTILES[name],), variable)[..., 0]
    field = fields[f"{variable}_{name}"].transpose("year", "member", "y", "x").values
    weight = np.where(np.isfinite(field), fields["cell_area"].values, 0.0)
    total = np.where(weight > 0, field * weight, 0.0).sum(axis=(2, 3))
    with np.errstate(invalid="ignore", divide="ignore"):
        return (counts @ total) / (counts @ weight.sum(axis=(2, 3)))


def _signal(past: np.ndarray, future: np.ndarray, variable: str) -> np.ndarray:
    """Return the change of the ensemble mean: of rain in percent, else a difference."""
    before, after = past.mean(axis=1), future.mean(axis=1)
    if not VARIABLES[variable].is_intermittent:
        return after - before
    with np.errstate(invalid="ignore", divide="ignore"):
        return 100 * (after / before - 1)


def _member_spread(changes: np.ndarray) -> float:
    """Return the standard deviation over members (member,); NaN of a single member."""
    return float(np.std(changes, ddof=1)) if changes.size > 1 else np.nan


def maps(periods: PeriodPair, variable: str) -> dict[str, tuple]:
    """Return change at each cell: `<v>_change_<q>` (member, y, x), `<v>_agreement_<q>` (y, x).

    The agreement is the share of members that change in the direction of their mean.
    """
    fields = {}
    for name in quantities(variable):
        key = f"{variable}_{name}"
        change = _period_mean(periods.future, key) - _period_mean(periods.historical, key)
        same_sign = np.sign(change) == np.sign(change.mean(axis=0))
        missing = np.isnan(change).any(axis=0)
        fields[f"{variable}_change_{name}"] = (("member", "y", "x"), change.astype(np.float32))
        agreement = np.where(missing, np.nan, same_sign.mean(axis=0)).astype(np.float32)
        fields[f"{variable}_agreement_{name}"] = (("y", "x"), agreement)
    return fields


def _period_mean(fields: xr.Dataset, name: str) -> np.ndarray:
    """Return the mean over years, (member, y, x)."""
    field = fields[name]
    field = field.mean("year") if "year" in field.dims else field
    return field.transpose("member", "y", "x").values
