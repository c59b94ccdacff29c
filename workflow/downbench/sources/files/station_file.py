"""Stations read from a file: names, coordinates, daily values in our units."""

import numpy as np
import xarray as xr

from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.config.region.stations import StationFile, StationVariable
from downbench.core.config.sources.file_variable import FileVariable, paths_of
from downbench.core.errors import UserError
from downbench.core.spatial.longitudes import wrapped
from downbench.core.variables import VARIABLES
from downbench.sources.files.opening import files, open_file
from downbench.sources.files.reading import read_series


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
    label = f"{region.name}: {', '.join(paths_of(file.path))}"
    series = {n: _series(region, n, e, file) for n, e in file.variables.items()}
    places = next(iter(series.values()))
    dataset = open_file(region, files(region, file.path)[0])
    coordinates = _coordinates(dataset, file, places, label)
    values = [field.drop_vars(["lat", "lon"]) for field in series.values()]
    merged = xr.merge(values, join="outer", compat="no_conflicts").assign_coords(coordinates)
    if not np.issubdtype(merged["time"].dtype, np.datetime64):
        raise UserError(f"{label}: its calendar is not that of observations: give it CF units")
    return merged.sortby("time")


def _coordinates(
    dataset: xr.Dataset, file: StationFile, places: xr.DataArray, label: str
) -> dict[str, xr.Variable]:
    """Return names, coordinates and altitudes on (station,)."""
    for name in (file.names, file.altitude):
        if name not in dataset.variables or dataset[name].size != places.sizes["station"]:
            raise UserError(
                f"{label}: no variable '{name}' with one value per station: name it in "
                "stations.file, or add it to the file"
            )
    names = dataset[file.names].values.astype(str).ravel()
    altitude = dataset[file.altitude].values.astype(np.float64).ravel()
    values = {"lat": places["lat"].values, "lon": places["lon"].values, file.altitude: altitude}
    incomplete = sorted({str(n) for v in values.values() for n in names[~np.isfinite(v)]})
    if incomplete:
        raise UserError(
            f"{label}: latitude, longitude or altitude is missing at {', '.join(incomplete)}: add "
            "it, or take the station out of the file"
        )
    for coordinate, (low, high) in _possible(file).items():
        _require_possible(values[coordinate], names, (low, high), f"{label}: {coordinate}")
    entered = _entered_product(file, names, label)
    return {
        "name": xr.Variable("station", names),
        "lat": xr.Variable("station", values["lat"], {"units": "degrees_north"}),
        "lon": xr.Variable("station", wrapped(values["lon"]), {"units": "degrees_east"}),
        "altitude": xr.Variable("station", altitude, {"units": "m"}),
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
    region: RegionInputs, name: str, entry: StationVariable, file: StationFile
) -> xr.DataArray:
    """Return one variable on (time, station) in the contract's unit, with lat and lon."""
    variable = FileVariable(path=file.path, variable=entry.variable, units=entry.units)
    return read_series(region, name, variable, True, _at_points)


def _at_points(field: xr.DataArray, label: str) -> xr.DataArray:
    """Return (time, station) lazily; a single station may have lost its dimension."""
    if field.sizes.get("lat") == field.sizes.get("lon") == 1:
        place = {name: field[name].values for name in ("lat", "lon")}
        field = field.squeeze(["lat", "lon"], drop=True).expand_dims("station")
        field = field.assign_coords({name: ("station", values) for name, values in place.items()})
    if "time" not in field.dims or field["lat"].dims != field["lon"].dims or field.ndim != 2:
        raise UserError(
            f"{label}: dims are {field.dims}, expected time and one dimension of stations"
        )
    (stations,) = field["lat"].dims
    plain = field if stations == "station" else field.rename({stations: "station"})
    kept = [c for c in plain.coords if c in ("lat", "lon") or "time" in plain[c].dims]
    return plain.drop_vars([c for c in plain.coords if c not in kept]).transpose("time", "station")


def _once(values: np.ndarray, what: str, end: str) -> None:
    unique, counts = np.unique(values, return_counts=True)
    if (counts > 1).any():
        listed = ", ".join(map(str, unique[counts > 1][:5]))
        raise UserError(f"{what} twice {end} ({listed}): keep one of each")
