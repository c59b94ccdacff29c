"""Selection of the days of a driver that are sampled, and of the number of members."""

import numpy as np
import xarray as xr

from downbench.core.calendar import splits
from downbench.core.calendar.whole_months import spells, whole_months
from downbench.core.config.model.budget import ClimateSampling, SampledDays
from downbench.core.config.region.region import Region
from downbench.core.constants import GCM
from downbench.core.errors import UserError
from downbench.labs.base import common_times

CLIMATE = "climate"
"""Split of an ensemble that is scored by its climate."""


def select_days(
    target: xr.Dataset, driver: xr.Dataset, name: str, region: Region, split: str, sampling: str
) -> tuple[xr.Dataset, int]:
    """Return the days to sample, and the number of members.

    Split `climate` takes calendar months of the complete run of a climate model, whose days are
    none of the target's, and of the test years of any other driver.

    Parameters
    ----------
    target : (time, y, x)
        Decides which days of a driver that is no climate model are available.
    driver : (time, Y, X)
        Complete driver.
    name
        Name of the driver, for messages.
    region
        Splits and first month of the year.
    split
        `climate` or a split of the region.
    sampling
        Section `sampling` or `climate` of the budget as JSON.
    """
    is_climate = split == CLIMATE
    if is_climate and driver.attrs["driver_type"] == GCM:
        days = driver
    else:
        _, shared = common_times(target, driver)
        days = days_of_split(shared, region, name, "test" if is_climate else split)
    if is_climate:
        budget = ClimateSampling.model_validate_json(sampling)
        start = region.year_start_month
        index = whole_months(days["time"], start, budget.years, budget.months)
        return days.isel(time=index), budget.members
    budget = SampledDays.model_validate_json(sampling)
    index = spells(days.sizes["time"], budget.test_spells, budget.spell_days)
    return days.isel(time=index), budget.members


def days_of_split(driver: xr.Dataset, region: Region, name: str, split: str) -> xr.Dataset:
    """Return the driver's times in a split.

    Raises
    ------
    UserError
        When the driver (on the times it shares with the target) has none.
    """
    what = f"region {region.name}, driver {name}, split {split}: nothing to sample:"
    if driver.sizes["time"] == 0:
        raise UserError(
            f"{what} the driver has no time in common with the target; a free-running driver "
            "can have none: choose a driver of the same days"
        )
    days = splits.select(driver, region.splits, split, region.year_start_month)
    if days.sizes["time"] == 0:
        raise UserError(
            f"{what} no time of the driver lies in splits.{split} = "
            f"{list(getattr(region.splits, split))}, less the buffer of "
            f"{region.splits.buffer_days} days: fix splits, or `splits` of the experiment"
        )
    return days


def run_years(driver: xr.Dataset, region: Region) -> list[int]:
    """Return the season-years of the complete run, of which an ensemble may hold a few."""
    if region.splits.by != "year":
        return []
    return np.unique(splits.year_labels(driver["time"], region.year_start_month)).tolist()
