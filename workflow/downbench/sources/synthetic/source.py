"""The embedded synthetic region: coarse weather first, then fine fields from a known law."""

import numpy as np
import xarray as xr

from downbench.core.config.region.region import Place
from downbench.core.constants import GCM, PERFECT, REANALYSIS
from downbench.core.errors import UserError
from downbench.core.rng import generator
from downbench.core.spatial.grids import block_mean
from downbench.sources.synthetic import terrain
from downbench.sources.synthetic import weather as synthetic_weather
from downbench.sources.synthetic.biases import seen, simulated
from downbench.sources.synthetic.fine_distribution import (
    CONDITIONS,
    fine_given_coarse,
    white_noise,
)
from downbench.sources.synthetic.ground import ground
from downbench.sources.synthetic.moisture import moisture

TARGET_RUN = "target"
UNITS = {"pr": "mm day-1", "tasmax": "K", "uas": "m s-1", "vas": "m s-1"}
BATCH_DAYS = 128


def target(region: Place) -> xr.Dataset:
    """Daily rain and maximum temperature on the fine grid, the same for the same options.

    Returns
    -------
    xr.Dataset
        pr [mm day-1] and tasmax [K] on (time, y, x), float32, with static fields.
    """
    static = terrain.static(region)
    coarse = truth(region, static)
    on = ground(static, region.factor, region.resolution_km)
    time = coarse.time.values
    shape = (len(time), *static.orog.shape)
    fields = {name: np.empty(shape, np.float32) for name in ("pr", "tasmax")}
    for start in range(0, len(time), BATCH_DAYS):
        part = slice(start, start + BATCH_DAYS)
        white = _white(region, time[part])
        conditions = {name: coarse[name].values[part] for name in CONDITIONS}
        drawn = fine_given_coarse(conditions, on, region.synthetic, white)
        for name, values in drawn.items():
            fields[name][part] = values
    dataset = static.assign_coords(time=time).assign(
        {n: (("time", "y", "x"), v, {"units": UNITS[n]}) for n, v in fields.items()}
    )
    return dataset.assign_attrs(
        region=region.name, frequency="day", accumulation_window="00-24 UTC"
    )


def truth(region: Place, static: xr.Dataset, extra_days: int = 0) -> xr.Dataset:
    """The coarse process behind the target, in float32 as the law sees it, (time, Y, X)."""
    options = region.synthetic
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


def driver(region: Place, name: str, target: xr.Dataset) -> xr.Dataset:
    """Coarse series `name` of the region on (time, Y, X).

    Parameters
    ----------
    name
        `perfect`, `reanalysis`, or a key of `synthetic.simulations`.
    target
        What `target(region)` returned; the perfect driver holds its block means.

    Returns
    -------
    xr.Dataset
        pr [mm day-1], tasmax [K], uas and vas [m s-1], float32; the perfect driver adds the
        moisture budget (float64, see `synthetic_moisture`).

    Raises
    ------
    UserError
        When the name is none of these, or the target's days are not the region's.
    """
    driver_type = _driver_type(region, name)
    if driver_type == "perfect":
        dataset = _perfect(region, target)
    elif driver_type == "reanalysis":
        dataset = seen(truth(region, target), region.synthetic, coarse_km(region))
    else:
        dataset = simulated(_free(region, name, target), region.synthetic, name)
    coarse = terrain.coarse_static(target, region.factor)
    dataset = dataset.assign_coords(lat=coarse.lat, lon=coarse.lon).drop_attrs(deep=False)
    for variable, units in UNITS.items():
        dataset[variable] = dataset[variable].astype(np.float32).assign_attrs(units=units)
    return dataset.assign_attrs(_attributes(region, name, driver_type))


def coarse_km(region: Place) -> float:
    """Spacing of the coarse grid [km]."""
    return region.resolution_km * region.factor


def _driver_type(region: Place, name: str) -> str:
    known = ("perfect", "reanalysis", *region.synthetic.simulations)
    if name not in known:
        raise UserError(
            f"config/regions/{region.name}.yaml: drivers.{name} is not made by the synthetic "
            f"source: choose one of {', '.join(known)}, or describe it under synthetic.simulations"
        )
    return name if name in (PERFECT, REANALYSIS) else GCM


def _perfect(region: Place, target: xr.Dataset) -> xr.Dataset:
    """Block means of the target, the wind of its days, and the moisture that goes with them."""
    weather = truth(region, target, extra_days=1)
    _same_days(region, target, weather.time.values[:-1])
    area = target.cell_area.values.astype(np.float64)
    for name in ("pr", "tasmax"):
        weather[name][:-1] = block_mean(target[name].values, region.factor, area)
    ground = terrain.coarse_static(target, region.factor)
    budget = moisture(region, weather, ground)
    return weather[list(CONDITIONS)].isel(time=slice(None, -1)).merge(budget, compat="override")


def _same_days(region: Place, target: xr.Dataset, wanted: np.ndarray) -> None:
    if not np.array_equal(target.time.values, wanted):
        raise UserError(
            f"the target's days are not those of synthetic.first_year to synthetic.last_year of "
            f"region {region.name}: make target.zarr again"
        )


def _free(region: Place, name: str, static: xr.Dataset) -> xr.Dataset:
    simulation = region.synthetic.simulations[name]
    coarse = terrain.coarse_static(static, region.factor)
    time = synthetic_weather.days(simulation.first_year, simulation.last_year)
    return synthetic_weather.simulate(region.synthetic, coarse, coarse_km(region), time, name)


def _attributes(region: Place, name: str, driver_type: str) -> dict[str, str]:
    """DriverType, and the set faults as JSON, so that a bias correction can be judged against them."""
    options = region.synthetic
    attributes = {"driver_type": driver_type, "region": region.name, "frequency": "day"}
    if driver_type == "reanalysis":
        attributes["faults"] = options.reanalysis.model_dump_json()
    if driver_type == GCM:
        attributes["faults"] = options.simulations[name].model_dump_json()
    return attributes


def _white(region: Place, time: np.ndarray) -> np.ndarray:
    """Noise of these days (days, 2, size, size): a generator of its own for each date."""
    options = region.synthetic
    dates = np.datetime_as_string(time, unit="D")
    return np.stack(
        [white_noise(generator(options.seed, "fine", str(d)), options.noise) for d in dates]
    )
