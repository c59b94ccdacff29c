"""The driver's block means imposed on samples of any model, and the check that this is valid."""

import xarray as xr

from downbench.core.config.model.model import Model
from downbench.core.errors import UserError


def check_driver_type(model: Model, driver_type: str) -> None:
    """Stop where a driver's values are not the block means of the target (trap T23).

    Raises
    ------
    UserError
        For a model with a constraint without a perfect driver.
    """
    if model.is_constrained and driver_type != "perfect":
        raise UserError(
            f"{model.name}: physics.constraint imposes the driver's block means, but a driver of "
            f"type '{driver_type}' is not the block mean of the target: its errors would be "
            "imposed. Use physics.loss or physics.guidance, which allow for them, or a perfect "
            "driver"
        )


def constrain(
    samples: xr.Dataset, driver: xr.Dataset, static: xr.Dataset, model: Model
) -> xr.Dataset:
    """Return samples (time, member, y, x) with the driver's block means, if the model asks for it.

    Each variable is in its physical unit. A trained layer is already part of the network. Cells
    without data have to be NaN: the block means leave them out.
    """
    if not model.is_constrained or model.physics.constraint.trained:
        return samples
    # torch takes seconds to import, and most models do without.
    from downbench.physics import constraints

    return constraints.hold(samples, driver, static["cell_area"].values, model.physics.constraint)
