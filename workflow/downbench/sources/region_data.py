"""Target and driver of a region: the stores of a run, or else made in memory."""

from importlib import import_module
from pathlib import Path

import xarray as xr

from downbench.core.config.region.region import Region
from downbench.core.io import stores


def target_and_driver(region: Region, driver: str, results: Path) -> tuple[xr.Dataset, xr.Dataset]:
    """Return the target (time, y, x) and a driver (time, Y, X) of a region.

    Parameters
    ----------
    results
        Folder of the results, which holds one for each region.

    Raises
    ------
    UserError
        When a store is damaged, or what both are made of is absent.
    """
    folder = results / region.name
    target, coarse = folder / "target.zarr", folder / "drivers" / f"{driver}.zarr"
    if target.exists() and coarse.exists():
        return stores.read(target, "target"), stores.read(coarse, "driver")
    print(f"{target} and {driver} are made in memory, as no run has made them yet")
    fine = (
        import_module(region.target.module)
        .target(region)
        .assign_attrs(year_start_month=region.year_start_month, factor=region.factor)
    )
    return fine, import_module(region.module_of_driver(driver)).driver(region, driver, fine)
