"""Check that two datasets share a grid."""

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.spatial.longitudes import wrapped

SAME_PLACE_DEGREES = 1e-3


def require_same_grid(
    first: xr.Dataset,
    second: xr.Dataset,
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
        values, expected = first[name].values, second[name].values
        if (
            values.shape != expected.shape
            or np.nanmax(np.abs(wrapped(values - expected))) > SAME_PLACE_DEGREES
        ):
            raise UserError(
                f"{what}: {name} differs (shapes {values.shape} and {expected.shape}): {fix}"
            )
