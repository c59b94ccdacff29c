"""Source `synthetic`: coarse weather first, then fine fields from a known distribution."""

from collections.abc import Iterator
from itertools import islice

import numpy as np
import xarray as xr

from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.config.region.source import Driver
from downbench.core.constants import PERFECT
from downbench.core.errors import UserError
from downbench.core.rng import generator
from downbench.core.spatial.grids import block_mean
from downbench.core.variables import VARIABLES
from downbench.sources.synthetic import terrain
from downbench.sources.synthetic import weather as synthetic_weather
from downbench.sources.synthetic.biases import as_reanalysis, as_simulation
from downbench.sources.synthetic.column_moisture import moisture
from downbench.sources.synthetic.fine_distribution import (
    BATCH,
    CONDITIONS,
    fine_given_coarse,
)
from downbench.sources.synthetic.fine_noise import Noise, stacked, white_noise
from downbench.sources.synthetic.ground import ground
from downbench.sources.synthetic.memory import in_sequence

TARGET_RUN = "target"


def target(region: RegionInputs) -> xr.Dataset:
    """Return daily rain and maximum temperature, the same for the same options.

    Returns
    -------
    xr.Dataset
        pr [mm day-1] and tasmax [K] on (time, y, x), float32, with static fields.
    """
    static = terrain.static(region)
    coarse = coarse_weather(region, static)
    surface = ground(static, region.factor, region.resolution_km)
    time = coarse.time.values
    noise = _noise(region, coarse)
    shape = (len(time), *static.orog.shape)
    fields = {name: np.empty(shape, np.float32) for name in ("pr", "tasmax")}
    for start in range(0, len(time), BATCH):
        part = slice(start, start + BATCH)
        conditions = {name: coarse[name].values[part] for name in CONDITIONS}
        day_noise = stacked(islice(noise, len(time[part])))
        fine = fine_given_coarse(conditions, surface, region.target, day_noise)
        for name, values in fine.items():
            fields[name][part] = values
    dataset = static.assign_coords(time=time).assign(
        {n: (("time", "y", "x"), v, {"units": VARIABLES[n].units}) for n, v in fields.items()}
    )
    return dataset.assign_attrs(
        region=region.name, frequency="day", accumulation_window="00-24 UTC"
    )


def coarse_weather(region: RegionInputs, static: xr.Dataset, extra_days: int = 0) -> xr.Dataset:
    """Return the coarse process behind the target, in float32, (time, Y, X)."""
    options = region.target
    time = synthetic_weather.days(options.first_year, options.last_year)
    later = time[-1] + np.arange(1, extra_days + 1) * np.timedelta64(1, "D")
    coarse = terrain.coarse_static(static, region.factor)
    weather = synthetic_weather.simulate(
        options,
        coarse,
        coarse_km(region),
        np.concatenate([time, later]),
        TARGET_RUN,
    )
    return weather.astype(np.float32).assign_coords(lat=coarse.lat, lon=coarse.lon)


def driver(region: RegionInputs, name: str, target: xr.Dataset) -> xr.Dataset:
    """Return a coarse series of the region on (time, Y, X).

    Parameters
    ----------
    region
        Region with a synthetic target.
    name
        Name of the driver; its type says whether it is perfect, a reanalysis or a simulation.
    target
        Result of `target(region)`; the perfect driver holds its block means.

    Returns
    -------
    xr.Dataset
        pr [mm day-1], tasmax [K], uas and vas [m s-1], float32; the perfect driver adds the
        moisture budget (float64, see `moisture`).

    Raises
    ------
    UserError
        When the region has no such driver, or the target's days are not the region's.
    """
    options = region.driver(name)
    if options.type == PERFECT:
        dataset = _perfect(region, target)
    elif options.errors:
        weather = coarse_weather(region, target)
        dataset = as_reanalysis(weather, region.target, options.errors, coarse_km(region))
    else:
        run = free_run(region, name, target)
        dataset = as_simulation(run, region.target, options.simulation, name)
    coarse = terrain.coarse_static(target, region.factor)
    dataset = dataset.assign_coords(lat=coarse.lat, lon=coarse.lon).drop_attrs(deep=False)
    for variable in CONDITIONS:
        units = VARIABLES[variable].units
        dataset[variable] = dataset[variable].astype(np.float32).assign_attrs(units=units)
    return dataset.assign_attrs(_attributes(region, options))


def coarse_km(region: RegionInputs) -> float:
    """Return the spacing of the coarse grid [km]."""
    return region.resolution_km * region.factor


def free_run(region: RegionInputs, name: str, static: xr.Dataset) -> xr.Dataset:
    """Return the weather of a simulation before its biases are added, on (time, Y, X)."""
    simulation = region.drivers[name].simulation
    coarse = terrain.coarse_static(static, region.factor)
    time = synthetic_weather.days(simulation.first_year, simulation.last_year)
    return synthetic_weather.simulate(region.target, coarse, coarse_km(region), time, name)


def _perfect(region: RegionInputs, target: xr.Dataset) -> xr.Dataset:
    """Return block means of the target, the wind of its days, and their moisture budget."""
    weather = coarse_weather(region, target, extra_days=1)
    _check_days(region, target, weather.time.values[:-1])
    area = target.cell_area.values.astype(np.float64)
    for name in ("pr", "tasmax"):
        weather[name][:-1] = block_mean(target[name].values, region.factor, area)
    coarse = terrain.coarse_static(target, region.factor)
    budget = moisture(region, weather, coarse)
    return weather[list(CONDITIONS)].isel(time=slice(None, -1)).merge(budget, compat="override")


def _check_days(region: RegionInputs, target: xr.Dataset, days: np.ndarray) -> None:
    if not np.array_equal(target.time.values, days):
        raise UserError(
            f"the target's days are not those of target.first_year to target.last_year of "
            f"region {region.name}: make target.zarr again"
        )


def _attributes(region: RegionInputs, options: Driver) -> dict[str, str]:
    """Return driver type and biases as JSON, to compare a bias correction with."""
    attributes = {"driver_type": options.type, "region": region.name, "frequency": "day"}
    if options.type != PERFECT:
        attributes["biases"] = (options.errors or options.simulation).model_dump_json()
    return attributes


def _noise(region: RegionInputs, coarse: xr.Dataset) -> Iterator[Noise]:
    """Yield the noise of each coarse day; the fresh part has a generator for each date."""
    options = region.target
    dates = np.datetime_as_string(coarse.time.values, unit="D")
    fresh = (
        white_noise(generator(options.seed, "fine", str(d)), options, region.factor) for d in dates
    )
    return in_sequence(fresh, coarse, options, region.resolution_km)
