"""Dry days in quantile mapping: random traces give them ranks among themselves (trap T13).

Singularity stochastic removal after Vrac, Noël and Vautard (2016), doi:10.1002/2015JD024511: with
traces on both sides a map takes over the reference's share of wet days, whether the model is too
wet (its drizzle falls among the traces) or too dry (its highest traces become wet).
"""

from functools import cache

import numpy as np
import xarray as xr

from downbench.core.rng import generator


def lift_dry(rain: np.ndarray, trace: float, uniform: np.ndarray) -> np.ndarray:
    """Replace rain below `trace` [mm day-1] by `uniform` (in 0 … 1, broadcast) times `trace`.

    Undo with `drop_trace`. Missing stays missing.
    """
    traces = (np.maximum(uniform, 1e-6) * trace).astype(np.float32)
    return np.where(rain < trace, traces, rain).astype(np.float32, copy=False)


def drop_trace(rain: np.ndarray, trace: float) -> np.ndarray:
    """Rain below `trace` [mm day-1] becomes zero; missing stays missing."""
    return np.where(rain < trace, np.float32(0.0), rain)


def per_day(time: xr.DataArray, seed: int) -> np.ndarray:
    """One uniform number per day for all cells, (time,): neighbours stay alike."""
    stamps = time.dt.strftime("%Y-%m-%dT%H:%M:%S").values
    return np.array([_of_day(seed, str(stamp)) for stamp in stamps])


@cache
def _of_day(seed: int, stamp: str) -> float:
    """Kept, since several series of a map have the same days."""
    return generator("lift-dry", seed, stamp).uniform()
