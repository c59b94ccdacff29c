"""The one readable file inside a ZIP archive: NetCDF is unpacked, Zarr is read in place."""

import atexit
import shutil
import tempfile
import zipfile
from functools import cache
from pathlib import Path, PurePosixPath

from downbench.core.errors import UserError

NETCDF = (".nc", ".nc4", ".nc3", ".cdf", ".netcdf", ".h5", ".hdf5", ".he5")
ZARR = ("zarr.json", ".zgroup", ".zmetadata")
LISTED = 5


def is_zip(file: Path) -> bool:
    """Return whether a path is a complete ZIP archive."""
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return opened.read(2) == b"PK" and zipfile.is_zipfile(opened)


def zarr_group(file: Path, label: str) -> str | None:
    """Return the path of the Zarr store inside an archive, '' at its top; None without one.

    Raises
    ------
    UserError
        When the archive holds several.
    """
    with zipfile.ZipFile(file) as archive:
        members = map(PurePosixPath, archive.namelist())
        roots = [str(member.parent) for member in members if member.name in ZARR]
    top = min(roots, key=len, default=None)
    if top in (None, "."):
        return None if top is None else ""
    further = [root for root in roots if root != top and not root.startswith(f"{top}/")]
    if further:
        raise UserError(
            f"{label} is a ZIP archive of several Zarr stores ({top}, {further[0]} …): unpack it "
            "and set `path:` to the one that is meant, or to all of them"
        )
    return top


def netcdf_file(file: Path, label: str) -> Path:
    """Return the archive's only NetCDF file, unpacked to a folder that goes with the process.

    Raises
    ------
    UserError
        When the archive holds none, or several.
    """
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
    members = [name for name in names if name.lower().endswith(NETCDF)]
    if len(members) == 1:
        return _unpacked(file, members[0])
    listing = ", ".join(names[:LISTED]) + (" …" if len(names) > LISTED else "")
    if not members:
        raise UserError(
            f"{label} is a ZIP archive without a NetCDF file ({listing}): unpack it and convert "
            "its content to NetCDF (`gdal_translate -of netCDF IN OUT.nc` reads BIL and TIFF)"
        )
    raise UserError(
        f"{label} is a ZIP archive of {len(members)} NetCDF files ({listing}): unpack it and set "
        "`path:` of each variable to the file that holds it"
    )


@cache
def _unpacked(file: Path, member: str) -> Path:
    folder = tempfile.mkdtemp(prefix="downbench-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with zipfile.ZipFile(file) as archive:
        return Path(archive.extract(member, folder))
