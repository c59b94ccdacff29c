"""Other outcomes of the scored days, from the known distribution of the reference.

A day has one reference, and its chance is noise in every score. Where the distribution is known,
proper scores are means over many outcomes of the same day, whose expectation is the same.
"""

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.spatial.same_grid import require_same_grid


def aligned_redraws(redraws: xr.Dataset, reference: xr.Dataset, names: list[str]) -> xr.Dataset:
    """Return the outcomes (time, member, y, x) of the variables `names` on the reference's times.

    Raises
    ------
    UserError
        When they are on other cells, or lack a variable or a time.
    """
    fix = "sample them for the same split and budget as the ensemble, or leave --redraws out"
    require_same_grid(redraws, reference, "redraws and reference", fix)
    absent = [name for name in names if name not in redraws]
    times = np.setdiff1d(reference["time"].values, redraws["time"].values)
    if absent or times.size:
        lacking = ", ".join(absent) or f"{times.size} evaluated times, the first {times[0]}"
        raise UserError(f"redraws lack {lacking}: {fix}")

    return redraws[names].sel(time=reference["time"])
