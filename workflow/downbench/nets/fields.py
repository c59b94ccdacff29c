"""Arrays that networks are fed with: drivers, targets and static fields in physical units."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
import torch
import xarray as xr
from torch import Tensor

from downbench.core.errors import UserError
from downbench.core.spatial import grids
from downbench.core.transforms import Transforms

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True)
class NetworkFields:
    """One series as tensors; every tensor's first axis is time.

    coarse : (T, V, Y, X) predictors, missing cells filled from their nearest neighbour
    valid : (T, 1, Y, X) 1 where all predictors were there
    season : (T, 2) sine and cosine of the day of the year
    target : (T, C, y, x) or None; NaN where missing
    budget : (T, Y, X) or None; rain of the moisture budget [mm day-1], NaN where it or a
        predictor is missing
    """

    coarse: Tensor
    valid: Tensor
    season: Tensor
    target: Tensor | None
    budget: Tensor | None = None

    def __len__(self) -> int:
        return len(self.coarse)

    def pick(self, index: Tensor | slice) -> Self:
        """The same at some times."""
        return self._each(lambda tensor: tensor[index])

    def _each(self, change: Callable[[Tensor], Tensor]) -> Self:
        tensors = {field.name: getattr(self, field.name) for field in fields(self)}
        return type(self)(**{k: None if t is None else change(t) for k, t in tensors.items()})

    def has_values(self) -> Tensor:
        """(T,) bool: times on which every predictor has a value somewhere."""
        return torch.isfinite(self.coarse).flatten(1).all(dim=1)

    def complete(self) -> Self:
        """Without the times on which a predictor is missing everywhere: nothing to fill from."""
        return self.pick(self.has_values())

    def with_symmetries(self) -> Self:
        """Eightfold: every sample also turned by quarters and mirrored, for square patches.

        Valid where no direction differs from another: no static fields, no season.
        """
        turned = [self._turned(quarters, mirror) for quarters in range(4) for mirror in (0, 1)]
        columns = {field.name: [getattr(t, field.name) for t in turned] for field in fields(self)}
        return type(self)(
            **{k: None if c[0] is None else torch.cat(c) for k, c in columns.items()}
        )

    def _turned(self, quarters: int, mirror: int) -> Self:
        def turn(field: Tensor) -> Tensor:
            turned = field.rot90(quarters, (-2, -1))
            return turned.flip(-1) if mirror else turned

        # The season has no directions.
        return replace(self._each(turn), season=self.season)

    def to(self, device: torch.device) -> Self:
        """The same on a device."""
        return self._each(lambda tensor: tensor.to(device))

    def own(self, variables: list[int]) -> Tensor:
        """(T, C, Y, X) some of the predictors, NaN where any predictor is missing."""
        return torch.where(self.valid > 0, self.coarse[:, variables], torch.nan)


def read(driver: xr.Dataset, target: xr.Dataset | None, transforms: Transforms) -> NetworkFields:
    """Load a driver, and its target when training, in the order of the transforms' variables.

    Raises
    ------
    UserError
        When the driver lacks a predictor that the transforms were fitted with.
    """
    absent = [name for name in transforms.predictors if name not in driver]
    if absent:
        raise UserError(
            f"the driver lacks {', '.join(absent)}, which the model was trained with: add them "
            f"to the driver (it has {', '.join(map(str, driver.data_vars))})"
        )
    raw = np.stack([driver[name].values for name in transforms.predictors], axis=1)
    missing = np.isnan(raw)
    return NetworkFields(
        coarse=torch.from_numpy(grids.fill_from_nearest(raw.astype(np.float32))),
        valid=torch.from_numpy((~missing.any(axis=1, keepdims=True)).astype(np.float32)),
        season=torch.from_numpy(_season(driver["time"])),
        target=None if target is None else _stack(target, transforms),
    )


def _stack(target: xr.Dataset, transforms: Transforms) -> Tensor:
    layers = [target[name].values.astype(np.float32) for name in transforms.targets]
    return torch.from_numpy(np.stack(layers, axis=1))


def _season(time: xr.DataArray) -> np.ndarray:
    angle = 2 * np.pi * (time.dt.dayofyear.values - 0.5) / DAYS_PER_YEAR
    return np.stack([np.sin(angle), np.cos(angle)], axis=1).astype(np.float32)


def static_layers(static: xr.Dataset, factor: int) -> np.ndarray:
    """(S, y, x) float32: standardised orography, its departure from the block mean, land share.

    Fields without any valid value (a region without orography) are left out; a missing cell of a
    field takes its nearest valid neighbour's value.
    """
    layers = []
    for name in ("orog", "land"):
        if name not in static or not np.isfinite(static[name].values).any():
            continue
        field = grids.fill_from_nearest(static[name].values.astype(np.float64))
        if name == "orog":
            mean = grids.upsample_nearest(grids.block_mean(field, factor), factor)
            layers.append(_standardise(field - mean))
        layers.append(_standardise(field))
    shape = static["cell_area"].shape
    return np.stack(layers).astype(np.float32) if layers else np.zeros((0, *shape), np.float32)


def _standardise(field: np.ndarray) -> np.ndarray:
    std = field.std()
    return (field - field.mean()) / std if std > 0 else np.zeros_like(field)


def cell_weights(static: xr.Dataset) -> np.ndarray:
    """(y, x) float32: cell areas over their mean, for area-weighted losses (trap T5)."""
    area = static["cell_area"].values
    return (area / area.mean()).astype(np.float32)
