"""Print memory and processor time of preparing series by years, beside a plain copy.

The files are of made-up weather in yearly files: a fine target on a Lambert grid of 5.5 km, as
CERRA's, and a driver on 0.25 degrees around it, as ERA5's, compressed, rounded to 0.1. A plain
copy loads the target's files by `xarray.open_dataset` and appends their values, unchecked, to a
store with the same chunks, codecs and checksums.

    python bench/harmonise.py --years 10 40 --rows 256 --columns 400 --folder FOLDER
"""

import argparse
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import netCDF4
import numpy as np
import pyproj
import xarray as xr

from downbench.core import compute
from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.io import stores
from downbench.steps import prepare_driver, prepare_target

DAYS, FACTOR, STEP_M = 365, 8, 5500.0
UNITS = {"pr": "mm day-1", "tasmax": "K"}
LAMBERT = pyproj.CRS.from_proj4("+proj=lcc +lat_1=46 +lat_2=46 +lat_0=46 +lon_0=10 +R=6371229")
TASKS = ("copy", "target", "driver")


def main() -> None:
    """Make the files of the longest series, then measure each part in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, nargs="+", default=[10, 40])
    parser.add_argument("--rows", type=int, default=256)
    parser.add_argument("--columns", type=int, default=400)
    parser.add_argument("--variables", nargs="+", default=["tasmax"])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=TASKS)
    parser.add_argument("--task", choices=TASKS)
    arguments = parser.parse_args()
    if arguments.task:
        run(arguments.task, arguments.folder, arguments.years[0], arguments.variables)
        return
    make(arguments)
    size = DAYS * arguments.rows * arguments.columns * 4 * len(arguments.variables)
    print("| years | GB of values |", *(f"{task}: s | peak MiB |" for task in arguments.tasks))
    for years in arguments.years:
        results = [measured(arguments, task, years) for task in arguments.tasks]
        cells = (f"{seconds:.0f} | {mib:.0f} |" for seconds, mib in results)
        print(f"| {years} | {years * size / 1e9:.2f} |", *cells, flush=True)


def measured(arguments: argparse.Namespace, task: str, years: int) -> tuple[float, float]:
    """Return seconds and peak memory [MiB] of one task, as it reports them itself."""
    options = ["--task", task, "--years", str(years), "--folder", str(arguments.folder)]
    call = [sys.executable, __file__, *options, "--variables", *arguments.variables]
    printed = subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True).stdout
    seconds, mib = printed.splitlines()[-1].split()
    return float(seconds), float(mib)


def run(task: str, folder: Path, years: int, variables: list[str]) -> None:
    """Do one task, and print its seconds and peak memory [MiB]."""
    region = inputs(folder, years, variables)
    for module in ("dask.array", region.target.module):
        import_module(module)
    start = time.process_time()
    if task == "copy":
        stores.write_parts(compute.ahead(copied(region)), folder / "copy.zarr")
        shutil.rmtree(folder / "copy.zarr")
    elif task == "target":
        text = region.model_dump_json(exclude_defaults=True)
        prepare_target.main(["--region", text, "--target", str(folder / "target.zarr")])
    else:
        text = region.model_dump_json(exclude_defaults=True)
        paths = ["--target", str(folder / "target.zarr"), "--output", str(folder / "driver.zarr")]
        prepare_driver.main(["--region", text, "--driver", "reanalysis", *paths])
        shutil.rmtree(folder / "target.zarr")
    seconds = time.process_time() - start
    print(f"{seconds:.1f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")


def copied(region: RegionInputs) -> Iterator[xr.Dataset]:
    """Yield the values of the target's files in parts of some chunks."""
    for path in next(iter(region.target.variables.values())).path:
        with xr.open_dataset(Path(region.data_dir) / path, decode_times=False) as year:
            year = year.drop_vars("time")
            size = year["lat"].size * len(year.data_vars) * 4
            days = max(1, stores.PART_BYTES // size)
            starts = range(0, year.sizes["time"], days)
            yield from (year.isel(time=slice(first, first + days)).load() for first in starts)


def inputs(folder: Path, years: int, variables: list[str]) -> RegionInputs:
    """Return the region of the first years."""
    shape = [
        xr.open_dataset(folder / "fine_0001.nc", decode_times=False).sizes[dim] for dim in "yx"
    ]

    def entries(kind: str, **more: str) -> dict:
        paths = [f"{kind}_{1 + year:04d}.nc" for year in range(years)]
        return {name: {"path": paths, "variable": name, **more} for name in variables}

    target = {
        "source": "files",
        "frequency": "day",
        "accumulation_window": "00-24 UTC",
        "fine_shape": shape,
        "variables": entries("fine"),
    }
    driver = {
        "type": "reanalysis",
        "predictors": variables,
        "source": "files",
        "variables": entries("coarse", method="conservative"),
    }
    perfect = {"type": "perfect", "predictors": variables}
    return RegionInputs.model_validate(
        {
            "name": "large",
            "targets": variables,
            "factor": FACTOR,
            "resolution_km": STEP_M / 1000,
            "year_start_month": 1,
            "drivers": {"perfect": perfect, "reanalysis": driver},
            "data_dir": str(folder),
            "target": target,
        }
    )


def make(arguments: argparse.Namespace) -> None:
    """Write the files; each year has the weather of the first."""
    arguments.folder.mkdir(parents=True, exist_ok=True)
    grids = {"fine": lambert(arguments.rows, arguments.columns)}
    lat, lon = (grids["fine"][name].values for name in ("lat", "lon"))
    axes = [
        np.arange(np.floor(part.min()) - 1, np.ceil(part.max()) + 1, 0.25) for part in (lat, lon)
    ]
    grids["coarse"] = xr.Dataset(coords=dict(zip(("lat", "lon"), axes, strict=True)))
    for kind, grid in grids.items():
        first = arguments.folder / f"{kind}_0001.nc"
        write(grid, arguments.variables, first)
        for year in range(1, max(arguments.years)):
            path = arguments.folder / f"{kind}_{1 + year:04d}.nc"
            shutil.copy(first, path)
            with netCDF4.Dataset(path, "r+") as file:
                file["time"].units = f"days since {1850 + year}-01-01"


def lambert(rows: int, columns: int) -> xr.Dataset:
    """Return the cells of a Lambert grid around 46° N 10° E: lat and lon on (y, x)."""
    axes = ((np.arange(count) - (count - 1) / 2) * STEP_M for count in (columns, rows))
    lon, lat = pyproj.Transformer.from_crs(LAMBERT, "EPSG:4326", always_xy=True).transform(
        *np.meshgrid(*axes)
    )
    return xr.Dataset(coords={"lat": (("y", "x"), lat), "lon": (("y", "x"), lon)})


def write(grid: xr.Dataset, variables: list[str], path: Path) -> None:
    """Write a year of waves that pass by, with noise, on a grid."""
    rng, phase = np.random.default_rng(0), np.random.default_rng(1).normal(0, 2, DAYS)
    wave = np.cos(0.4 * grid["lon"] + 0.3 * grid["lat"] + xr.DataArray(phase, dims="time"))
    season = xr.DataArray(np.cos(2 * np.pi * np.arange(DAYS) / DAYS), dims="time")
    noise = xr.zeros_like(wave) + rng.normal(0, 0.5, wave.shape)
    fields = {
        "tasmax": 285 - 0.6 * (grid["lat"] - 46) - 8 * season + 4 * wave + noise,
        "pr": np.maximum(0, 8 * wave + noise - 3) * 2,
    }
    dataset = xr.Dataset({n: fields[n].assign_attrs(units=UNITS[n]) for n in variables})
    dims = grid["lat"].dims if grid["lat"].ndim == 2 else ("lat", "lon")
    rounded = dataset.round(1).astype("float32").transpose("time", *dims)
    attributes = {"units": "days since 1850-01-01", "calendar": "noleap"}
    rounded["time"] = ("time", np.arange(DAYS), attributes)
    chunks = (1, *rounded[variables[0]].shape[1:])
    packed = {"zlib": True, "complevel": 1, "chunksizes": chunks}
    rounded.to_netcdf(path, encoding=dict.fromkeys(variables, packed))


if __name__ == "__main__":
    main()
