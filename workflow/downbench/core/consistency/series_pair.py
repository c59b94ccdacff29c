"""One variable of a coarse series and of the target on the same cells, for comparisons."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.calendar.dates import day_numbers
from downbench.core.spatial.grids import block_mean, to_blocks
from downbench.core.time_parts import slices

VALUES_AT_ONCE = 2**24
MONTHS = 12
STANDARD_LAPSE_K_PER_M = 0.0065


@dataclass(frozen=True)
class SeriesPair:
    """A variable of both series.

    variable : its name
    series, target : (time, Y, X), or (12, Y, X) climatologies of months; NaN where missing
    days : (time,) int, numbers of the common days; None of climatologies
    """

    variable: str
    series: np.ndarray
    target: np.ndarray
    days: np.ndarray | None = None

    @property
    def valid(self) -> np.ndarray:
        """Where both have a value."""
        return np.isfinite(self.series) & np.isfinite(self.target)


def coarse_target(target: xr.Dataset, name: str, factor: int) -> xr.DataArray:
    """Return block means (time, Y, X) of a variable, computed in parts that fit into memory."""
    field, area = target[name], target["cell_area"].values
    parts = [
        block_mean(field[part].values, factor, area)
        for part in slices(field.sizes["time"], field.size, VALUES_AT_ONCE)
    ]
    return xr.DataArray(
        np.concatenate(parts), dims=("time", "Y", "X"), coords={"time": field["time"]}
    )


def coarsened(target: xr.Dataset, factor: int) -> xr.Dataset:
    """Return the block means of a target, as a target on the coarse grid."""
    area = target["cell_area"].values
    grid = ("y", "x")
    names = [n for n, v in target.data_vars.items() if v.dims == ("time", *grid)]
    fields = {
        name: coarse_target(target, name, factor).rename({"Y": "y", "X": "x"}) for name in names
    }
    areas = to_blocks(area, factor).sum(axis=(-3, -1))
    places = {n: (grid, block_mean(target[n].values, factor)) for n in ("lat", "lon")}
    static = {"orog": (grid, block_mean(target["orog"].values, factor, area))}
    return xr.Dataset(
        fields | static | {"cell_area": (grid, areas.astype(np.float64))},
        coords={n: c for n, c in target.coords.items() if c.dims == ("time",)} | places,
        attrs=target.attrs,
    )


def coarse_run(
    ensemble: xr.Dataset, target: xr.Dataset, factor: int, member: int = 0
) -> xr.Dataset:
    """Return block means (time, Y, X) of one member of a run on the target's grid."""
    run = ensemble.isel(member=member).assign(cell_area=target["cell_area"])
    names = [n for n, v in run.data_vars.items() if v.dims == ("time", "y", "x")]
    lat, lon = (block_mean(target[name].values, factor) for name in ("lat", "lon"))
    return xr.Dataset(
        {name: coarse_target(run, name, factor) for name in names},
        coords={"lat": (("Y", "X"), lat), "lon": (("Y", "X"), lon)},
    )


def paired(series: xr.DataArray, target: xr.DataArray) -> SeriesPair:
    """Return both on their common days."""
    first, second = xr.align(
        series.reset_coords(drop=True), target, join="inner", exclude=("Y", "X")
    )
    days = np.round(day_numbers(first["time"])).astype(int)
    return SeriesPair(str(series.name), first.values, second.values, days)


def climatologies(series: xr.DataArray, target: xr.DataArray) -> SeriesPair:
    """Return means of the calendar months that both have, whatever their years."""
    return SeriesPair(str(series.name), monthly_means(series), monthly_means(target))


def monthly_means(series: xr.DataArray) -> np.ndarray:
    """Return means (12, Y, X) of each calendar month; NaN in months without a day."""
    months, means = series["time"].dt.month.values, []
    for month in range(1, MONTHS + 1):
        values = series[np.flatnonzero(months == month)].values
        count = np.isfinite(values).sum(axis=0)
        total = np.nansum(values, axis=0, dtype=np.float64)
        means.append(np.where(count, total / np.maximum(count, 1), np.nan))
    return np.stack(means)


def at_sea_level(target: np.ndarray, altitude: np.ndarray) -> np.ndarray:
    """Return temperature (…, Y, X) [K] reduced to sea level from the altitude (Y, X) [m]."""
    return target + STANDARD_LAPSE_K_PER_M * np.nan_to_num(altitude)
