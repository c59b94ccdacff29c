"""BCSD with analogs: the texture of past days under the corrected driver's block means.

Every member is one training day of the same season, the same day for all variables, whose blocks
are rescaled (rain) or shifted (temperature) to the corrected driver (see bias.analogs).
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from downbench.bias.analogs import nearest, rescale_rain, rescale_temperature
from downbench.bias.day_of_year import day_numbers
from downbench.core.config.model.budget import Training
from downbench.core.config.model.model import Model
from downbench.core.spatial.grids import block_mean
from downbench.core.variables import VARIABLES
from downbench.labs.base import Pairs, date_key
from downbench.labs.baselines.tools import correction, dataset_arrays, library, statistics_file
from downbench.labs.baselines.tools.correction import Correction
from downbench.labs.baselines.tools.library import Library


@dataclass(frozen=True)
class BcsdAnalog:
    """Correction, training days, and their coarse patterns: features (n, variables · Y · X)."""

    model: Model
    correction: Correction
    days: Library
    patterns: np.ndarray
    spread: np.ndarray
    is_seasonal: bool

    def sample(
        self, driver: xr.Dataset, static: xr.Dataset, members: int, seed: int
    ) -> xr.Dataset:
        """Sample `members` analogues for each of the driver's times; see `labs.base`."""
        names, area = list(self.days.departures), static["cell_area"].values
        coarse = self.correction.apply(driver)
        blocks = {name: dataset_arrays.array(coarse, name) for name in names}
        patterns = features(blocks) / self.spread
        seasons = day_numbers(driver["time"], self.is_seasonal)
        samples: dict[str, list[np.ndarray]] = {name: [] for name in names}
        for day, stamp in enumerate(driver["time"].values):
            pool = self._pool(patterns[day], seasons[day], members)
            analogs = library.sample(pool, members, (seed, self.model.name, date_key(stamp)))
            for name in names:
                samples[name].append(self._rescaled(name, analogs, blocks[name][day], area))

        stacked = {name: np.stack(days) for name, days in samples.items()}
        return dataset_arrays.ensemble(stacked, driver, static)

    def _pool(self, pattern: np.ndarray, day: int, members: int) -> np.ndarray:
        """Return the indices of the days that members are sampled from, one per member or more."""
        options = self.model.options
        season = self.days.of_season(day, options.window_days // 2)
        if options.analogs == "random":
            return season
        return season[nearest(self.patterns[season], pattern, max(options.pool, members))]

    def _rescaled(
        self, name: str, days: np.ndarray, blocks: np.ndarray, area: np.ndarray
    ) -> np.ndarray:
        analogs = self.days.take(name, days)
        if VARIABLES[name].is_intermittent:
            return rescale_rain(analogs, blocks, area, self.model.options.scaling_cap)
        return rescale_temperature(analogs, blocks, area)

    def save(self, folder: Path) -> None:
        """Write the correction, training days and patterns."""
        arrays = {**self.correction.arrays(), **self.days.arrays()}
        arrays |= {"patterns": self.patterns, "spread": self.spread}
        settings = {"seasonal": self.is_seasonal, **self.correction.settings()}
        statistics_file.save(folder, arrays, settings)


def fit(pairs: Pairs, model: Model, training: Training, seed: int, state: Path) -> BcsdAnalog:
    """Keep training days with their coarse patterns, and fit the correction."""
    is_seasonal = dataset_arrays.seasonal(pairs.region.splits.by)
    days = library.build(pairs.train_target, is_seasonal, model.options.library_days, seed)
    area, factor = pairs.static["cell_area"].values, pairs.region.factor
    everything = np.arange(len(days.days))
    blocks = {n: block_mean(days.take(n, everything), factor, area) for n in days.departures}
    patterns, spread = features(blocks), feature_spread(blocks)
    fitted = correction.fit(pairs, model.options, is_seasonal, seed)

    return BcsdAnalog(model, fitted, days, patterns / spread, spread, is_seasonal)


def features(blocks: dict[str, np.ndarray]) -> np.ndarray:
    """Coarse fields as one row per day: √rain and temperature, (time, variables · Y · X)."""
    rows = [
        np.sqrt(block) if VARIABLES[name].is_intermittent else block
        for name, block in sorted(blocks.items())
    ]
    return np.concatenate([row.reshape(len(row), -1) for row in rows], axis=1)


def feature_spread(blocks: dict[str, np.ndarray]) -> np.ndarray:
    """One standard deviation per variable, over days and cells alike, repeated per feature."""
    spreads = []
    for name, block in sorted(blocks.items()):
        rows = features({name: block})
        valid = rows[:, np.isfinite(rows).any(axis=0)]
        departures = valid - np.nanmean(valid, axis=0)
        spreads.append(np.full(rows.shape[1], max(float(np.nanstd(departures)), 1e-6)))
    return np.concatenate(spreads).astype(np.float32)


def load(model: Model, bundle: Path) -> BcsdAnalog:
    """Read a saved model."""
    arrays, settings = statistics_file.load(bundle)
    fitted = correction.from_saved(arrays, settings)
    days = library.from_arrays(arrays)
    patterns, spread = arrays["patterns"], arrays["spread"]
    return BcsdAnalog(model, fitted, days, patterns, spread, settings["seasonal"])
