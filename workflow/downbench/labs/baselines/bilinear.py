"""Bilinear interpolation of the driver: the floor that any model must beat.

Temperature gets no lapse-rate correction and block means are not restored: the plain field, with
missing fine cells masked. Deterministic.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core.config.model.budget import Training
from downbench.core.config.model.model import Model
from downbench.core.spatial.grids import upsample_bilinear
from downbench.core.variables import VARIABLES
from downbench.labs.base import Pairs
from downbench.labs.baselines.tools import dataset_arrays, statistics_file


@dataclass(frozen=True)
class Bilinear:
    """Valid fine cells (y, x) bool by variable."""

    valid: Mapping[str, np.ndarray]

    def sample(
        self, driver: xr.Dataset, static: xr.Dataset, members: int, seed: int
    ) -> xr.Dataset:
        """Interpolate; one member whatever is asked. See `labs.base`."""
        smooth = {name: self._interpolate(driver, name)[:, None] for name in self.valid}
        return dataset_arrays.ensemble(smooth, driver, static)

    def _interpolate(self, driver: xr.Dataset, name: str) -> np.ndarray:
        coarse, valid = dataset_arrays.array(driver, name), self.valid[name]
        fine = upsample_bilinear(coarse, valid.shape[-1] // coarse.shape[-1])
        if VARIABLES[name].is_intermittent:
            fine = np.maximum(fine, 0.0)
        return np.where(valid, fine, np.float32(np.nan))

    def save(self, folder: Path) -> None:
        """Write the masks."""
        statistics_file.save(folder, self.valid, {})


def fit(pairs: Pairs, model: Model, training: Training, seed: int, state: Path) -> Bilinear:
    """Note which cells the training target has; nothing else is fitted."""
    target = pairs.train_target
    names = dataset_arrays.variables(target)
    return Bilinear(
        {name: dataset_arrays.valid_cells(dataset_arrays.array(target, name)) for name in names}
    )


def load(model: Model, bundle: Path) -> Bilinear:
    """Read saved masks."""
    return Bilinear(statistics_file.load(bundle)[0])
