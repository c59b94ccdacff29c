"""Comparison of models on the same days: skill scores and ratios with paired intervals.

Two models share their weather, so their daily scores are correlated. The same blocks of days are
resampled for both and the skill of the two resampled means is formed in each replicate: the
interval is that of the difference, not of two separate uncertainties (traps T8, T28). Only days
that all models have are used, and models whose valid cells differ are refused (trap T29).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.config.evaluation import Bootstrap, Evaluation
from downbench.core.errors import UserError
from downbench.scores.bootstrap import block_labels, resample
from downbench.scores.metric_registry import curves
from downbench.scores.metrics.crps import CRPS, CRPS_REFERENCE
from downbench.scores.paired.daily_scores import from_dataset
from downbench.scores.paired.paired_metrics import (
    CRPS_RATIO_ORACLE,
    CRPS_SKILL,
    CRPS_SKILL_CLIMATOLOGY,
    CRPS_SKILL_DRESSED,
)
from downbench.scores.statistics import Means, means, on_days
from downbench.scores.table import SEASONS, Row, Sample, table

ORACLE = "oracle"
ROUNDING = 1e-6
NEGLIGIBLE = 1e-4
"""Share of the largest score of the scales below which a score is rounding."""


@dataclass(frozen=True)
class ReferenceModels:
    """Models of an experiment that serve as references of skill scores."""

    climatology: str
    reference: str


def headline(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a score table that are single numbers, not points of a curve."""
    return scores[~scores["metric"].isin(curves())]


def common_days(daily: Mapping[str, xr.Dataset]) -> dict[str, xr.Dataset]:
    """Return the daily file of every model on the days that count for all models.

    A day that is missing in the reference has no weight for any model and is kept; one that only
    some models lack is left out for all, because their means would be of different weather.

    Raises
    ------
    UserError
        When there is no such day, or when models were scored on different cells of a day.
    """
    aligned = xr.align(*daily.values(), join="inner", exclude=_other_dims(daily))
    consistent = _consistent_days(aligned)
    if not consistent.any():
        raise UserError(f"models {', '.join(daily)} have no evaluated day in common")
    shared = {
        name: scores.isel(time=consistent) for name, scores in zip(daily, aligned, strict=True)
    }
    first = next(iter(shared))
    for name in shared:
        _refuse_other_cells(shared, first, name)

    return shared


def _other_dims(daily: Mapping[str, xr.Dataset]) -> set[str]:
    return {str(dim) for scores in daily.values() for dim in scores.dims if dim != "time"}


def _consistent_days(daily: Sequence[xr.Dataset]) -> np.ndarray:
    """Return (time,) bool: every variable of the day counts for all models, or for none."""
    consistent = np.ones(daily[0].sizes["time"], bool)
    for variable in crps_variables(daily[0]):
        counted = [_counted(scores, variable) for scores in daily]
        consistent &= np.all(counted, axis=0) | ~np.any(counted, axis=0)

    return consistent


def _counted(daily: xr.Dataset, variable: str) -> np.ndarray:
    """Return (time,) bool: days on which the variable has any weight."""
    positive = daily[f"{variable}_crps_weight"].values > 0
    return positive.any(axis=tuple(range(1, positive.ndim)))


def _refuse_other_cells(daily: Mapping[str, xr.Dataset], first: str, second: str) -> None:
    """Compare day by day: surplus cells of one day do not compensate for missing ones."""
    for variable in crps_variables(daily[first]):
        area, compared = (daily[name][f"{variable}_crps_weight"] for name in (first, second))
        larger = np.maximum(area, compared)
        difference = (abs(area - compared) / larger.where(larger > 0)).fillna(0)
        if difference.max() > ROUNDING:
            worst = difference.argmax(...)
            day = str(daily[first]["time"].values[int(worst["time"])])[:19]
            share = float(compared[worst] / area[worst])
            raise UserError(
                f"{variable}, {day}: model '{second}' was scored on {share:.4%} of the area of "
                f"model '{first}': score both against the same reference"
            )


def refuse_other_days(daily: Mapping[str, xr.Dataset], shared: Mapping[str, xr.Dataset]) -> None:
    """Raise an error if a model was scored on days that another model lacks (trap T29).

    Its score table is the mean of its own days, and cannot be reduced to fewer afterwards.

    Parameters
    ----------
    daily, shared
        Daily file of each model, as it was written and on common days.

    Raises
    ------
    UserError
        When days of `daily` that count are not in `shared`.
    """
    for name, scores in daily.items():
        counted = np.any([_counted(scores, v) for v in crps_variables(scores)], axis=0)
        extra = np.setdiff1d(scores["time"].values[counted], shared[name]["time"].values)
        if extra.size:
            raise UserError(
                f"model '{name}': its scores hold {extra.size} days that another model lacks, the "
                f"first {str(extra[0])[:19]}: leave them out of the driver, or of its ensemble, "
                "and score all models on the same days"
            )


