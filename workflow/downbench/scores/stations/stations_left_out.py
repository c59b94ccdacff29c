"""Which stations are left out, and why: a table beside the stations that are used."""

import pandas as pd
import xarray as xr

NO_VALUE = "no value on a day of the target"
COLUMNS = ("name", "lat", "lon", "altitude", "reason")


def table(
    stations: xr.Dataset, measured: xr.Dataset, selected: xr.Dataset, farthest_km: float
) -> pd.DataFrame:
    """Return the stations that are not selected.

    Parameters
    ----------
    stations, measured, selected : (station,)
        All of them, those with values, and those of them that a cell represents; with lat, lon
        [degrees], altitude [m] and name.
    farthest_km
        Largest distance of such a cell [km].

    Returns
    -------
    DataFrame
        Columns `COLUMNS`; empty if none is left out.
    """
    no_cell = f"no cell with values within {farthest_km:g} km, or outside of the grid"
    places = {name: stations[name].values for name in COLUMNS[:-1]}
    rows = pd.DataFrame(places).assign(reason=NO_VALUE)
    rows.loc[rows["name"].isin(measured["name"].values), "reason"] = no_cell
    return rows[~rows["name"].isin(selected["name"].values)]
