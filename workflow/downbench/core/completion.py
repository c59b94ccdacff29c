"""What a store may leave out because it follows from the rest: a grid, a frequency, units."""

import numpy as np
import xarray as xr

from downbench.core.calendar.dates import day_numbers
from downbench.core.constants import EARTH_RADIUS_KM
from downbench.core.contract import DAILY, DIMS, STATIC
from downbench.core.variables import VARIABLES

DAY = (0.99, 1.01)
MINUTES_PER_DAY = 1440
LARGEST_AREA_RATIO = 2.0


def completed(dataset: xr.Dataset, kind: str) -> xr.Dataset:
    """Return a store with what the contract needs and can be inferred without doubt.

    On a regular grid lat(y) and lon(x) are broadcast to (y, x). A target gets the attribute
    `frequency` from its time stamps, units of static fields, and an unknown (missing) share of
    land. What is stated stays as it is, for the contract to check.

    Parameters
    ----------
    dataset
        As in `contract.check`; lazy fields stay lazy.
    kind
        `target`, `driver` or `ensemble`.
    """
    dataset = _on_grid(dataset, DIMS[kind][-2:])
    if kind != "target":
        return dataset
    if "frequency" not in dataset.attrs and (frequency := _frequency(dataset)):
        dataset = dataset.assign_attrs(frequency=frequency)
    if "land" not in dataset.variables and "lat" in dataset.variables:
        unknown = xr.full_like(dataset["lat"], np.nan, np.float32)
        dataset = dataset.assign(land=unknown.assign_attrs(units=VARIABLES["land"].units))

    return _with_static_units(dataset)


def _on_grid(dataset: xr.Dataset, grid: tuple[str, str]) -> xr.Dataset:
    lat, lon = (dataset.variables.get(name) for name in ("lat", "lon"))
    if lat is None or lon is None or (lat.dims, lon.dims) != ((grid[0],), (grid[1],)):
        return dataset
    values = np.meshgrid(lat.values, lon.values, indexing="ij")
    fields = {
        name: (grid, field, coordinate.attrs)
        for name, field, coordinate in zip(("lat", "lon"), values, (lat, lon), strict=True)
    }
    return dataset.drop_vars(("lat", "lon")).assign_coords(fields)


def _frequency(dataset: xr.Dataset) -> str | None:
    """Return `day`, or for example `5min`, from the usual step in time; None if it is longer."""
    if "time" not in dataset.variables or dataset["time"].dtype.kind not in "MO":
        return None
    steps = np.diff(day_numbers(dataset["time"]))
    step = float(np.median(steps)) if steps.size else 1.0
    if DAY[0] <= step <= DAY[1]:
        return DAILY
    return f"{max(1, round(step * MINUTES_PER_DAY))}min" if 0 < step < DAY[0] else None


def _with_static_units(dataset: xr.Dataset) -> xr.Dataset:
    names = [n for n in STATIC if n in dataset.variables and "units" not in dataset[n].attrs]
    safe = [n for n in names if n != "cell_area" or _is_in_square_metres(dataset)]
    fields = {n: dataset[n].assign_attrs(units=VARIABLES[n].units) for n in safe}

    return dataset.assign(fields)


def _is_in_square_metres(dataset: xr.Dataset) -> bool:
    """Compare the areas with those of the cells between neighbouring centres."""
    if "lat" not in dataset.variables or "lon" not in dataset.variables:
        return False
    lat, lon, area = (dataset[name].values for name in ("lat", "lon", "cell_area"))
    if not lat.shape == lon.shape == area.shape or min(lat.shape, default=0) < 2 or lat.ndim != 2:
        return False
    (lat_y, lat_x), (lon_y, lon_x) = (np.gradient(np.radians(field)) for field in (lat, lon))
    square = np.abs(lat_y * lon_x - lat_x * lon_y) * np.cos(np.radians(lat))
    ratio = np.median(area) / np.median(square * (1000 * EARTH_RADIUS_KM) ** 2)

    return 1 / LARGEST_AREA_RATIO < ratio < LARGEST_AREA_RATIO