def crps_variables(daily: xr.Dataset) -> list[str]:
    """Return the variables whose CRPS the daily file holds."""
    names = map(str, daily.data_vars)
    return sorted(name.removesuffix("_crps") for name in names if name.endswith("_crps"))


def skill_rows(
    daily: Mapping[str, xr.Dataset],
    members: Mapping[str, int],
    references: ReferenceModels,
    settings: Evaluation,
) -> pd.DataFrame:
    """Return skill scores and ratios of the CRPS, per variable, season and pooling factor.

    Parameters
    ----------
    daily
        Daily file of each model, on common days.
    members
        Members of each model.
    references
        Reference models of the skill scores.
    settings
        Section `evaluation`: the bootstrap and its seed.
    """
    first = next(iter(daily.values()))
    season_of_day = np.asarray(first["time"].dt.season.values, str)
    tables = []
    for season in SEASONS:
        days = (season_of_day == season) | (season == "all")
        if not days.any():
            continue
        counts, blocks = day_counts(first["time"][days], settings.bootstrap, settings.seed)
        for variable in crps_variables(first):
            averages = {
                name: _mean_crps(scores, variable, days, counts, blocks)
                for name, scores in daily.items()
            }
            confidence = settings.bootstrap.confidence
            times = next(iter(averages.values())).times["crps"]
            sample = Sample(variable, season, 0, times, blocks, confidence)
            for name in daily:
                rows = _rows(name, averages, references, first["scale"].values, season == "all")
                of_model = replace(sample, members=members[name])
                tables.append(
                    table(rows, of_model).assign(model=name, blocks=blocks, confidence=confidence)
                )

    return pd.concat(tables, ignore_index=True)


def day_counts(time: xr.DataArray, bootstrap: Bootstrap, seed: int) -> tuple[np.ndarray, int]:
    """Return counts (1 + replicates, day) and the number of blocks; the same for every model."""
    labels = block_labels(time, bootstrap.block_days)
    return resample(labels, bootstrap.replicates, seed), int(labels.max()) + 1


def _mean_crps(
    daily: xr.Dataset, variable: str, days: np.ndarray, counts: np.ndarray, blocks: int
) -> Means:
    kept = [name for name in (CRPS.name, CRPS_REFERENCE.name) if f"{variable}_{name}" in daily]
    sums = {name: from_dataset(daily, f"{variable}_{name}") for name in kept}
    return means(on_days(sums, days), counts, blocks)


def _best_crps(name: str, averages: Mapping[str, Means]) -> np.ndarray | None:
    """Return the CRPS of the reference's distribution, or else of a sample of it, the oracle's."""
    if CRPS_REFERENCE.name in averages[name]:
        return averages[name][CRPS_REFERENCE.name]
    return averages[ORACLE]["crps"] if ORACLE in averages else None


def _rows(
    name: str,
    averages: Mapping[str, Means],
    references: ReferenceModels,
    scales: np.ndarray,
    versus: bool,
) -> Iterator[Row]:
    crps, best = averages[name]["crps"], _best_crps(name, averages)
    skills = {
        CRPS_SKILL_CLIMATOLOGY: references.climatology,
        CRPS_SKILL_DRESSED: references.reference,
    }
    for column, scale in enumerate(scales):
        for metric, reference in skills.items():
            if reference in averages:
                value = 1 - ratio(crps, averages[reference]["crps"])[:, column]
                yield metric.row(value, scale=float(scale))
        if best is not None and _is_positive(best[0], column):
            value = ratio(crps, best)[:, column]
            yield CRPS_RATIO_ORACLE.row(value, scale=float(scale))
    finest = int(np.argmin(scales))
    for reference in averages if versus else ():
        if reference != name:
            value = 1 - ratio(crps, averages[reference]["crps"])[:, finest]
            yield CRPS_SKILL.versus(reference).row(value, scale=float(scales[finest]))


def _is_positive(crps: np.ndarray, column: int) -> bool:
    """Is the oracle's score more than rounding? Where it knows block means, theirs is not."""
    return bool(crps[column] > NEGLIGIBLE * crps.max())


def ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Return the ratio of two scores; NaN where the denominator is not above zero."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(denominator > 0, numerator / denominator, np.nan)
