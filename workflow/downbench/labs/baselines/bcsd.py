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
from downbench.core.variables import RAIN
from downbench.labs.base import Pairs
from downbench.labs.baselines.tools import correction, fields, statistics_file
from downbench.labs.baselines.tools.correction import Correction


@dataclass(frozen=True)
class Bcsd:
    """Correction and fine climatology (366, y, x) by variable."""

    model: Model
    corrected: Correction
    climatology: Mapping[str, np.ndarray]
    is_seasonal: bool

    def sample(
        self, driver: xr.Dataset, static: xr.Dataset, members: int, seed: int
    ) -> xr.Dataset:
        """Downscale; one member whatever is asked. See `labs.base`."""
        area = static["cell_area"].values
        fine = {name: self._field(driver, name, area, seed)[:, None] for name in self.climatology}
        return fields.ensemble(fine, driver, static)

    def _field(self, driver: xr.Dataset, name: str, area: np.ndarray, seed: int) -> np.ndarray:
        coarse = self.corrected.apply(driver, name, self.is_seasonal, seed)
        usual = self.climatology[name][day_numbers(driver["time"], self.is_seasonal)]
        if np.isnan(usual).all(axis=(1, 2)).any():
            raise UserError(
                f"{self.model.name}: some days lie in a season that the training years do not "
                "have: sample days of the seasons that the model was trained on"
            )
        blocks = block_mean(usual, usual.shape[-1] // coarse.shape[-1], area)
        kind = "multiplicative" if name == RAIN else "additive"
        options = self.model.options
        return disaggregate(
            coarse, blocks, usual, kind, options.climatology_floor_mm_day, options.ratio_cap
        )

    def save(self, folder: Path) -> None:
        """Write nodes and climatologies."""
        usual = {f"climatology.{name}": values for name, values in self.climatology.items()}
        settings = {"seasonal": self.is_seasonal}
        statistics_file.save(folder, {**self.corrected.arrays(), **usual}, settings)


def fit(pairs: Pairs, model: Model, training: Training, seed: int, state: Path) -> Bcsd:
    """Quantile nodes and climatologies of the training years."""
    is_seasonal = fields.seasonal(pairs.region.splits.by)
    target, options = pairs.train_target, model.options
    days = day_numbers(target["time"], is_seasonal)
    usual = {
        name: windowed_mean(fields.array(target, name), days, options.window_days // 2)
        for name in fields.variables(target)
    }
    return Bcsd(model, correction.fit(pairs, options, is_seasonal, seed), usual, is_seasonal)


def load(model: Model, bundle: Path) -> Bcsd:
    """Read a saved BCSD."""
    arrays, settings = statistics_file.load(bundle)
    prefix = "climatology."
    usual = {n.removeprefix(prefix): a for n, a in arrays.items() if n.startswith(prefix)}
    corrected = correction.from_arrays(model.options, arrays)
    return Bcsd(model, corrected, usual, settings["seasonal"])
