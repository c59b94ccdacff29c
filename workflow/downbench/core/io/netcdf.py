"""NetCDF files: small results such as maps, daily statistics and values at stations."""

from pathlib import Path

import xarray as xr

from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing

ENGINE = "netcdf4"


def read_netcdf(path: Path, *, rule: str) -> xr.Dataset:
    """Read a NetCDF file into memory.

    Parameters
    ----------
    path
        File to read.
    rule
        Rule that writes the file, for messages.

    Raises
    ------
    UserError
        When the file is missing or unreadable.
    """
    if not Path(path).is_file():
        raise UserError(f"{path}: no such file; make it with the rule {rule}")
    try:
        return xr.load_dataset(path, engine=ENGINE)
    except (OSError, ValueError) as error:
        raise UserError(
            f"{path}: not a readable NetCDF file ({error}); run the rule {rule} again "
            f"(`snakemake -R {rule}`)"
        ) from error


def write_netcdf(dataset: xr.Dataset, path: Path, *, compress: bool = True) -> None:
    """Write a NetCDF file that appears complete; `compress` packs its variables with zlib."""
    encoding = {str(name): {"zlib": True} for name in dataset.data_vars} if compress else {}
    with replacing(path) as partial:
        dataset.drop_encoding().to_netcdf(partial, engine=ENGINE, encoding=encoding)
