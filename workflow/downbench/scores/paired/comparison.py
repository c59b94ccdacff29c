"""Models side by side: skill and ratios with paired intervals, headline rows, and costs.

Two models share their weather, so their daily scores rise and fall together. The same blocks of
days are drawn for both and the skill of the two resampled means is formed each time: the interval
is that of the difference, not of two separate uncertainties (traps T8, T28). Only days that all
models have are used, and models whose valid cells differ are refused (trap T29).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.config.evaluation import Bootstrap, Evaluation
from downbench.core.errors import UserError
from downbench.scores.bootstrap import block_labels, resample
from downbench.scores.paired.daily_scores import from_dataset
from downbench.scores.paired.paired_metrics import (
    CRPS_RATIO_ORACLE,
    CRPS_SKILL,
    CRPS_SKILL_CLIMATOLOGY,
    CRPS_SKILL_DRESSED,
)
from downbench.scores.registry import curves
from downbench.scores.statistics import Means, means, on_days
from downbench.scores.table import SEASONS, Row, Sample, table

ORACLE = "oracle"
LARGEST_WEIGHT_DIFFERENCE = 0.01


@dataclass(frozen=True)
class Roles:
    """The models of an experiment that others are measured against."""

    climatology: str
    reference: str


def headline(scores: pd.DataFrame) -> pd.DataFrame:
    """Rows of a score table that are single numbers, not points of a curve."""
    return scores[~scores["metric"].isin(curves())]


def common_days(daily: Mapping[str, xr.Dataset]) -> dict[str, xr.Dataset]:
    """Every model's daily file on the times that count for all.

    A day that is missing in the truth has no weight for any model and may stay; one that only
    some models lack is left out for all, or their means would be of different weather.

    Raises
    ------
    UserError
        When there is no such time, or when models were scored on different cells of a day.
    """
    aligned = xr.align(*daily.values(), join="inner", exclude=_other_dims(daily))
    alike = _counted_alike(aligned)
    if not alike.any():
        raise UserError(f"models {', '.join(daily)} have no evaluated day in common")
    shared = {name: one.isel(time=alike) for name, one in zip(daily, aligned, strict=True)}
    name, first = next(iter(shared.items()))
    for other, one in shared.items():
        _refuse_other_cells(name, first, other, one)

    return shared


def _other_dims(daily: Mapping[str, xr.Dataset]) -> set[str]:
    return {str(dim) for one in daily.values() for dim in one.dims if dim != "time"}


def _counted_alike(daily: Sequence[xr.Dataset]) -> np.ndarray:
    """(time,) bool: every variable of the day counts for all models, or for none."""
    alike = np.ones(daily[0].sizes["time"], bool)
    for variable in crps_variables(daily[0]):
        counts = [_counts(one, variable) for one in daily]
        alike &= np.all(counts, axis=0) | ~np.any(counts, axis=0)

    return alike


def _counts(daily: xr.Dataset, variable: str) -> np.ndarray:
    """(time,) bool: days on which the variable has any weight."""
    weighs = daily[f"{variable}_crps_weight"].values > 0
    return weighs.any(axis=tuple(range(1, weighs.ndim)))


def _refuse_other_cells(name: str, one: xr.Dataset, other_name: str, other: xr.Dataset) -> None:
    """Day by day: what one day has too much does not make up for what another lacks."""
    for variable in crps_variables(one):
        mine, theirs = (d[f"{variable}_crps_weight"] for d in (one, other))
        larger = np.maximum(mine, theirs)
        apart = (abs(mine - theirs) / larger.where(larger > 0)).fillna(0)
        if apart.max() > LARGEST_WEIGHT_DIFFERENCE:
            at = apart.argmax(...)
            day = str(one["time"].values[int(at["time"])])[:19]
            raise UserError(
                f"{variable}, {day}: model '{other_name}' was scored on "
                f"{float(theirs[at] / mine[at]):.1%} of the area of model '{name}': give both "
                "ensembles the same missing cells"
            )


def refuse_other_days(daily: Mapping[str, xr.Dataset], shared: Mapping[str, xr.Dataset]) -> None:
    """Stop where a model was scored on days that not all have (trap T29).

    Its score table is the mean of its own days, and cannot be brought to fewer afterwards.

    Parameters
    ----------
    daily, shared
        Daily file of each model, as it was written and on common days.

    Raises
    ------
    UserError
        When days of `daily` that count are not in `shared`.
    """
    for name, one in daily.items():
        counted = np.any([_counts(one, variable) for variable in crps_variables(one)], axis=0)
        extra = np.setdiff1d(one["time"].values[counted], shared[name]["time"].values)
        if extra.size:
            raise UserError(
                f"model '{name}': its scores hold {extra.size} days that another model lacks, the "
                f"first {str(extra[0])[:19]}: leave them out of the driver, or of its ensemble, "
                "and score all models on the same days"
            )


def crps_variables(daily: xr.Dataset) -> list[str]:
    """Variables that the daily file holds the CRPS of."""
    names = map(str, daily.data_vars)
    return sorted(name.removesuffix("_crps") for name in names if name.endswith("_crps"))


def skills(
    daily: Mapping[str, xr.Dataset],
    members: Mapping[str, int],
    roles: Roles,
    settings: Evaluation,
) -> pd.DataFrame:
    """Skill scores and ratios of the CRPS, per variable, season and pooling factor.

    Parameters
    ----------
    daily
        Daily file of each model, on common days.
    members
        Members of each model.
    roles
        Models that others are measured against.
    settings
        Section `evaluation`: the bootstrap and its seed.
    """
    first = next(iter(daily.values()))
    of_day = np.asarray(first["time"].dt.season.values, str)
    tables = []
    for season in SEASONS:
        chosen = np.ones(of_day.size, bool) if season == "all" else of_day == season
        if not chosen.any():
            continue
        counts, blocks = day_counts(first["time"][chosen], settings.bootstrap, settings.seed)
        for variable in crps_variables(first):
            averages = {
                name: _mean_crps(one, variable, chosen, counts, blocks)
                for name, one in daily.items()
            }
            about = Sample(
                variable, season, 0, int(chosen.sum()), blocks, settings.bootstrap.confidence
            )
            for name in daily:
                rows = _rows(name, averages, roles, first["scale"].values, season == "all")
                mine = replace(about, members=members[name])
                tables.append(table(rows, mine).assign(model=name))

    return pd.concat(tables, ignore_index=True)


def day_counts(time: xr.DataArray, bootstrap: Bootstrap, seed: int) -> tuple[np.ndarray, int]:
    """Counts (1 + replicates, day) and the number of blocks; the same for every model."""
    labels = block_labels(time, bootstrap.block_days)
    return resample(labels, bootstrap.replicates, seed), int(labels.max()) + 1


def _mean_crps(
    daily: xr.Dataset, variable: str, chosen: np.ndarray, counts: np.ndarray, blocks: int
) -> Means:
    sums = on_days({"crps": from_dataset(daily, f"{variable}_crps")}, chosen)
    return means(sums, counts, blocks)


def _rows(
    name: str, averages: Mapping[str, Means], roles: Roles, scales: np.ndarray, versus: bool
) -> Iterator[Row]:
    mine = averages[name]["crps"]
    against = {
        CRPS_SKILL_CLIMATOLOGY: roles.climatology,
        CRPS_SKILL_DRESSED: roles.reference,
    }
    for column, scale in enumerate(scales):
        for metric, other in against.items():
            if other in averages:
                value = 1 - _ratio(mine, averages[other]["crps"])[:, column]
                yield metric.row(value, scale=float(scale))
        if ORACLE in averages:
            ratio = _ratio(mine, averages[ORACLE]["crps"])[:, column]
            yield CRPS_RATIO_ORACLE.row(ratio, scale=float(scale))
    finest = int(np.argmin(scales))
    for other in averages if versus else ():
        if other != name:
            value = 1 - _ratio(mine, averages[other]["crps"])[:, finest]
            metric = CRPS_SKILL.versus(other)
            yield metric.row(value, scale=float(scales[finest]))


def _ratio(mine: np.ndarray, other: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(other > 0, mine / other, np.nan)
