"""Days of a training driver and of another driver, as predictors that can be compared."""

from dataclasses import replace

import numpy as np
import xarray as xr

from downbench.core.calendar import splits
from downbench.core.config.region.region import RainTransform, Region
from downbench.core.spatial.same_grid import require_same_grid
from downbench.core.transforms import compress
from downbench.core.variables import RAIN
from downbench.scores.shift import coarse_days
from downbench.scores.shift.coarse_days import CoarseDays
from downbench.scores.shift.predictor_shift import DriverPair


def select_days(
    training: xr.Dataset,
    driver: xr.Dataset,
    target: xr.Dataset,
    names: tuple[str, str],
    region: Region,
) -> tuple[xr.Dataset, xr.Dataset]:
    """Return the training driver on the days that models are fitted on, and the driver.

    Parameters
    ----------
    training, driver : (time, Y, X)
        The training driver and the driver to compare with it.
    target : (time, y, x)
        Models are fitted on days that target and training driver share.
    names
        Of training driver and driver. If they are equal, the driver keeps only the years that no
        model is fitted on.
    region
        Splits of the years.

    Raises
    ------
    UserError
        When the grids differ.
    """
    require_same_grid(driver, training, f"{names[1]} and {names[0]}")
    shared = training.sel(time=np.intersect1d(training["time"], target["time"]))
    fitted = splits.select(shared, region.splits, "train", region.year_start_month)
    if names[0] == names[1]:
        in_training = splits.belongs(driver, region.splits, "train", region.year_start_month)
        driver = driver.isel(time=np.flatnonzero(~in_training))
    return fitted, driver


def predictor_pair(
    training: xr.Dataset, driver: xr.Dataset, names: tuple[str, str], region: Region
) -> DriverPair:
    """Return the predictors of both, in their units, on the cells that both have.

    `names` are those of the training driver and of the driver.
    """
    predictors = region.drivers[names[0]].predictors
    days = [
        coarse_days.read(series, predictors, region.year_start_month, name)
        for series, name in zip((training, driver), names, strict=True)
    ]
    return DriverPair(*coarse_days.on_common_cells(*days, names[1]))


def compressed_rain(pair: DriverPair, rain: RainTransform) -> DriverPair:
    """Return both with rain as networks read it, so that a few wet days do not dominate."""
    return DriverPair(_compressed(pair.reference, rain), _compressed(pair.driver, rain))


def _compressed(days: CoarseDays, rain: RainTransform) -> CoarseDays:
    field = compress(days.fields[RAIN], rain.kind, rain.scale_mm_day)
    return replace(days, fields={**days.fields, RAIN: field})
