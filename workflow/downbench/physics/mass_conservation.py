"""Conservation between the coarse input and the block means of a fine field.

The block mean is the project's one coarsening operator, area weighted and over valid cells; it
also makes the perfect driver (trap T19). Another driver is *not* the block mean of the target, so
the target's own error is the noise floor (trap T23).
"""

import numpy as np

from downbench.core.errors import UserError
from downbench.core.spatial.grids import block_mean


def block_mean_error(
    fine: np.ndarray, coarse: np.ndarray, cell_area: np.ndarray, factor: int
) -> np.ndarray:
    """Block mean of the fine field minus the coarse input.

    Parameters
    ----------
    fine : (…, y, x)
        Physical units, such as mm day-1 or K; NaN where missing.
    coarse : (…, Y, X)
        The same quantity; leading axes broadcast against those of `fine`.
    cell_area : (y, x)
        [m2]
    factor
        Fine cells along one side of a coarse one.

    Returns
    -------
    (…, Y, X)
        Unit of the fields, float64; NaN where the input is missing or a block has no valid cell.

    Raises
    ------
    UserError
        When the two grids do not nest.
    """
    if tuple(factor * side for side in coarse.shape[-2:]) != fine.shape[-2:]:
        raise UserError(
            f"a fine grid of {fine.shape[-2:]} cells is not {factor} times a coarse one of "
            f"{coarse.shape[-2:]}: give the driver on the grid whose cells the fine blocks fill"
        )

    return block_mean(fine, factor, cell_area).astype(np.float64) - coarse
