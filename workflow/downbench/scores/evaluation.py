"""Scores one ensemble: streams its days through the metric families and makes the tables."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core import compute, member_halves
from downbench.core.calendar.dates import day_numbers
from downbench.core.config.evaluation import Evaluation
from downbench.scores import geometry
from downbench.scores.alignment import common_variables, label, year_labels
from downbench.scores.bootstrap import LONGEST_STEP_DAYS, block_labels, resample
from downbench.scores.completeness import (
    require_complete,
    require_days,
    warn_without_spectra,
)
from downbench.scores.context import Context
from downbench.scores.metric import DayLabels, Series
from downbench.scores.metric_registry import daily_families, series_families
from downbench.scores.paired_fields import PairedFields
from downbench.scores.plausibility import refuse_mistakes
from downbench.scores.reference_climatology import climate
from downbench.scores.slabs import Slab, batches, slabs
from downbench.scores.statistics import (
    Statistics,
    counted_days,
    means,
    on_days,
    one_after_another,
)
from downbench.scores.table import SEASONS, Row, Sample, table


@dataclass(frozen=True)
class VariableScores:
    """One variable: its table, the daily sums it came from, and what they were taken with."""

    table: pd.DataFrame
    statistics: Statistics
    context: Context


def score(
    ensemble: xr.Dataset,
    reference: xr.Dataset,
    settings: Evaluation,
    redraws: xr.Dataset | None = None,
) -> dict[str, VariableScores]:
    """Score every common variable of an aligned ensemble and reference (see `alignment`).

    Parameters
    ----------
    ensemble : (time, member, y, x)
        May be lazy: a few days are held at a time.
    reference : (time, y, x)
        With lat, lon [degrees] and cell_area [m2].
    settings
        Section `evaluation` of the configuration.
    redraws : (time, member, y, x)
        Other outcomes of the same days, from the known distribution of the reference: proper
        scores are means over them in place of the reference.
    """
    return {
        name: _score_variable(ensemble, reference, name, settings, redraws)
        for name in common_variables(ensemble, reference)
    }


def _score_variable(
    ensemble: xr.Dataset,
    reference: xr.Dataset,
    name: str,
    settings: Evaluation,
    redraws: xr.Dataset | None,
) -> VariableScores:
    values = reference[name].transpose("time", "y", "x").values
    area, what = reference["cell_area"].values.astype(np.float64), label(ensemble)
    perfect = ensemble.attrs.get("driver_type") == "perfect"
    context = make_context(ensemble[name], values, reference, settings, perfect)
    halves = member_halves.are_separate(
        ensemble.attrs.get(member_halves.ATTRIBUTE), context.members
    )
    context = replace(context, separate_halves=halves)
    warn_without_spectra(context, what)
    series, sums = _new_series(context, area), []
    labels = year_labels(reference), _follows(reference["time"])
    outcomes = None if redraws is None else redraws[name]
    parts = slabs(ensemble[name], values, *labels, outcomes)
    for daily, collected in compute.each(partial(_score_slab, context, area, what), parts):
        sums.append(daily)
        for collector, part in zip(series, collected, strict=True):
            collector.join(part)
    statistics = one_after_another(sums)
    counted = counted_days(statistics)
    require_days(counted, settings.least_common_days, name, what)
    context = replace(context, forecasts=int(np.isfinite(values[counted]).sum()))
    refuse_mistakes(statistics, reference[name].copy(data=values), area, context, what)
    rows = [
        row
        for family, collector in zip(series_families(), series, strict=True)
        for row in family.declared(collector.rows())
    ]

    return VariableScores(
        make_table(statistics, rows, reference["time"], context), statistics, context
    )


def _new_series(context: Context, area: np.ndarray) -> list[Series]:
    return [family.series(context, area) for family in series_families()]


def _score_slab(
    context: Context, area: np.ndarray, what: str, slab: Slab
) -> tuple[Statistics, list[Series]]:
    """Return the daily sums of a slab's own days, and what series collect from them."""
    series, parts, start = _new_series(context, area), [], slab.ahead
    for batch in batches(
        slab.members, slab.reference, area, slab.redraws, slab.follows, slab.ahead
    ):
        require_complete(batch, context.variable, what)
        days = slice(start, start + len(batch.reference))
        parts.append(daily_statistics(batch, context))
        for collector in series:
            if start == slab.ahead and batch.previous is not None:
                collector.precede(batch.previous)
            collector.add(batch, DayLabels(slab.years[days], slab.follows[days]))
        start = days.stop

    return one_after_another(parts), series


