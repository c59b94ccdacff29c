"""The driver's block means forced on samples of any model: where that is lawful, and doing it."""

import xarray as xr

from downbench.core.config.model.model import Model
from downbench.core.errors import UserError


def refuse_unlawful(model: Model, driver_type: str) -> None:
    """Stop where a driver's values are not the block means of the truth (trap T23).

    Raises
    ------
    UserError
        For a model with a constraint without a perfect driver.
    """
    if model.is_constrained and driver_type != "perfect":
        raise UserError(
            f"{model.name}: physics.constraint forces the block means of the driver on it, but "
            f"in the {driver_type} driver_type the driver is not the block mean of the truth: that would force "
            "its errors. Use physics.loss or physics.guidance, which allow for them, or a driver "
            "of the perfect driver"
        )


def applied(drawn: xr.Dataset, driver: xr.Dataset, static: xr.Dataset, model: Model) -> xr.Dataset:
    """Samples (time, member, y, x) with the driver's block means, where the model wants that.

    In physical units, each variable's own. A layer that was trained has done so in the network
    already. Missing cells of `drawn` have to be NaN: they are what the block means leave out.
    """
    if not model.is_constrained or model.physics.constraint.trained:
        return drawn
    # torch takes seconds to import, and most models do without.
    from downbench.physics import constraints

    return constraints.hold(drawn, driver, static["cell_area"].values, model.physics.constraint)
