"""An ensemble of a tiny region as another program writes it, and the target that it is of."""

from functools import cache

import numpy as np
import xarray as xr

import tiny_pairs
from downbench.core.config.region.splits import Splits
from synthetic_region import whole_region

YEARS = Splits(
    by="year", train=(2001, 2002, 2003), validation=(2004,), test=(2005,), buffer_days=0
)
REGION = whole_region().model_copy(
    update={"name": "tiny", "factor": tiny_pairs.FACTOR, "splits": YEARS}
)
MEMBERS = 3


@cache
def target() -> xr.Dataset:
    days = xr.date_range("2004-07-01", "2005-12-31", freq="D")
    return tiny_pairs.target(days).rename(tas="tasmax")


def ensemble() -> xr.Dataset:
    """Noisy copies of all days of the test year, with CF names on the axes of a regular grid."""
    fine = target().sel(time="2005")
    noise = np.random.default_rng(0)
    axes = {"latitude": fine["lat"].values[:, 0], "longitude": fine["lon"].values[0]}
    dims = ("realization", "time", "latitude", "longitude")
    shape = (MEMBERS, *fine["pr"].shape)
    return xr.Dataset(
        {
            "pr": (dims, fine["pr"].values * noise.gamma(9, 1 / 9, shape)),
            "tasmax": (dims, fine["tasmax"].values + noise.normal(0, 1, shape)),
        },
        coords={"time": fine["time"].values, **axes},
        attrs={"fit_years": "2001-2004"},
    ).assign(
        pr=lambda d: d["pr"].assign_attrs(units="mm/day"),
        tasmax=lambda d: d["tasmax"].assign_attrs(units="K"),
    )
