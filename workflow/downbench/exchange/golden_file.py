"""golden.nc as a file: NetCDF-3, whose parser is Python and takes no more memory than the file.

NetCDF-4 of earlier versions is parsed by a C library, which gets a process of its own for it.
"""

import io
from pathlib import Path

import xarray as xr

from downbench.core.errors import UserError
from downbench.exchange import netcdf4_conversion
from downbench.exchange.golden_form import DAYS

NETCDF3 = (b"CDF\x01", b"CDF\x02")
NETCDF4 = b"\x89HDF\r\n\x1a\n"
MOST_READS = 50_000
MOST_CHARACTERS = 4096
"""Of a text variable, such as the events of the days."""


class BoundedReads(io.BytesIO):
    """The bytes of a file, which are read once: a header may point to them a million times."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.bytes_left, self.reads_left = 2 * len(content), MOST_READS

    def read(self, size: int | None = -1) -> bytes:
        """Return the next bytes.

        Raises
        ------
        ValueError
            When the file was read twice as a whole, or in more than 50 000 pieces.
        """
        part = super().read(size)
        self.bytes_left -= len(part)
        self.reads_left -= 1
        if min(self.bytes_left, self.reads_left) < 0:
            raise ValueError("more variables or attributes than the file can hold")
        return part


def write(dataset: xr.Dataset, path: Path) -> None:
    """Write NetCDF-3: the same dataset gives the same bytes."""
    dataset.drop_encoding().to_netcdf(path, engine="scipy", format="NETCDF3_64BIT")


def read(path: Path) -> xr.Dataset:
    """Read the file into memory.

    Raises
    ------
    UserError
        When it is no NetCDF, or needs more memory or time than golden outputs do.
    """
    content = path.read_bytes()
    if content.startswith(NETCDF4):
        content = netcdf4_conversion.convert(content, path)
    if not content.startswith(NETCDF3):
        raise UserError(f"{path}: no NetCDF-3 file: copy the bundle again")
    store = xr.backends.ScipyDataStore(BoundedReads(content), mmap=False)
    return _decoded(path, xr.open_dataset(store, decode_cf=False).load())


def _decoded(path: Path, raw: xr.Dataset) -> xr.Dataset:
    """Decode the dates and the text alone: each value of them becomes an object of its own."""
    long = [
        str(name)
        for name, field in raw.variables.items()
        if field.size > (DAYS if name == "time" else MOST_CHARACTERS)
        and (name == "time" or field.dtype.kind == "S")
    ]
    if long:
        raise UserError(f"{path}: {', '.join(long[:5])} are longer than dates and text of 3 days")
    times = [name for name in raw.variables if name == "time"]
    fields = xr.decode_cf(raw.drop_vars(times), mask_and_scale=False, decode_times=False)
    return fields.assign_coords(xr.decode_cf(raw[times]).variables)
