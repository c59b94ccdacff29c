"""Says what a file is that is neither NetCDF nor Zarr, and what to do with it."""

import bz2
import gzip
import lzma
import re
import zipfile
from pathlib import Path

from downbench.sources.files.archives import ZARR

START = 1024
TO_NETCDF = "convert it to NetCDF with `gdal_translate -of netCDF IN OUT.nc`"
AGAIN = "download it again"
SIGNATURES = {
    b"GRIB": ("a GRIB file", "convert it to NetCDF with `cdo -f nc4 copy IN OUT.nc`"),
    b"\x1f\x8b": ("a gzip archive", "unpack it with gunzip"),
    b"BZh": ("a bzip2 archive", "unpack it with bunzip2"),
    b"\xfd7zXZ": ("an xz archive", "unpack it with unxz"),
    b"PK\x03\x04": ("a damaged or incomplete ZIP archive", AGAIN),
    b"7z\xbc\xaf": ("a 7z archive", "unpack it"),
    b"Rar!": ("a RAR archive", "unpack it"),
    b"\x28\xb5\x2f\xfd": ("a zstd archive", "unpack it with unzstd"),
    b"II*\0": ("a TIFF image", TO_NETCDF),
    b"MM\0*": ("a TIFF image", TO_NETCDF),
    b"\x0e\x03\x13\x01": ("an HDF4 file", "convert it to NetCDF with `h4tonccf IN OUT.nc`"),
    b"%PDF": ("a PDF document", "download the data instead"),
    b"version https://git-lfs": ("a pointer of Git LFS", "get the file with `git lfs pull`"),
}
"""What a file is by its first bytes, and what to do with it."""

DAMAGED, UNKNOWN = "damaged or incomplete", "no NetCDF file"
FOLDER = "a folder, but no Zarr store"
UNREADABLE_ZIP = "a ZIP archive that cannot be read"
UNCLEAR = (DAMAGED, UNKNOWN, FOLDER, UNREADABLE_ZIP)
"""Kinds to which the error of the library adds something."""

STATIONS = re.compile(rb"[A-Z]{2}[A-Z0-9_-]{9}\d{6}[A-Z]{4}")
NETCDF = (b"CDF", b"\x89HDF")
COMPRESSED = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}
PAGES = (b"<!doctype", b"<html", b"<?xml")


def description(file: Path) -> tuple[str, str]:
    """Return what a path is, for the sentence "FILE is …", and what to do.

    Parameters
    ----------
    file
        A file or folder that could not be opened.
    """
    if file.is_dir() and any(file.glob(".z*")):
        return DAMAGED, AGAIN
    if file.is_dir():
        if any((file / name).exists() for name in ZARR):
            return f"a Zarr store, {DAMAGED}", AGAIN
        return FOLDER, "name the files in it, such as FOLDER/*.nc"
    if zipfile.is_zipfile(file):
        return UNREADABLE_ZIP, "unpack it and set `path:` to the file in it"
    start = _start(file)
    if not start:
        return "empty", AGAIN
    for signature, (kind, fix) in SIGNATURES.items():
        if start.startswith(signature):
            return _with_content(file, signature, kind, fix)
    return _unsigned(start)


def _start(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(START)


def _with_content(file: Path, signature: bytes, kind: str, fix: str) -> tuple[str, str]:
    """Add what a compressed file holds."""
    if signature not in COMPRESSED:
        return kind, fix
    try:
        with COMPRESSED[signature](file) as opened:
            start = opened.read(START)
    except (OSError, EOFError, lzma.LZMAError):
        return f"a damaged {kind.split(' ', 1)[1]}", AGAIN
    content, further = next((SIGNATURES[s] for s in SIGNATURES if start.startswith(s)), ("", ""))
    return (f"{kind} with {content}", f"{fix}, then {further}") if content else (kind, fix)


def _unsigned(start: bytes) -> tuple[str, str]:
    if start[257:262] == b"ustar":
        return "a tar archive", "unpack it with `tar -xf`"
    text = start.lstrip().lower()
    if text.startswith(PAGES):
        return "a web page or an error of the server, not data", f"log in and {AGAIN}"
    if start.startswith(NETCDF):
        return DAMAGED, AGAIN
    if STATIONS.match(start):
        return (
            "a station of GHCN-Daily as text",
            "write the stations to NetCDF: flagged values and -9999 as missing, tenths of mm and "
            "degC as mm and degC",
        )
    if start.isascii() and b"\0" not in start:
        return "a text file", "write its values to NetCDF with the axes time, lat and lon"
    return UNKNOWN, "convert it to NetCDF"
