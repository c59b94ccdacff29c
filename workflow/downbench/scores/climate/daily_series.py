"""Daily fields of one variable with their season-years, for scores that do not pair days."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.calendar.dates import day_numbers
from downbench.core.calendar.splits import year_labels
from downbench.core.variables import VARIABLES
from downbench.scores.bootstrap import LONGEST_STEP_DAYS


@dataclass(frozen=True)
class DailySeries:
    """One variable of an ensemble, or of the reference as an ensemble of one member.

    values : (time, member, y, x) float32
        Physical units; NaN where missing.
    year, month, season : (time,)
        Season-year label, calendar month, and `DJF` … `SON`.
    follows : (time,) bool
        Is the previous time stamp the previous day? False after every gap (trap T27).
    """

    variable: str
    values: np.ndarray
    year: np.ndarray
    month: np.ndarray
    season: np.ndarray
    follows: np.ndarray

    @property
    def is_intermittent(self) -> bool:
        """Rain has dry days."""
        return VARIABLES[self.variable].is_intermittent

    @property
    def years(self) -> np.ndarray:
        """Season-years that occur, in order (year,)."""
        return np.unique(self.year)

    def of_year(self, label: int) -> "DailySeries":
        """Return the days of one season-year."""
        return self.select(self.year == label)

    def select(self, mask: np.ndarray) -> "DailySeries":
        """Return the days in `mask` (time,); a day whose eve is left out follows none."""
        eve = np.concatenate([[False], mask[:-1]])
        columns = (self.year, self.month, self.season, self.follows & eve)
        return DailySeries(self.variable, self.values[mask], *(c[mask] for c in columns))


def daily_series(field: xr.DataArray, start_month: int) -> DailySeries:
    """Load a field on (time, y, x), or with members on (time, member, y, x), into memory.

    Parameters
    ----------
    field
        Its name is that of the variable.
    start_month
        Month in which a season-year begins.
    """
    if "member" not in field.dims:
        field = field.expand_dims("member", axis=1)
    time = field["time"]
    step = np.diff(day_numbers(time), prepend=-np.inf)
    return DailySeries(
        str(field.name),
        field.transpose("time", "member", "y", "x").values.astype(np.float32, copy=False),
        year_labels(time, start_month),
        time.dt.month.values,
        np.asarray(time.dt.season.values, str),
        step <= LONGEST_STEP_DAYS,
    )
