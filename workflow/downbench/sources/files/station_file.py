"""Stations read from a file: names, coordinates, daily values in our units."""

import numpy as np
import xarray as xr

from downbench.core.calendar import stamps
from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.config.region.stations import StationFile, StationVariable
from downbench.core.errors import UserError
from downbench.core.variables import VARIABLES
from downbench.sources.files.reading import AXES, open_file
from downbench.sources.files.units import convert, require_plausible_rain


def read(region: RegionInputs, file: StationFile) -> xr.Dataset:
    """Return the daily values of every station of the file; nothing is filled or left out.

    Returns
    -------
    xr.Dataset
        Variables on (time, station), float32 in the contract's units, NaN where missing;
        coordinates lat, lon [degrees, −180 … 180], altitude [m], name and fed_product (1 where
        the station entered the gridded product) on (station,). Time stamps are the start of their
        day, in order.

    Raises
    ------
    UserError
        Naming file, variable or stations, and the fix, when a variable or coordinate is absent,
        a unit is unknown or cannot be true, or a time stamp or a station occurs twice.
    """
    label = f"{region.name}: {file.path}"
    dataset = open_file(region, file.path)
    dataset = dataset.rename({old: new for old, new in AXES.items() if old in dataset.variables})
    coordinates = _coordinates(dataset, file, label)
    series = {n: _series(dataset, n, e, coordinates, label) for n, e in file.variables.items()}
    stamped = xr.merge(series.values(), join="outer", compat="no_conflicts").assign_coords(
        coordinates
    )
    return _on_days(stamped, label)


def _coordinates(dataset: xr.Dataset, file: StationFile, label: str) -> dict[str, xr.Variable]:
    """Return names, coordinates and altitudes on (station,)."""
    for name in ("lat", "lon", file.names, file.altitude):
        if name not in dataset.variables or dataset[name].ndim != 1:
            raise UserError(
                f"{label}: no variable '{name}' with one value per station: name it in "
                "stations.file, or add it to the file"
            )
    names = dataset[file.names].values.astype(str)
    values = {n: dataset[n].values.astype(np.float64) for n in ("lat", "lon", file.altitude)}
    incomplete = sorted({str(n) for v in values.values() for n in names[~np.isfinite(v)]})
    if incomplete:
        raise UserError(
            f"{label}: latitude, longitude or altitude is missing at {', '.join(incomplete)}: add "
            "it, or take the station out of the file"
        )
    for coordinate, (low, high) in _possible(file).items():
        _require_possible(values[coordinate], names, (low, high), f"{label}: {coordinate}")
    entered = _entered_product(file, names, label)
    lon = (values["lon"] + 180.0) % 360.0 - 180.0
    return {
        "name": xr.Variable("station", names),
        "lat": xr.Variable("station", values["lat"], {"units": "degrees_north"}),
        "lon": xr.Variable("station", lon, {"units": "degrees_east"}),
        "altitude": xr.Variable("station", values[file.altitude], {"units": "m"}),
        "fed_product": xr.Variable("station", entered, {"units": "1"}),
    }


def _possible(file: StationFile) -> dict[str, tuple[float, float]]:
    """Return the range of each coordinate; longitudes may run to 360."""
    return {
        "lat": (-90.0, 90.0),
        "lon": (-180.0, 360.0),
        file.altitude: (VARIABLES["orog"].low, VARIABLES["orog"].high),
    }


def _require_possible(
    values: np.ndarray, names: np.ndarray, limits: tuple[float, float], label: str
) -> None:
    wrong = (values < limits[0]) | (values > limits[1])
    if wrong.any():
        pairs = zip(names[wrong], values[wrong], strict=True)
        raise UserError(
            f"{label} is {', '.join(f'{value:g} at {name}' for name, value in pairs)}, outside "
            f"[{limits[0]:g}, {limits[1]:g}]: it may mark an unknown value: give the true one, or "
            "take the station out of the file"
        )


def _entered_product(file: StationFile, names: np.ndarray, label: str) -> np.ndarray:
    _once(names, f"{label}: stations occur", "under one name")
    if file.fed_product == "all":
        return np.ones(names.size, np.int8)
    unknown = sorted(set(file.fed_product).difference(names))
    if unknown:
        raise UserError(
            f"{label}: fed_product names {', '.join(unknown)}, which is no station of the file: "
            f"choose among {', '.join(names)}"
        )
    return np.isin(names, file.fed_product).astype(np.int8)


def _series(
    dataset: xr.Dataset,
    name: str,
    entry: StationVariable,
    coordinates: dict[str, xr.Variable],
    label: str,
) -> xr.DataArray:
    """Return one variable on (time, station) in the contract's unit."""
    label = f"{label}: variable '{entry.variable}'"
    if entry.variable not in dataset.data_vars:
        names = ", ".join(map(str, dataset.data_vars))
        raise UserError(f"{label} is absent: set `variable:` to one of {names}")
    field = dataset[entry.variable]
    axes = [dim for dim in field.dims if dim != "time"]
    if "time" not in field.dims or [field.sizes[d] for d in axes] != [coordinates["lat"].size]:
        raise UserError(
            f"{label}: dims are {field.dims}, expected time and one dimension of stations"
        )
    plain = field.rename({axes[0]: "station"}).transpose("time", "station")
    plain = plain.drop_vars([c for c in plain.coords if c != "time"]).load()
    converted = convert(plain, name, entry.units, True, label).rename(name)
    if name == "pr":
        require_plausible_rain(converted.values, True, label)
    return converted


def _on_days(stations: xr.Dataset, label: str) -> xr.Dataset:
    """Return each value at the start of its day, days in order."""
    stations = stamps.dated(stations, label)
    if not np.issubdtype(stations["time"].dtype, np.datetime64):
        raise UserError(f"{label}: time is not decoded to dates: give it CF units")
    dated = stations.assign_coords(time=stations["time"].dt.floor("D")).sortby("time")
    _once(dated["time"].values.astype("datetime64[D]"), f"{label}: days occur", "each")
    return dated


def _once(values: np.ndarray, what: str, end: str) -> None:
    unique, counts = np.unique(values, return_counts=True)
    if (counts > 1).any():
        listed = ", ".join(map(str, unique[counts > 1][:5]))
        raise UserError(f"{what} twice {end} ({listed}): keep one of each")
