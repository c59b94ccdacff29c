"""BCSD, daily and deterministic: quantile mapping, then interpolated anomalies (see bias.bcsd).

With a perfect driver the driver is the block mean of the target and quantile mapping would be the
identity: it is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from downbench.bias.bcsd import disaggregate
from downbench.bias.day_of_year import day_numbers, windowed_mean
from downbench.core.config.model.budget import Training
from downbench.core.config.model.model import Model
from downbench.core.errors import UserError
from downbench.core.spatial.grids import block_mean
from downbench.core.variables import VARIABLES
from downbench.labs.base import Pairs
from downbench.labs.baselines.tools import correction, dataset_arrays, statistics_file
from downbench.labs.baselines.tools.correction import Correction

PREFIX = "climatology."


@dataclass(frozen=True)
class Bcsd:
    """Correction and fine climatology (366, y, x) by variable."""

    model: Model
    correction: Correction
    climatology: Mapping[str, np.ndarray]
    is_seasonal: bool

    def sample(
        self, driver: xr.Dataset, static: xr.Dataset, members: int, seed: int
    ) -> xr.Dataset:
        """Downscale; one member whatever is asked. See `labs.base`."""
        area, coarse = static["cell_area"].values, self.correction.apply(driver)
        fine = {name: self._field(coarse, name, area)[:, None] for name in self.climatology}
        return dataset_arrays.ensemble(fine, driver, static)

    def _field(self, driver: xr.Dataset, name: str, area: np.ndarray) -> np.ndarray:
        coarse = dataset_arrays.array(driver, name)
        climatology = self.climatology[name][day_numbers(driver["time"], self.is_seasonal)]
        if np.isnan(climatology).all(axis=(1, 2)).any():
            raise UserError(
                f"{self.model.name}: some days lie in a season that the training years do not "
                "have: sample days of the seasons that the model was trained on"
            )
        blocks = block_mean(climatology, climatology.shape[-1] // coarse.shape[-1], area)
        kind = "multiplicative" if VARIABLES[name].is_intermittent else "additive"
        options = self.model.options
        return disaggregate(
            coarse, blocks, climatology, kind, options.climatology_floor_mm_day, options.ratio_cap
        )

    def save(self, folder: Path) -> None:
        """Write the correction and the climatologies."""
        arrays = {f"{PREFIX}{name}": values for name, values in self.climatology.items()}
        settings = {"seasonal": self.is_seasonal, **self.correction.settings()}
        statistics_file.save(folder, {**self.correction.arrays(), **arrays}, settings)


def fit(pairs: Pairs, model: Model, training: Training, seed: int, state: Path) -> Bcsd:
    """Fit the correction and the climatologies on the training years."""
    is_seasonal = dataset_arrays.seasonal(pairs.region.splits.by)
    target, options = pairs.train_target, model.options
    days = day_numbers(target["time"], is_seasonal)
    climatology = {
        name: windowed_mean(dataset_arrays.array(target, name), days, options.window_days // 2)
        for name in dataset_arrays.variables(target)
    }
    fitted = correction.fit(pairs, options, is_seasonal, seed)
    return Bcsd(model, fitted, climatology, is_seasonal)


def load(model: Model, bundle: Path) -> Bcsd:
    """Read a saved BCSD."""
    arrays, settings = statistics_file.load(bundle)
    climatology = {
        name.removeprefix(PREFIX): values
        for name, values in arrays.items()
        if name.startswith(PREFIX)
    }
    fitted = correction.from_saved(arrays, settings)
    return Bcsd(model, fitted, climatology, settings["seasonal"])
