"""Climate change of an ensemble, future minus past, and how much of the raw run's signal it keeps.

Of each quantity three uncertainties are told apart: that of the years drawn (bootstrap of whole
years, of both periods independently), that between members, and – across tables – that between
models. The raw run is resampled by the same years, so that the ratio of two changes is that of
one weather. Rain changes by a ratio: there the signal is the change in percent.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.core.variables import RAIN
from downbench.scores.climate.climate_comparison import draws
from downbench.scores.metrics.distribution import quantiles
from downbench.scores.table import Row

PERCENTILES = {"p95": 95.0, "p99": 99.0}
EXTREMES = {RAIN: ("rx1day", "wet_day_frequency")}
WARM = ("txx",)


@dataclass(frozen=True)
class Pair:
    """Climate fields (see `climate_fields`) of one model in the past and in the future."""

    historical: xr.Dataset
    future: xr.Dataset


def variables(pair: Pair) -> list[str]:
    """Variables whose climate both periods hold."""
    names = {str(name).removesuffix("_law") for name in pair.future if str(name).endswith("_law")}
    return sorted(name for name in names if f"{name}_law" in pair.historical)


def quantities(variable: str) -> tuple[str, ...]:
    """What is followed into the future: mean, tails, and the extremes of a year."""
    return ("mean", *PERCENTILES, *EXTREMES.get(variable, WARM))


def rows(pair: Pair, raw: Pair | None, variable: str, settings: Evaluation) -> Iterator[Row]:
    """Rows of one variable, by quantity q.

    `change_q` [unit], and for rain `relative_change_q` [percent], with an interval over years;
    `kept_q` [1], the signal over that of the raw run, and `beyond_q`, their difference, where
    there is a raw run of the same weather;
    `change_q_years` and `change_q_members`: standard deviations, the latter with the smallest and
    largest member as bounds.
    """
    for name in quantities(variable):
        past, future = of_members(pair, variable, name, settings)
        change = (future - past).mean(axis=1)
        yield Row(f"change_{name}", change)
        if variable == RAIN:
            yield Row(f"relative_change_{name}", _signal(past, future, variable))
        if raw is not None:
            signal = _signal(past, future, variable)
            raw_signal = _signal(*of_members(raw, variable, name, settings), variable)
            yield Row(f"beyond_{name}", signal - raw_signal)
            with np.errstate(invalid="ignore", divide="ignore"):
                yield Row(f"kept_{name}", np.where(raw_signal != 0, signal / raw_signal, np.nan))
        yield Row(f"change_{name}_years", np.array([np.nanstd(change[1:], ddof=1)]))
        yield Row(f"change_{name}_members", np.array([_between((future - past)[0])]))


def of_members(
    pair: Pair, variable: str, name: str, settings: Evaluation
) -> tuple[np.ndarray, np.ndarray]:
    """A quantity in the past and in the future, each (1 + replicates, member)."""
    return tuple(
        _of_period(fields, variable, name, draws(fields.sizes["year"], settings, period))
        for period, fields in (("historical", pair.historical), ("future", pair.future))
    )


def _of_period(fields: xr.Dataset, variable: str, name: str, drawn: np.ndarray) -> np.ndarray:
    if name in PERCENTILES:
        law = fields[f"{variable}_law"].transpose("year", "member", ...).values
        summed = np.tensordot(drawn, law, axes=(1, 0))
        share = summed / summed.sum(axis=-1, keepdims=True)
        return quantiles(share, (PERCENTILES[name],), variable == RAIN)[..., 0]
    field = fields[f"{variable}_{name}"].transpose("year", "member", "y", "x").values
    weight = np.where(np.isfinite(field), fields["cell_area"].values, 0.0)
    total = np.where(weight > 0, field * weight, 0.0).sum(axis=(2, 3))
    with np.errstate(invalid="ignore", divide="ignore"):
        return (drawn @ total) / (drawn @ weight.sum(axis=(2, 3)))


def _signal(past: np.ndarray, future: np.ndarray, variable: str) -> np.ndarray:
    """The change of the members' mean: of rain in percent, else a difference."""
    before, after = past.mean(axis=1), future.mean(axis=1)
    if variable != RAIN:
        return after - before
    with np.errstate(invalid="ignore", divide="ignore"):
        return 100 * (after / before - 1)


def _between(changes: np.ndarray) -> float:
    """Standard deviation over members (member,); NaN of one alone."""
    return float(np.std(changes, ddof=1)) if changes.size > 1 else np.nan


def maps(pair: Pair, variable: str) -> dict[str, tuple]:
    """Change at each cell: `<v>_change_<q>` (member, y, x) and `<v>_agreement_<q>` (y, x).

    The agreement is the share of members that change in the direction of their mean.
    """
    made = {}
    for name in quantities(variable):
        key = f"{variable}_{name}"
        periods = []
        for fields in (pair.historical, pair.future):
            field = fields[key]
            field = field.mean("year") if "year" in field.dims else field
            periods.append(field.transpose("member", "y", "x").values)
        change = periods[1] - periods[0]
        same = np.sign(change) == np.sign(change.mean(axis=0))
        hole = np.isnan(change).any(axis=0)
        made[f"{variable}_change_{name}"] = (("member", "y", "x"), change.astype(np.float32))
        agreement = np.where(hole, np.nan, same.mean(axis=0)).astype(np.float32)
        made[f"{variable}_agreement_{name}"] = (("y", "x"), agreement)
    return made
