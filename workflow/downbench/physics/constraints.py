"""Layers that give a fine field the block means of its driver (Harder et al. 2023, JMLR 24(365)).

They act in physical space, on rain in mm day-1 and temperature in K (trap T19), and return the
field unchanged where the coarse value is missing or a block has no valid cell. With the block mean
taken over valid cells by area, all keep it to rounding. None makes rain negative. Whatever clips
(negative rain, drizzle) has to come before them: after them it would break the mean again.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
import xarray as xr
from torch import Tensor

from downbench.core.config.model.constraints import Constraint
from downbench.core.transforms import Transforms
from downbench.core.variables import RAIN, TEMPERATURES
from downbench.nets.blocks import block_mean, spread, to_blocks
from downbench.nets.target_space import drop_drizzle

DRY_BLOCK_MM_DAY = 1e-6
"""Below this a block's mean cannot be scaled: its shape is rounding [mm day-1]."""

Layer = Callable[[Tensor, Tensor, Tensor, int], Tensor]


def additive(field: Tensor, coarse: Tensor, weights: Tensor, factor: int) -> Tensor:
    """Shift each block: y + (x − m), m the block mean and x the coarse value.

    Parameters
    ----------
    field : (…, y, x)
        Any unit; NaN cells stay NaN and do not count.
    coarse : (…, Y, X)
        The block means to hold, same unit.
    weights : (y, x)
        Cell areas, 0 where a cell does not count.

    Returns
    -------
    (…, y, x)
        Same unit; may change sign, so it is for temperature.
    """
    gap = coarse - block_mean(field, factor, weights)
    return field + spread(torch.where(torch.isfinite(gap), gap, 0.0), factor)


def multiplicative(field: Tensor, coarse: Tensor, weights: Tensor, factor: int) -> Tensor:
    """Scale each block: y x / m; a dry block gets the coarse value everywhere (trap T25).

    Shapes as in `additive`; rain [mm day-1], field and coarse ≥ 0. Dry cells of a wet block stay
    dry, and the gradient is finite in dry blocks too.
    """
    return _scaled(field, field, coarse, weights, factor)


def softmax(field: Tensor, coarse: Tensor, weights: Tensor, factor: int) -> Tensor:
    """Share the coarse value out by exp(y / mm day-1), over the cells that are not exactly dry.

    Shapes as in `multiplicative`. The original has no dry cells (trap T25); here a cell of value 0
    keeps it. On samples it sharpens peaks: rain of several mm day-1 is a large exponent.
    """
    below = (field - spread(_top(field, factor), factor).detach()).clamp(max=0)
    raised = torch.where(field > 0, below.exp(), 0.0 * field)
    return _scaled(raised, field, coarse, weights, factor)


def scaled_additive(
    field: Tensor, coarse: Tensor, weights: Tensor, factor: int, ceiling: float
) -> Tensor:
    """Shift towards a bound, in proportion to the room that a cell has below or above it.

    Shapes as in `multiplicative`; `ceiling` [mm day-1]. Rain that is too much shrinks towards 0,
    as in `multiplicative`; rain that lacks is added to the wet cells in proportion to their
    distance from the ceiling, nearly the same amount to each. Dry cells of a wet block stay dry:
    where few are wet, these can pass the ceiling, for the block mean has to be kept.
    """
    lacking = coarse - block_mean(field, factor, weights)
    lacking = torch.where(lacking > 0, lacking, 0.0)
    top = torch.maximum(_top(field, factor), coarse.nan_to_num()).clamp(min=ceiling).detach()
    room = torch.where(field > 0, spread(top, factor) - field, 0.0 * field)
    share = block_mean(room, factor, weights)
    share = lacking / torch.where(share > DRY_BLOCK_MM_DAY, share, torch.inf)
    return _scaled(field + room * spread(share, factor), field, coarse, weights, factor)


def _top(field: Tensor, factor: int) -> Tensor:
    """Largest value of each block, 0 where there is none."""
    return to_blocks(field.nan_to_num(nan=0.0), factor).amax(dim=(-3, -1))


def _scaled(shape: Tensor, field: Tensor, coarse: Tensor, weights: Tensor, factor: int) -> Tensor:
    """`shape` scaled to the coarse values; `field` where there is none."""
    mean = block_mean(shape, factor, weights)
    held = torch.isfinite(coarse) & torch.isfinite(mean)
    # Masked before it is multiplied: a NaN that is not chosen still has a NaN gradient.
    target = torch.where(held, coarse, 0.0).clamp(min=0)
    dry = mean < DRY_BLOCK_MM_DAY
    ratio = torch.where(dry, 0.0, target / torch.where(held & ~dry, mean, 1.0))
    even = torch.where(dry, target, 0.0)
    scaled = shape * spread(ratio, factor) + spread(even, factor)
    return scaled if held.all() else torch.where(spread(held, factor), scaled, field)


def clipped(rain: Tensor) -> Tensor:
    """What comes before a layer: no negative rain and no drizzle, any shape [mm day-1]."""
    return drop_drizzle(rain.clamp(min=0))


def layer_of(name: str, constraint: Constraint) -> Layer | None:
    """The layer that a section wants for a variable, if any."""
    if name != RAIN:
        is_held = constraint.temperature == "additive" and name in TEMPERATURES
        return additive if is_held else None
    if constraint.pr == "scaled_additive":
        return partial(scaled_additive, ceiling=constraint.rain_ceiling_mm_day)
    return {"multiplicative": multiplicative, "softmax": softmax, None: None}[constraint.pr]


def network_layer(
    transforms: Transforms, constraint: Constraint
) -> Callable[[Tensor, Tensor, Tensor], Tensor]:
    """The layers of all target variables as one function of a network's output.

    It takes values (B, C, y, x) [mm day-1, K], block means (B, C, Y, X) with NaN where there is
    none, and cell weights (y, x); it returns values.
    """
    layers = [layer_of(name, constraint) for name in transforms.targets]

    def apply(values: Tensor, coarse: Tensor, weights: Tensor) -> Tensor:
        parts = [
            layer(values[:, i], coarse[:, i], weights, transforms.factor)
            if layer
            else values[:, i]
            for i, layer in enumerate(layers)
        ]
        return torch.stack(parts, dim=1)

    return apply


def hold(
    samples: xr.Dataset, driver: xr.Dataset, cell_area: np.ndarray, constraint: Constraint
) -> xr.Dataset:
    """Samples with the block means of the driver, in float64.

    Parameters
    ----------
    samples : (time, member, y, x)
        Rain [mm day-1] and temperature [K]; NaN where the target has no data.
    driver : (time, Y, X)
        The same variables and times; where it is missing, nothing changes.
    cell_area : (y, x)
        Cell areas [m2].

    Returns
    -------
    (time, member, y, x) float32
        Rain is clipped first: negative rain and drizzle below 0.1 mm day-1 become 0.
    """
    held = {}
    for name, field in samples.data_vars.items():
        layer = layer_of(str(name), constraint)
        if layer is None:
            continue
        values = torch.from_numpy(field.values.astype(np.float64))
        coarse = torch.from_numpy(driver[name].values.astype(np.float64))[:, None]
        factor = values.shape[-1] // coarse.shape[-1]
        if name == RAIN:
            values = clipped(values)
        values = layer(values, coarse, torch.from_numpy(cell_area.astype(np.float64)), factor)
        held[name] = field.copy(data=values.numpy().astype(np.float32))
    return samples.assign(held)
