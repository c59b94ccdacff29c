"""Stations of a made-up region: points of its truth at another altitude than their cell's.

Rain is that of the cell; temperature is moved by a known rate for each kilometre between cell and
station. So the right altitude correction is known, and with it a station agrees exactly with the
truth of its cell.
"""

import numpy as np
import xarray as xr

from downbench.core.config.region.stations import SyntheticStations
from downbench.core.errors import UserError
from downbench.core.rng import generator

TEMPERATURES = ("tasmax", "tas")


def sample(target: xr.Dataset, options: SyntheticStations) -> xr.Dataset:
    """Stations at the centres of randomly chosen land cells.

    Parameters
    ----------
    target
        Truth on (time, y, x) with orog [m], land [1], lat and lon [degrees].

    Returns
    -------
    xr.Dataset
        As `sources.stations.read`, all of them marked as having fed the truth.

    Raises
    ------
    UserError
        When there are fewer land cells than stations.
    """
    land = np.flatnonzero(target["land"].values >= 0.5)
    if land.size < options.count:
        raise UserError(
            f"stations.synthetic.count = {options.count}: only {land.size} cells are land"
        )
    rng = generator("stations", options.seed)
    chosen = np.sort(rng.choice(land, options.count, replace=False))
    drawn = rng.normal(0.0, options.altitude_sd_m, options.count)
    rows, columns = np.unravel_index(chosen, target["land"].shape)
    at = {"y": xr.DataArray(rows, dims="station"), "x": xr.DataArray(columns, dims="station")}
    series = [n for n, v in target.data_vars.items() if v.dims == ("time", "y", "x")]
    here = target[[*series, "orog"]].isel(at).load()
    height = here["orog"].values.astype(np.float64)
    altitude = np.maximum(height + drawn, 0.0)
    for name in set(TEMPERATURES).intersection(series):
        moved = here[name] + 1e-3 * options.lapse_k_per_km * (altitude - height)
        here[name] = moved.astype("float32").assign_attrs(here[name].attrs)
    return here[series].assign_coords(
        name=("station", [f"point {number + 1}" for number in range(options.count)]),
        altitude=("station", altitude, {"units": "m"}),
        fed_product=("station", np.ones(options.count, np.int8), {"units": "1"}),
    )
