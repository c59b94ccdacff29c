"""Bias correction and spatial disaggregation (BCSD), daily.

Wood et al. (2002, 2004), daily form after Thrasher et al. (2012), with empirical distributions:

1. empirical quantile mapping of the driver, coarse cell by coarse cell, against the coarsened
   target, pooled over a window around the day of the year (`mapping_fit`, `mapping_apply`);
2. anomaly from the coarse climatology: difference for temperature, ratio for rain;
3. bilinear interpolation of the anomaly to the fine grid;
4. the fine climatology is added (temperature) or multiplied (rain).

This module has steps 2 to 4.

`kind` is "additive" for temperature [K] and "multiplicative" for rain [mm day-1] throughout.

References: Wood et al. (2004), doi:10.1023/B:CLIM.0000013685.99609.9e; Thrasher et al. (2012),
doi:10.5194/hess-16-3309-2012.
"""

from typing import Literal

import numpy as np

from downbench.core.spatial.grids import upsample_bilinear

Kind = Literal["additive", "multiplicative"]


def disaggregate(
    coarse: np.ndarray,
    coarse_climatology: np.ndarray,
    fine_climatology: np.ndarray,
    kind: Kind,
    floor: float,
    ratio_cap: float,
) -> np.ndarray:
    """Interpolate the anomaly from the coarse climatology and put the fine climatology back.

    Parameters
    ----------
    coarse : (time, Y, X)
        Corrected driver.
    coarse_climatology : (time, Y, X)
        Climatology of each day on the coarse grid: block means of `fine_climatology`.
    fine_climatology : (time, y, x)
        Climatology of each day on the fine grid; NaN cells stay NaN.
    floor, ratio_cap
        Where the coarse climatology of rain is below `floor` [mm day-1], the ratio to `floor` is
        taken instead and is at most `ratio_cap` [1].

    Returns
    -------
    (time, y, x)
        Unit of `coarse`.
    """
    factor = fine_climatology.shape[-1] // coarse.shape[-1]
    if kind == "additive":
        return fine_climatology + upsample_bilinear(coarse - coarse_climatology, factor)
    ratio = coarse / np.maximum(coarse_climatology, floor)
    guarded = np.where(coarse_climatology < floor, np.minimum(ratio, ratio_cap), ratio)
    scale = upsample_bilinear(guarded.astype(np.float32), factor)

    return fine_climatology * np.maximum(scale, 0.0)
