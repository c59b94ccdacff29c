"""Grids in ESRI BIL form: plain numbers in rows from north to south, described in a text file."""

from collections.abc import Mapping

import numpy as np
import xarray as xr

from downbench.core.errors import UserError

EXPECTED = {"LAYOUT": "BIL", "NBANDS": "1", "NBITS": "32", "PIXELTYPE": "FLOAT"}
BYTE_ORDERS = {"I": "<f4", "M": ">f4", "LSBFIRST": "<f4", "MSBFIRST": ">f4"}
MOST_CELLS = 1 << 28


def grid(header: str, values: bytes, label: str) -> xr.DataArray:
    """Return a grid of one band of 32-bit numbers.

    Parameters
    ----------
    header
        Content of the `.hdr` file.
    values
        Content of the `.bil` file.
    label
        Name of the file, for messages.

    Returns
    -------
    xr.DataArray
        (lat, lon), float32, centres of cells [degrees]; NaN where missing.

    Raises
    ------
    UserError
        When the header lacks an entry or describes another form, or the length differs from it.
    """
    entries = dict(line.split(maxsplit=1) for line in header.splitlines() if len(line.split()) > 1)
    entries = {name.upper(): value.strip() for name, value in entries.items()}
    _require_form(entries, label)
    try:
        shape = int(entries["NROWS"]), int(entries["NCOLS"])
        north, west = float(entries["ULYMAP"]), float(entries["ULXMAP"])
        steps = float(entries["YDIM"]), float(entries["XDIM"])
        kind, missing = BYTE_ORDERS[entries["BYTEORDER"]], float(entries["NODATA"])
    except (KeyError, ValueError) as error:
        raise UserError(f"{label}: the header lacks {error}: fetch the file again") from None
    if not 0 < shape[0] * shape[1] <= MOST_CELLS or 4 * shape[0] * shape[1] != len(values):
        raise UserError(
            f"{label}: {len(values)} bytes for {shape[0]} x {shape[1]} cells: the file is "
            "damaged; fetch it again"
        )
    cells = np.frombuffer(values, kind).reshape(shape).astype(np.float32)
    coordinates = {
        "lat": ("lat", north - steps[0] * np.arange(shape[0])),
        "lon": ("lon", west + steps[1] * np.arange(shape[1])),
    }
    return xr.DataArray(
        np.where(cells == np.float32(missing), np.float32(np.nan), cells),
        coordinates,
        ("lat", "lon"),
    )


def _require_form(entries: Mapping[str, str], label: str) -> None:
    for name, value in EXPECTED.items():
        if entries.get(name, value).upper() != value:
            raise UserError(f"{label}: {name} is {entries[name]}, expected {value}: report it")


def require_statistics(field: xr.DataArray, statistics: str, label: str) -> None:
    """Compare a grid with its `.stx` file: band, smallest and largest value, mean, deviation.

    Raises
    ------
    UserError
        When the smallest or largest value differs.
    """
    low, high = (float(word) for word in statistics.split()[1:3])
    values = float(field.min()), float(field.max())
    if not np.allclose(values, (low, high), rtol=1e-5, atol=1e-3):
        raise UserError(
            f"{label}: values run from {values[0]:g} to {values[1]:g}, its statistics say "
            f"{low:g} to {high:g}: the file is damaged; fetch it again"
        )
