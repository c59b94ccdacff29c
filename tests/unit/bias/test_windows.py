"""Windows over the year: every day is served, and pooled days lie around it."""

import numpy as np
import pytest

import coarse_series
from downbench.bias.windows import Windows


@pytest.mark.parametrize("calendar", ["standard", "noleap", "360_day"])
@pytest.mark.parametrize(
    "windows", [Windows(31, 1), Windows(31, 5), Windows(91, 31), Windows(None, 1)]
)
def test_every_day_is_among_those_that_its_window_pools(windows, calendar) -> None:
    at = coarse_series.time(2003, 2, calendar)
    slots = windows.slots(at)
    serving = windows.serving(slots)
    assert serving.min() == 0 and serving.max() < windows.count
    for window in range(windows.count):
        assert windows.pooled(slots, window)[serving == window].all()


def test_a_running_window_reaches_15_days_around_the_turn_of_the_year() -> None:
    at = coarse_series.time(2004, 1)
    pooled = Windows(31, 1).pooled(Windows(31, 1).slots(at), 0)
    days = at.dt.strftime("%m-%d").values[pooled]
    assert pooled.sum() == 31 and days.min() == "01-01" and "12-17" in days and "01-16" in days
    assert "12-16" not in days and "01-17" not in days


def test_a_step_puts_the_centre_in_the_middle_of_the_days_served() -> None:
    windows = Windows(31, 5)
    slots = windows.slots(coarse_series.time(2004, 1))
    served = np.flatnonzero(windows.serving(slots) == 20)
    np.testing.assert_array_equal(served, [100, 101, 102, 103, 104])
    np.testing.assert_array_equal(np.flatnonzero(windows.pooled(slots, 20)), np.arange(87, 118))


def test_months_pool_themselves() -> None:
    at = coarse_series.time(2003, 1, "360_day")
    windows = Windows(None, 1)
    slots = windows.slots(at)
    assert windows.count == 12 and windows.pooled(slots, 1).sum() == 30
