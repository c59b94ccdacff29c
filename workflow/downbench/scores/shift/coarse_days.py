"""Days of a coarse series as plain arrays, with the year and the season of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from downbench.core.calendar.splits import year_labels
from downbench.core.errors import UserError

PredictorFields = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class CoarseDays:
    """Days of all predictors.

    fields : predictor → (time, cell), NaN where missing
    years, seasons : (time,)
    """

    fields: PredictorFields
    years: np.ndarray
    seasons: np.ndarray

    def select(self, days: np.ndarray) -> "CoarseDays":
        """Return the days at these positions or in this mask."""
        fields = {name: field[days] for name, field in self.fields.items()}
        return CoarseDays(fields, self.years[days], self.seasons[days])

    def of_season(self, season: str) -> "CoarseDays":
        """Return the days of a season, or all."""
        return self if season == "all" else self.select(self.seasons == season)

    def select_cells(self, cells: Mapping[str, np.ndarray]) -> "CoarseDays":
        """Return all days with the given cells of each predictor, (cell,) bool."""
        return replace(self, fields={n: f[:, cells[n]] for n, f in self.fields.items()})

    def thinned(self, most_days: int) -> "CoarseDays":
        """Return at most so many days, evenly spread, of those without a missing value."""
        valid = (np.isfinite(field).all(axis=1) for field in self.fields.values())
        complete = np.flatnonzero(np.logical_and.reduce(list(valid)))
        return self.select(complete[:: max(1, -(-complete.size // most_days))])


def read(series: xr.Dataset, names: Sequence[str], start_month: int, label: str) -> CoarseDays:
    """Read the days of a series on (time, Y, X).

    Parameters
    ----------
    series
        Coarse driver.
    names
        Predictors to read.
    start_month
        Month in which a season-year begins.
    label
        Name of the series in messages.

    Raises
    ------
    UserError
        When it lacks a predictor that models were trained with.
    """
    missing = [name for name in names if name not in series.data_vars]
    if missing:
        raise UserError(
            f"{label} lacks {', '.join(missing)}, which models were trained with (found "
            f"{', '.join(map(str, series.data_vars))}): add them to its files and predictors"
        )
    fields = {
        name: series[name].transpose("time", "Y", "X").values.reshape(series.sizes["time"], -1)
        for name in names
    }
    double = {name: field.astype(np.float64) for name, field in fields.items()}
    seasons = np.asarray(series["time"].dt.season.values, str)
    return CoarseDays(double, year_labels(series["time"], start_month), seasons)


def on_common_cells(
    training: CoarseDays, driver: CoarseDays, label: str
) -> tuple[CoarseDays, CoarseDays]:
    """Return both on the cells where the training driver has values.

    Parameters
    ----------
    training, driver
        The training driver, and the driver compared with it.
    label
        Name of the latter in messages.

    Raises
    ------
    UserError
        When the driver lacks such a cell throughout: its files do not cover it.
    """
    cells = {name: np.isfinite(field).any(axis=0) for name, field in training.fields.items()}
    for name, valid in cells.items():
        lacking = valid & ~np.isfinite(driver.fields[name]).any(axis=0)
        if lacking.any():
            raise UserError(
                f"{label}: {name} has no value in {lacking.sum()} of the {valid.sum()} coarse "
                "cells that models were trained on: get files that cover the region"
            )
    return training.select_cells(cells), driver.select_cells(cells)


def pooled(first: CoarseDays, second: CoarseDays) -> CoarseDays:
    """Return the days of both, years numbered from zero, those of the first series before."""
    numbers = [np.unique(days.years, return_inverse=True)[1] for days in (first, second)]
    numbers[1] = numbers[1] + numbers[0].max() + 1
    fields = {n: np.concatenate([f, second.fields[n]]) for n, f in first.fields.items()}
    seasons = np.concatenate([first.seasons, second.seasons])
    return CoarseDays(fields, np.concatenate(numbers), seasons)
