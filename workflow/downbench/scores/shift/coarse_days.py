"""Days of a coarse series as plain arrays, with the year and the season of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from downbench.core.calendar.splits import year_labels
from downbench.core.errors import UserError

Fields = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class CoarseDays:
    """`fields` (time, cells) per predictor, NaN where missing; `years`, `seasons` (time,)."""

    fields: Fields
    years: np.ndarray
    seasons: np.ndarray

    def at(self, chosen: np.ndarray) -> "CoarseDays":
        """These days, by position or by mask."""
        fields = {name: field[chosen] for name, field in self.fields.items()}
        return CoarseDays(fields, self.years[chosen], self.seasons[chosen])

    def of_season(self, season: str) -> "CoarseDays":
        return self if season == "all" else self.at(self.seasons == season)

    def having(self, cells: Mapping[str, np.ndarray]) -> "CoarseDays":
        """The same with these cells of each predictor alone, (cells,) bool."""
        return replace(self, fields={n: f[:, cells[n]] for n, f in self.fields.items()})

    def thinned(self, most_days: int) -> "CoarseDays":
        """At most so many days, evenly spread, of those that lack no value."""
        valid = (np.isfinite(field).all(axis=1) for field in self.fields.values())
        whole = np.flatnonzero(np.logical_and.reduce(list(valid)))
        return self.at(whole[:: max(1, -(-whole.size // most_days))])


def read(series: xr.Dataset, names: Sequence[str], start_month: int, what: str) -> CoarseDays:
    """Days of a series on (time, Y, X); `what` names it in messages.

    Raises
    ------
    UserError
        When it lacks a predictor that models were trained with.
    """
    absent = [name for name in names if name not in series.data_vars]
    if absent:
        raise UserError(
            f"{what} lacks {', '.join(absent)}, which models were trained with (found "
            f"{', '.join(map(str, series.data_vars))}): add them to its files and predictors"
        )
    fields = {
        name: series[name].transpose("time", "Y", "X").values.reshape(series.sizes["time"], -1)
        for name in names
    }
    doubled = {name: field.astype(np.float64) for name, field in fields.items()}
    seasons = np.asarray(series["time"].dt.season.values, str)
    return CoarseDays(doubled, year_labels(series["time"], start_month), seasons)


def in_common(
    training: CoarseDays, driver: CoarseDays, what: str
) -> tuple[CoarseDays, CoarseDays]:
    """Both with the cells of which the training driver has values; `what` names the other.

    Raises
    ------
    UserError
        When the driver lacks such a cell throughout: its files do not reach there.
    """
    cells = {name: np.isfinite(field).any(axis=0) for name, field in training.fields.items()}
    for name, known in cells.items():
        lacking = known & ~np.isfinite(driver.fields[name]).any(axis=0)
        if lacking.any():
            raise UserError(
                f"{what}: {name} has no value in {lacking.sum()} of the {known.sum()} coarse "
                "cells that models were trained on: get files that cover the region"
            )
    return training.having(cells), driver.having(cells)


def pooled(one: CoarseDays, other: CoarseDays) -> CoarseDays:
    """Days of both, with years numbered from zero: those of the first series come first."""
    numbers = [np.unique(days.years, return_inverse=True)[1] for days in (one, other)]
    numbers[1] = numbers[1] + numbers[0].max() + 1
    fields = {n: np.concatenate([f, other.fields[n]]) for n, f in one.fields.items()}
    seasons = np.concatenate([one.seasons, other.seasons])
    return CoarseDays(fields, np.concatenate(numbers), seasons)
