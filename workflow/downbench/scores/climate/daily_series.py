"""Daily fields of one variable with their years, for scores that pair no days."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.calendar.dates import day_numbers
from downbench.core.calendar.splits import year_labels
from downbench.core.variables import RAIN
from downbench.scores.bootstrap import LONGEST_STEP_DAYS


@dataclass(frozen=True)
class Series:
    """One variable of an ensemble, or of the truth as an ensemble of one.

    values : (time, member, y, x) float32
        Physical units; NaN where missing.
    year, month, season : (time,)
        Season-year label, calendar month, and `DJF` … `SON`.
    follows : (time,) bool
        Is the stamp before it the day before? False after every gap (trap T27).
    """

    variable: str
    values: np.ndarray
    year: np.ndarray
    month: np.ndarray
    season: np.ndarray
    follows: np.ndarray

    @property
    def is_rain(self) -> bool:
        """Rain has dry days."""
        return self.variable == RAIN

    @property
    def years(self) -> np.ndarray:
        """Labels that occur, in order (year,)."""
        return np.unique(self.year)

    def of_year(self, label: int) -> "Series":
        """Its days of one season-year."""
        return self.at(self.year == label)

    def at(self, chosen: np.ndarray) -> "Series":
        """The days where `chosen` (time,) is true; one whose eve is not chosen follows nothing."""
        eve = np.concatenate([[False], chosen[:-1]])
        parts = (self.year, self.month, self.season, self.follows & eve)
        return Series(self.variable, self.values[chosen], *(part[chosen] for part in parts))


def series(field: xr.DataArray, start_month: int) -> Series:
    """A field on (time, y, x), or with members on (time, member, y, x), in memory."""
    if "member" not in field.dims:
        field = field.expand_dims("member", axis=1)
    time = field["time"]
    step = np.diff(day_numbers(time), prepend=-np.inf)
    return Series(
        str(field.name),
        field.transpose("time", "member", "y", "x").values.astype(np.float32, copy=False),
        year_labels(time, start_month),
        time.dt.month.values,
        np.asarray(time.dt.season.values, str),
        step <= LONGEST_STEP_DAYS,
    )
