"""Do two data sets lie on one grid?"""

import numpy as np
import xarray as xr

from downbench.core.errors import UserError

SAME_PLACE_DEGREES = 1e-3


def require_same_grid(
    one: xr.Dataset,
    other: xr.Dataset,
    what: str,
    fix: str = "bring both to the region's coarse grid",
) -> None:
    """Refuse data sets whose lat or lon [degrees], on (Y, X) or (y, x), differ.

    Parameters
    ----------
    what
        Names both in the message.
    fix
        What to do about it.

    Raises
    ------
    UserError
        Naming the coordinate and both shapes.
    """
    for name in ("lat", "lon"):
        mine, theirs = one[name].values, other[name].values
        if mine.shape != theirs.shape or np.nanmax(np.abs(mine - theirs)) > SAME_PLACE_DEGREES:
            raise UserError(
                f"{what}: {name} differs (shapes {mine.shape} and {theirs.shape}): {fix}"
            )
