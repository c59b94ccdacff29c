"""One field in GRIB on a grid of latitudes and longitudes, read with eccodes where installed."""

from types import ModuleType

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.spatial.longitudes import wrapped

NO_READER = "GRIB needs eccodes: pip install eccodes, or conda install -c conda-forge eccodes"
FROM_NORTH_WEST = {"gridType": "regular_ll", "iScansNegatively": 0, "jScansPositively": 0}
"""How the values must be ordered: rows from north to south, each from west to east."""


def reader() -> ModuleType:
    """Return eccodes, which is imported where GRIB is read, not before.

    Raises
    ------
    UserError
        When it is not installed.
    """
    try:
        import eccodes
    except ImportError:
        raise UserError(NO_READER) from None
    return eccodes


def field(content: bytes, label: str) -> xr.DataArray:
    """Return the field of one message.

    Parameters
    ----------
    content
        The message.
    label
        Name of its file, for messages.

    Returns
    -------
    xr.DataArray
        (lat, lon), as in the file, rows from south to north; NaN where the message has no value;
        `time`, the time that it is valid for, is a coordinate.

    Raises
    ------
    UserError
        When eccodes is absent, the message is damaged, or its grid is another.
    """
    eccodes = reader()
    try:
        message = eccodes.codes_new_from_message(content)
    except eccodes.CodesInternalError as error:
        raise UserError(f"{label}: no GRIB message ({error}): fetch it again") from None
    try:
        return _field(eccodes, message, label)
    except eccodes.CodesInternalError as error:
        raise UserError(f"{label}: damaged ({error}): fetch it again") from None
    finally:
        eccodes.codes_release(message)


def _field(eccodes: ModuleType, message: int, label: str) -> xr.DataArray:
    form = {key: eccodes.codes_get(message, key) for key in FROM_NORTH_WEST}
    if form != FROM_NORTH_WEST:
        raise UserError(f"{label}: its grid is {form}, not {FROM_NORTH_WEST}: convert it")
    rows, columns = (eccodes.codes_get(message, key) for key in ("Nj", "Ni"))
    values = eccodes.codes_get_values(message).reshape(rows, columns)[::-1]
    absent = values == eccodes.codes_get_double(message, "missingValue")
    coordinates = {**_axes(eccodes, message, rows, columns), "time": _time(eccodes, message)}
    return xr.DataArray(np.where(absent, np.nan, values), coordinates, ("lat", "lon"))


def _axes(eccodes: ModuleType, message: int, rows: int, columns: int) -> dict[str, xr.Variable]:
    """Return the centres of rows and columns [degrees]."""
    north, west, down, across = (
        eccodes.codes_get_double(message, f"{key}InDegrees")
        for key in (
            "latitudeOfFirstGridPoint",
            "longitudeOfFirstGridPoint",
            "jDirectionIncrement",
            "iDirectionIncrement",
        )
    )
    lat = north - down * np.arange(rows)[::-1]
    lon = wrapped(west + across * np.arange(columns))
    return {
        "lat": xr.Variable("lat", lat.round(6), {"units": "degrees_north"}),
        "lon": xr.Variable("lon", lon.round(6), {"units": "degrees_east"}),
    }


def _time(eccodes: ModuleType, message: int) -> np.datetime64:
    date, clock = (eccodes.codes_get_long(message, f"validity{w}") for w in ("Date", "Time"))
    text = f"{date:08d}T{clock:04d}"
    return np.datetime64(f"{text[:4]}-{text[4:6]}-{text[6:11]}:{text[11:]}", "ns")