def make_context(
    members: xr.DataArray,
    values: np.ndarray,
    reference: xr.Dataset,
    settings: Evaluation,
    perfect: bool = False,
) -> Context:
    """Settings, grid and climate of one variable, from the reference's `values` (day, y, x).

    `perfect`: the driver is the block mean of the reference, so its conservation can be scored.
    """
    lat, lon = reference["lat"].values, reference["lon"].values
    area = reference["cell_area"].values.astype(np.float64)
    name, shape = str(members.name), values.shape[1:]
    factors = tuple(f for f in settings.pooling_factors if not any(n % f for n in shape))
    return Context(
        variable=name,
        settings=settings,
        members=members.sizes["member"],
        forecasts=int(np.isfinite(values).sum()),
        pooling_factors=factors,
        factor=int(reference.attrs.get("factor", max(factors, default=1))),
        perfect=perfect,
        window=geometry.window(np.isfinite(values), lat, lon),
        pairs=geometry.pairs(lat, lon, settings.seed),
        climate=climate(values, area, name, settings),
        is_daily=reference.attrs.get("frequency", "day") == "day",
    )


def daily_statistics(batch: PairedFields, context: Context) -> Statistics:
    """Return the daily sums of all families."""
    statistics: Statistics = {}
    for family in daily_families():
        statistics |= family.daily(batch, context)

    return statistics


def make_table(
    statistics: Statistics, series_rows: list[Row], time: xr.DataArray, context: Context
) -> pd.DataFrame:
    """All metrics with block-bootstrap intervals, for the whole sample and for each season."""
    of_day, counted = np.asarray(time.dt.season.values, str), counted_days(statistics)
    tables = []
    for season in SEASONS:
        mask = counted & ((of_day == season) | (season == "all"))
        if mask.any():
            tables.append(_season_table(statistics, time, mask, season, context))
    sample = _sample(context, "all", int(counted.sum()), 0)

    return pd.concat([tables[0], table(series_rows, sample), *tables[1:]], ignore_index=True)


def _season_table(
    statistics: Statistics, time: xr.DataArray, mask: np.ndarray, season: str, context: Context
) -> pd.DataFrame:
    settings = context.settings
    labels = block_labels(time[mask], settings.bootstrap.block_days)
    counts = resample(labels, settings.bootstrap.replicates, settings.seed)
    blocks = int(labels.max()) + 1
    averages = means(on_days(statistics, mask), counts, blocks)
    by_season = season != "all"
    rows = [
        row
        for family in daily_families()
        if family.seasonal or not by_season
        for row in family.rows(averages, context)
        if row.metric in family.seasonal or not by_season
    ]

    return table(rows, _sample(context, season, int(mask.sum()), blocks))


def _sample(context: Context, season: str, times: int, blocks: int) -> Sample:
    confidence = context.settings.bootstrap.confidence
    return Sample(context.variable, season, context.members, times, blocks, confidence)


def _follows(time: xr.DataArray) -> np.ndarray:
    """(time,) bool: is the stamp before it the day before? Never so for patches of events."""
    if "event" in time.coords:
        return np.zeros(time.size, bool)
    step = np.diff(day_numbers(time), prepend=-np.inf)

    return step <= LONGEST_STEP_DAYS
