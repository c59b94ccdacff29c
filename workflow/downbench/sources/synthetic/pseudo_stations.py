"""Stations of an invented region: cells of the target, at another altitude.

Rain is that of the cell; temperature changes at a known lapse rate with the altitude between cell
and station. So the right altitude correction is known, and with it a station agrees exactly with
its cell.
"""

import numpy as np
import xarray as xr

from downbench.core.config.region.stations import SyntheticStations
from downbench.core.errors import UserError
from downbench.core.rng import generator

TEMPERATURES = ("tasmax", "tas")


def sample(target: xr.Dataset, options: SyntheticStations) -> xr.Dataset:
    """Return stations at the centres of randomly sampled land cells.

    Parameters
    ----------
    target
        Fields on (time, y, x) with orog [m], land [1], lat and lon [degrees].

    Returns
    -------
    xr.Dataset
        As `sources.files.station_file.read`, all marked as part of the gridded product.

    Raises
    ------
    UserError
        When there are fewer land cells than stations.
    """
    land = np.flatnonzero(target["land"].values >= 0.5)
    if land.size < options.count:
        raise UserError(
            f"stations.synthetic.count = {options.count}: lower it, only {land.size} are land"
        )
    rng = generator("stations", options.seed)
    cells = np.sort(rng.choice(land, options.count, replace=False))
    offsets = rng.normal(0.0, options.altitude_sd_m, options.count)
    rows, columns = np.unravel_index(cells, target["land"].shape)
    indices = {"y": rows, "x": columns}
    selection = {axis: xr.DataArray(values, dims="station") for axis, values in indices.items()}
    series = [n for n, v in target.data_vars.items() if v.dims == ("time", "y", "x")]
    located = target[[*series, "orog"]].isel(selection).load()
    height = located["orog"].values.astype(np.float64)
    altitude = np.maximum(height + offsets, 0.0)
    for name in set(TEMPERATURES).intersection(series):
        at_altitude = located[name] + 1e-3 * options.lapse_k_per_km * (altitude - height)
        located[name] = at_altitude.astype("float32").assign_attrs(located[name].attrs)
    return located[series].assign_coords(
        name=("station", [f"point {number + 1}" for number in range(options.count)]),
        altitude=("station", altitude, {"units": "m"}),
        fed_product=("station", np.ones(options.count, np.int8), {"units": "1"}),
    )
