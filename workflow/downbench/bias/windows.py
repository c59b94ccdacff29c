"""Windows over the year that quantile maps pool days in: calendar months, or running ones.

Every day is served by one window. A running window reaches `days // 2` days to either side of its
centre, around the turn of the year too; with a step above one day the nearest centre serves.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.bias.day_of_year import DAYS, day_numbers, near

MONTHS = 12


@dataclass(frozen=True)
class Windows:
    """Calendar months where `days` is None; `days` and `step_days` in days."""

    days: int | None
    step_days: int

    @property
    def count(self) -> int:
        """Number of windows over the year."""
        return MONTHS if self.days is None else -(-DAYS // self.step_days)

    def slots(self, time: xr.DataArray) -> np.ndarray:
        """Where in the year each time stamp lies, (time,) int: month or day of a leap year."""
        if self.days is None:
            return time.dt.month.values - 1
        return day_numbers(time, seasonal=True)

    def serving(self, slots: np.ndarray) -> np.ndarray:
        """Window of each time stamp, (time,) int."""
        return slots if self.days is None else slots // self.step_days

    def pooled(self, slots: np.ndarray, window: int) -> np.ndarray:
        """(time,) bool: time stamps whose values a window pools."""
        if self.days is None:
            return slots == window
        centre = min(window * self.step_days + self.step_days // 2, DAYS - 1)
        return near(slots, centre, self.days // 2)
