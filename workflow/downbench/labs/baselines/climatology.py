"""Climatology: the weather of other years around the same day of the year.

The reference of skill: an ensemble of observed fields, sampled from the training years within
a window around the day of the year, so that it is calibrated as far as the climate is stationary
and knows nothing of the day. In a region split by event there is no season: any training sample
may be sampled.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from downbench.bias.day_of_year import day_numbers
from downbench.core.config.model.budget import Training
from downbench.core.config.model.model import Model
from downbench.labs.base import Pairs, date_key
from downbench.labs.baselines.tools import dataset_arrays, library, statistics_file
from downbench.labs.baselines.tools.library import Library


@dataclass(frozen=True)
class Climatology:
    """Training days and the window that they are sampled within."""

    model: Model
    days: Library
    is_seasonal: bool

    def sample(
        self, driver: xr.Dataset, static: xr.Dataset, members: int, seed: int
    ) -> xr.Dataset:
        """Sample `members` training days for each of the driver's times; see `labs.base`."""
        half = self.model.options.window_days // 2
        seasons = day_numbers(driver["time"], self.is_seasonal)
        days = [
            library.sample(
                self.days.of_season(day, half), members, (seed, self.model.name, date_key(stamp))
            )
            for day, stamp in zip(seasons, driver["time"].values, strict=True)
        ]
        sampled = {
            name: np.stack([self.days.take(name, of_day) for of_day in days])
            for name in self.days.departures
        }
        return dataset_arrays.ensemble(sampled, driver, static)

    def save(self, folder: Path) -> None:
        """Write the training days."""
        statistics_file.save(folder, self.days.arrays(), {"seasonal": self.is_seasonal})


def fit(pairs: Pairs, model: Model, training: Training, seed: int, state: Path) -> Climatology:
    """Keep the training days of the target; the driver is not used."""
    is_seasonal = dataset_arrays.seasonal(pairs.region.splits.by)
    kept = library.build(pairs.train_target, is_seasonal, model.options.library_days, seed)
    return Climatology(model, kept, is_seasonal)


def load(model: Model, bundle: Path) -> Climatology:
    """Read a saved climatology."""
    arrays, settings = statistics_file.load(bundle)
    return Climatology(model, library.from_arrays(arrays), settings["seasonal"])
