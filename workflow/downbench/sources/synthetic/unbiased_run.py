"""The weather of a simulation without its biases: the input of a pseudo-reality run."""

import numpy as np
import xarray as xr

from downbench.core.config.region.region_inputs import RegionInputs
from downbench.sources.synthetic import terrain
from downbench.sources.synthetic.fine_distribution import CONDITIONS
from downbench.sources.synthetic.source import free_run


def unbiased_run(region: RegionInputs, name: str, static: xr.Dataset) -> xr.Dataset:
    """Return the weather of the driver `name` before its biases are added.

    Returns
    -------
    xr.Dataset
        pr [mm day-1], tasmax [K], uas and vas [m s-1] on (time, Y, X), float32; its driver_type is
        `perfect`, as these are block means of the run's known truth.
    """
    weather = free_run(region, name, static)[list(CONDITIONS)].astype(np.float32)
    coarse = terrain.coarse_static(static, region.factor)
    return weather.assign_coords(lat=coarse.lat, lon=coarse.lon).assign_attrs(
        driver_type="perfect"
    )
