"""Stations of a region that are read from a file: names, places, daily values in our units."""

import numpy as np
import xarray as xr

from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.config.region.stations import StationFile, StationVariable
from downbench.core.errors import UserError
from downbench.sources.files.reading import AXES, open_file
from downbench.sources.files.units import convert, require_plausible_rain


def read(region: RegionInputs, file: StationFile) -> xr.Dataset:
    """Daily values of every station of the file, as they are: nothing is filled or left out.

    Returns
    -------
    xr.Dataset
        Variables on (time, station), float32 in the contract's units, NaN where missing;
        coordinates lat, lon [degrees, −180 … 180], altitude [m], name and fed_product (1 where
        the station fed the gridded truth) on (station,). Time stamps are the start of their day,
        in order.

    Raises
    ------
    UserError
        Naming file, variable or stations, and the fix, when a variable or coordinate is absent,
        a unit is unknown or cannot be true, or a time stamp or a station comes twice.
    """
    where = f"{region.name}: {file.path}"
    dataset = open_file(region, file.path)
    dataset = dataset.rename({old: new for old, new in AXES.items() if old in dataset.variables})
    places = _places(dataset, file, where)
    series = {n: _series(dataset, n, e, places, where) for n, e in file.variables.items()}
    stamped = xr.merge(series.values(), join="outer", compat="no_conflicts").assign_coords(places)
    return _on_days(stamped, where)


def _places(dataset: xr.Dataset, file: StationFile, where: str) -> dict[str, xr.Variable]:
    """Names, coordinates and altitudes on (station,)."""
    for name in ("lat", "lon", file.names, file.altitude):
        if name not in dataset.variables or dataset[name].ndim != 1:
            raise UserError(
                f"{where}: no variable '{name}' with one value per station: name it in "
                "stations.file, or add it to the file"
            )
    names = dataset[file.names].values.astype(str)
    values = {n: dataset[n].values.astype(np.float64) for n in ("lat", "lon", file.altitude)}
    lost = sorted({str(n) for v in values.values() for n in names[~np.isfinite(v)]})
    if lost:
        raise UserError(
            f"{where}: latitude, longitude or altitude is missing at {', '.join(lost)}: add it, "
            "or take the station out of the file"
        )
    lon = (values["lon"] + 180.0) % 360.0 - 180.0
    return {
        "name": xr.Variable("station", names),
        "lat": xr.Variable("station", values["lat"], {"units": "degrees_north"}),
        "lon": xr.Variable("station", lon, {"units": "degrees_east"}),
        "altitude": xr.Variable("station", values[file.altitude], {"units": "m"}),
        "fed_product": xr.Variable("station", _fed(file, names, where), {"units": "1"}),
    }


def _fed(file: StationFile, names: np.ndarray, where: str) -> np.ndarray:
    _once(names, f"{where}: stations come", "under one name")
    if file.fed_product == "all":
        return np.ones(names.size, np.int8)
    unknown = sorted(set(file.fed_product).difference(names))
    if unknown:
        raise UserError(
            f"{where}: fed_product names {', '.join(unknown)}, which is no station there: "
            f"choose among {', '.join(names)}"
        )
    return np.isin(names, file.fed_product).astype(np.int8)


def _series(
    dataset: xr.Dataset,
    name: str,
    entry: StationVariable,
    places: dict[str, xr.Variable],
    where: str,
) -> xr.DataArray:
    """One variable on (time, station) in the contract's unit."""
    at = f"{where}: variable '{entry.variable}'"
    if entry.variable not in dataset.data_vars:
        known = ", ".join(map(str, dataset.data_vars))
        raise UserError(f"{at} is not there: set `variable:` to one of {known}")
    field = dataset[entry.variable]
    others = [dim for dim in field.dims if dim != "time"]
    if "time" not in field.dims or [field.sizes[d] for d in others] != [places["lat"].size]:
        raise UserError(f"{at}: dims are {field.dims}, wanted time and one dimension of stations")
    plain = field.rename({others[0]: "station"}).transpose("time", "station")
    plain = plain.drop_vars([c for c in plain.coords if c != "time"]).load()
    converted = convert(plain, name, entry.units, True, at).rename(name)
    if name == "pr":
        require_plausible_rain(converted.values, True, at)
    return converted


def _on_days(stations: xr.Dataset, where: str) -> xr.Dataset:
    """Each value at the start of its day, days in order."""
    if not np.issubdtype(stations["time"].dtype, np.datetime64):
        raise UserError(f"{where}: time is not decoded to dates: give it CF units")
    dated = stations.assign_coords(time=stations["time"].dt.floor("D")).sortby("time")
    _once(dated["time"].values.astype("datetime64[D]"), f"{where}: days come", "each")
    return dated


def _once(values: np.ndarray, what: str, end: str) -> None:
    found, counts = np.unique(values, return_counts=True)
    if (counts > 1).any():
        listed = ", ".join(map(str, found[counts > 1][:5]))
        raise UserError(f"{what} twice {end} ({listed}): keep one of each")
