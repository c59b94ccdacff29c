"""Refuses a truncated NetCDF-3 file, whose lost values the NetCDF library reads as zeros."""

import warnings
from pathlib import Path

from scipy.io import netcdf_file

CLASSIC = (b"CDF\x01", b"CDF\x02")


def require_complete(file: Path) -> None:
    """Check that a NetCDF-3 file is as long as its header says; other files pass.

    Raises
    ------
    OSError
        When it is shorter.
    """
    with file.open("rb") as opened:
        if opened.read(4) not in CLASSIC:
            return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of arrays that end with the file
            netcdf_file(file, "r", mmap=True).close()
    except (ValueError, TypeError, IndexError) as error:
        raise OSError("the file is shorter than its header says") from error
