"""Bounds of what the proof of a network may take: it asks for both the grid and the network."""

import math
from pathlib import Path

import xarray as xr
from safetensors import safe_open

from downbench.core.config.model.model import Model
from downbench.core.config.model.options import GenerativeOptions
from downbench.core.errors import UserError
from downbench.exchange.golden_form import DAYS, MEMBERS
from downbench.nets import architecture

MOST_OPERATIONS = 10**16
MOST_FEATURES = 2**30
"""Values of the widest level of one sample [1]."""


def refuse_costly(folder: Path, model: Model, stored: xr.Dataset) -> None:
    """Raise an error if the golden outputs of a network would take too much time or memory.

    Parameters
    ----------
    stored
        Content of golden.nc.

    Raises
    ------
    UserError
        When 2 × weights × cells × samples × evaluations is more than 10^16, an upper estimate
        because coarse levels see fewer cells, or when a level has more than 2^30 values.
    """
    if not (folder / architecture.FILE).exists():
        return
    cells = stored.sizes["y"] * stored.sizes["x"]
    channels = architecture.read(folder).channels
    features = max(cells * width // 4**level for level, width in enumerate(channels))
    weights = _weights(folder / architecture.WEIGHTS, (stored.sizes["y"], stored.sizes["x"]))
    operations = 2 * weights * cells * DAYS * MEMBERS * _evaluations(model)
    if operations > MOST_OPERATIONS or features > MOST_FEATURES:
        raise UserError(
            f"{folder}: its golden outputs take up to {operations:.1e} operations and {features} "
            f"values a level, more than {MOST_OPERATIONS:.0e} and {MOST_FEATURES}: train it with "
            "fewer channels or `calibration_steps`, or on a smaller grid"
        )


def _weights(path: Path, grid: tuple[int, int]) -> int:
    """Return the number of weights that act on every cell, without maps of the grid."""
    with safe_open(path, "np") as file:
        shapes = [tuple(file.get_slice(name).get_shape()) for name in file.keys()]
    return sum(math.prod(shape) for shape in shapes if shape[-2:] != grid)


def _evaluations(model: Model) -> int:
    """Return those of one sample: solvers evaluate the network at most twice a step."""
    options = model.options
    return 2 * options.calibration_steps if isinstance(options, GenerativeOptions) else 1
