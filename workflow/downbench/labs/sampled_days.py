"""Selection of the days of a driver that are sampled, and of the number of members."""

from dataclasses import dataclass

import xarray as xr

from downbench.core.calendar import splits
from downbench.core.calendar.whole_months import spells, whole_months
from downbench.core.config.model.budget import ClimateSampling, SampledDays
from downbench.core.config.region.region import Region
from downbench.core.constants import CLIMATE, GCM
from downbench.core.errors import UserError
from downbench.labs.base import common_times


@dataclass(frozen=True)
class SamplingInputs:
    """The driver and the target of one region, and the split of the ensemble.

    `target` is (time, y, x), `driver` (time, Y, X), both of all years; `split` is `climate` or one
    of the region's.
    """

    region: Region
    target: xr.Dataset
    driver: xr.Dataset
    driver_name: str
    split: str
    seed: int


def select_days(inputs: SamplingInputs, sampling: str) -> tuple[xr.Dataset, int]:
    """Return the days to sample, and the number of members.

    Split `climate` takes calendar months of the complete run of a climate model, whose days are
    none of the target's, and of the test years of any other driver. A driver that is no climate
    model has the days that it shares with the target.

    Parameters
    ----------
    sampling
        Section `sampling` or `climate` of the budget as JSON.

    Returns
    -------
    (time, Y, X), members

    Raises
    ------
    UserError
        When the split has no day of the driver.
    """
    region, is_climate = inputs.region, inputs.split == CLIMATE
    if is_climate and inputs.driver.attrs["driver_type"] == GCM:
        days = inputs.driver
    else:
        _, shared = common_times(inputs.target, inputs.driver)
        split = "test" if is_climate else inputs.split
        days = days_of_split(shared, region, inputs.driver_name, split)
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
