"""Stores of a small region: two winters of a target, drivers, a regional model, stations."""

from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.consistency.series_pair import coarse_target
from downbench.core.io import stores
from downbench.core.io.netcdf import write_netcdf
from downbench.core.io.tables import write_table
from downbench.core.spatial.grids import block_mean

FACTOR, ROWS, COLUMNS = 4, 8, 12
GRID = ("y", "x")
CELLS = (np.array([0, 3, 5, 7, 2]), np.array([3, 8, 5, 10, 6]))
UNITS = {"pr": "mm day-1", "tas": "K"}
REGION = {
    "name": "hills",
    "title": "Hills",
    "factor": FACTOR,
    "resolution_km": 25.0,
    "target": {"source": "files", "frequency": "day", "accumulation_window": "00-24 UTC",
               "variables": {"pr": {"path": "fine.nc"}}},
    "drivers": {"reanalysis": {"type": "reanalysis", "source": "files", "dataset": "analyses"}},
    "origins": {"fine.nc": "measured on hills"},
    "data_dir": "/secret/folder",
}  # fmt: skip


def downloaded() -> dict[str, object]:
    """A region with absolute paths: of the user's files, and of those of a download."""
    fine, made = "/secret/folder/hills/fine.nc", ["/secret/folder/hills/a/pr_2001.nc"]
    rain = {"path": made, "download": "a", "variable": "pr"}
    reanalysis = REGION["drivers"]["reanalysis"] | {"variables": {"pr": rain}}
    return {
        "target": REGION["target"] | {"variables": {"pr": {"path": fine}}},
        "drivers": {"reanalysis": reanalysis},
        "origins": {fine: "measured on hills"},
        "downloads": {"a": {"provider": "tiny", "dataset": "analyses", "provider_code": "now"}},
    }


def target() -> xr.Dataset:
    """Rain and temperature with a cycle of the year, a hill, and a sea without values."""
    rng = np.random.default_rng(0)
    winters = (xr.date_range(f"{year}-01-01", periods=90) for year in (2001, 2002))
    time = next(winters).append(next(winters))
    north, east = np.meshgrid(np.linspace(0, 1, ROWS), np.linspace(0, 1, COLUMNS), indexing="ij")
    state = np.zeros((time.size, 3))
    for day in range(1, time.size):
        state[day] = 0.6 * state[day - 1] + rng.normal(size=3)
    weather = state[:, 0, None, None] + 3 * state[:, 1, None, None] * (north - 0.5)
    weather = weather + 3 * state[:, 2, None, None] * (east - 0.5)
    summer = -np.cos(2 * np.pi * time.day_of_year.values / 365.25)[:, None, None]
    orog = 1500 * np.exp(-(((north - 0.3) / 0.2) ** 2) - ((east - 0.7) / 0.2) ** 2)
    land = (east > 0.1).astype("f4")
    fields = {
        "pr": 4 * np.maximum(weather + rng.normal(size=weather.shape) - 0.5, 0),
        "tas": 283 + 8 * summer + weather - 6 * north - 0.0065 * orog,
    }
    dataset = xr.Dataset(
        {
            name: (("time", *GRID), np.where(land > 0, v, np.nan).astype("f4"), {"units": u})
            for (name, v), u in zip(fields.items(), UNITS.values(), strict=True)
        },
        {"time": time},
        {"region": "hills", "frequency": "day", "accumulation_window": "00-24 UTC"},
    )
    area = 6e8 * np.cos(np.deg2rad(42 + 2 * north))
    static = {"orog": (orog, "m"), "land": (land, "1"), "cell_area": (area, "m2")}
    places = {"lat": (42 + 2 * north, "degrees_north"), "lon": (5 + 3 * east, "degrees_east")}
    fields = {n: (GRID, v.astype("f4"), {"units": u}) for n, (v, u) in static.items()}
    return dataset.assign(fields).assign_coords(
        {n: (GRID, v, {"units": u}) for n, (v, u) in places.items()}
    )


def driver(fine: xr.Dataset, kind: str, **attributes: str) -> xr.Dataset:
    """Block means of a target, with an error of their own and a further predictor."""
    rng = np.random.default_rng(1)
    coarse = xr.Dataset({name: coarse_target(fine, name, FACTOR) for name in UNITS})
    coarse["tas"] = coarse["tas"] + 0.1 * rng.normal(size=coarse["tas"].shape).astype("f4")
    coarse["psl"] = (xr.full_like(coarse["tas"], 1e5) + 10 * coarse["tas"]).assign_attrs()
    for name, units in (UNITS | {"psl": "Pa"}).items():
        coarse[name].attrs = {"units": units}
    places = {
        n: (("Y", "X"), block_mean(fine[n].values, FACTOR), fine[n].attrs) for n in ("lat", "lon")
    }
    return coarse.assign_coords(places).assign_attrs(
        driver_type=kind, frequency="day", **attributes
    )


def write(folder: Path, fine: xr.Dataset | None = None, **drivers: xr.Dataset) -> dict[str, Path]:
    """Write a target and drivers; return the stores by name."""
    datasets = {"target": target() if fine is None else fine, **drivers}
    for name, dataset in datasets.items():
        stores.write(dataset, folder / f"{name}.zarr")
    return {name: folder / f"{name}.zarr" for name in datasets}


def regional_model(fine: xr.Dataset) -> xr.Dataset:
    """A run on the fine grid with a bias of its own, as an ensemble of one member."""
    run = fine[list(UNITS)].copy()
    run["tas"] = (run["tas"] + np.float32(1.0)).assign_attrs(units="K")
    return run.expand_dims(member=[0]).transpose("time", "member", ...).assign_attrs(
        model="regional", driver="a global model", split="climate", fit_years="[]",
        seed_policy="none", region="hills", frequency="day",
    )  # fmt: skip


def stations(fine: xr.Dataset) -> xr.Dataset:
    """Measurements in five cells on land, with a gap of ten days and one station without rain."""
    rows, columns = (xr.DataArray(index, dims="station") for index in CELLS)
    points = fine[list(UNITS)].isel(y=rows, x=columns).load()
    points["pr"][20:30, 0] = np.nan
    points["pr"][:, 4] = np.nan
    return points.assign_coords(
        name=("station", [f"point {number}" for number in range(5)]),
        altitude=("station", fine["orog"].values[CELLS].astype(float), {"units": "m"}),
        fed_product=("station", np.array([1, 1, 0, 0, 0], np.int8)),
        nearest_km=("station", np.full(5, 0.1)),
    ).assign_attrs(region="hills", density_length_km=100.0)  # fmt: skip


def write_stations(folder: Path, measured: xr.Dataset) -> tuple[Path, Path]:
    """Write stations, and a table with one that is left out."""
    left_out = pd.DataFrame(
        [["at sea", 43.0, 4.0, 3.0, "no cell with values within 10 km"]],
        columns=["name", "lat", "lon", "altitude", "reason"],
    )
    files = folder / "stations.nc", folder / "stations-left-out.csv"
    write_netcdf(measured, files[0])
    write_table(left_out, files[1])
    return files
