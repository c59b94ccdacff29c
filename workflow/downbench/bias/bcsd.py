"""Bias correction and spatial disaggregation (BCSD), daily.

Wood et al. (2002, 2004), daily form after Thrasher et al. (2012), with empirical distributions:

1. empirical quantile mapping of the driver, coarse cell by coarse cell, against the coarsened
   target, pooled over a window around the day of the year;
2. anomaly from the coarse climatology: difference for temperature, ratio for rain;
3. bilinear interpolation of the anomaly to the fine grid;
4. the fine climatology is added (temperature) or multiplied (rain).

`kind` is "additive" for temperature [K] and "multiplicative" for rain [mm day-1] throughout.

References: Wood et al. (2004), doi:10.1023/B:CLIM.0000013685.99609.9e; Thrasher et al. (2012),
doi:10.5194/hess-16-3309-2012.
"""

from typing import Literal

import numpy as np

from downbench.bias.day_of_year import near
from downbench.bias.quantiles import among
from downbench.bias.samples import in_order
from downbench.core.spatial.grids import upsample_bilinear

Kind = Literal["additive", "multiplicative"]


def quantile_nodes(
    values: np.ndarray, days: np.ndarray, wanted_days: np.ndarray, half_window: int, intervals: int
) -> np.ndarray:
    """Empirical quantiles of each cell within a window around each wanted day of the year.

    Parameters
    ----------
    values : (time, Y, X)
        Training series; NaN is left out.
    days : (time,)
        Day numbers of `values`, see `day_of_year`.
    wanted_days : (days,)
        Days of the year to make nodes for.
    half_window
        Days on either side that are pooled [days].
    intervals
        Number of equal steps in probability; the nodes include smallest and largest value.

    Returns
    -------
    (days, intervals + 1, Y, X)
        Type-7 quantiles, unit of `values`, float32; NaN where a cell has no sample.
    """
    levels = np.linspace(0.0, 1.0, intervals + 1)
    series = in_order(values.reshape(len(values), -1).T)
    nodes = []
    for day in wanted_days:
        pooled = series.sample(np.flatnonzero(near(days, day, half_window)))
        of_day = pooled.quantiles(levels).astype(np.float32)
        nodes.append(of_day.T.reshape(-1, *values.shape[1:]))

    return np.stack(nodes)


def map_quantiles(
    values: np.ndarray, source: np.ndarray, reference: np.ndarray, kind: Kind, ratio_cap: float
) -> np.ndarray:
    """Replace each value by the reference value of the same non-exceedance probability.

    Beyond the outermost nodes the difference (or ratio, at most `ratio_cap`) found at the end
    node is kept: constant extrapolation.

    Parameters
    ----------
    values : (time, Y, X)
        Driver to correct.
    source, reference : (time, nodes, Y, X)
        Nodes of driver and coarsened target for the day of each value.
    ratio_cap
        Largest factor applied beyond the outermost nodes [1].

    Returns
    -------
    (time, Y, X)
        NaN where value, source or reference is missing.
    """
    x = values.reshape(-1, 1)
    xs, ys = (np.moveaxis(nodes, 1, -1).reshape(x.size, -1) for nodes in (source, reference))
    first, last = xs[:, :1], xs[:, -1:]
    end_x, end_y = (np.where(x > last, n[:, -1:], n[:, :1]) for n in (xs, ys))
    if kind == "additive":
        beyond = x + (end_y - end_x)
    else:
        ratio = np.divide(end_y, end_x, out=np.ones_like(end_y), where=end_x > 0)
        beyond = np.where(end_x > 0, x * np.minimum(ratio, ratio_cap), x)
    inside = (first <= x) & (x <= last)
    mapped = np.where(inside, among(x, xs).of(ys), beyond)

    return np.where(np.isfinite(x), mapped, np.nan).astype(np.float32).reshape(values.shape)


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
