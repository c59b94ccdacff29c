"""What a flawless climate model would have run: the weather of a simulation without its faults."""

import numpy as np
import xarray as xr

from downbench.core.config.region.region import Place
from downbench.sources.synthetic import terrain
from downbench.sources.synthetic import weather as synthetic_weather
from downbench.sources.synthetic.fine_distribution import CONDITIONS
from downbench.sources.synthetic.source import coarse_km


def faultless(region: Place, name: str, static: xr.Dataset) -> xr.Dataset:
    """The very weather of simulation `name` as it was before its faults were put on.

    Returns
    -------
    xr.Dataset
        pr [mm day-1], tasmax [K], uas and vas [m s-1] on (time, Y, X), float32; its driver_type is
        `perfect`, as these are block means of the run's own truth.
    """
    simulation = region.synthetic.simulations[name]
    coarse = terrain.coarse_static(static, region.factor)
    time = synthetic_weather.days(simulation.first_year, simulation.last_year)
    weather = synthetic_weather.simulate(region.synthetic, coarse, coarse_km(region), time, name)
    kept = weather[list(CONDITIONS)].astype(np.float32)
    return kept.assign_coords(lat=coarse.lat, lon=coarse.lon).assign_attrs(driver_type="perfect")
