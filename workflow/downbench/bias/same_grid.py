"""Do two coarse series lie on one grid?"""

import numpy as np
import xarray as xr

from downbench.core.errors import UserError

SAME_PLACE_DEGREES = 1e-3


def require_same_grid(one: xr.Dataset, other: xr.Dataset, what: str) -> None:
    """Refuse series whose lat(Y, X) or lon(Y, X) [degrees] differ; `what` names both."""
    for name in ("lat", "lon"):
        mine, theirs = one[name].values, other[name].values
        if mine.shape != theirs.shape or np.abs(mine - theirs).max() > SAME_PLACE_DEGREES:
            raise UserError(
                f"{what}: {name} differs (shapes {mine.shape} and {theirs.shape}): bring both to "
                "the region's coarse grid"
            )
