"""NetCDF-4 to NetCDF-3 in a process with limits, because HDF5 is parsed by a C library.

A file made for the purpose may crash it, keep it busy, or expand to any size: this ends the
process, not the caller.
"""

import os
import subprocess
import sys
import tempfile
from functools import lru_cache
from pathlib import Path

from downbench.core.errors import UserError

MEMORY_BYTES = 4 * 2**30
SECONDS = 60
"""Of a processor core."""
LONGEST_WAIT = 180
"""Seconds, where the machine does much else."""
MOST_BYTES = 2**27
"""Size of the content [bytes]."""


@lru_cache(maxsize=1)
def convert(content: bytes, path: Path) -> bytes:
    """Return the content of a NetCDF-4 file as NetCDF-3; the same file is converted once.

    Parameters
    ----------
    path
        File that the content is from, for messages.

    Raises
    ------
    UserError
        When the process crashes, or needs more than 60 s of a core, 4 GiB of memory or 128 MiB
        for the content.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, converted = Path(folder) / "source.nc", Path(folder) / "converted.nc"
        source.write_bytes(content)
        # -P: no module of the working directory takes the place of an installed one.
        command = [sys.executable, "-P", "-m", __spec__.name, str(source), str(converted)]
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
        try:
            result = subprocess.run(
                command, capture_output=True, timeout=LONGEST_WAIT, env=os.environ | threads
            )
        except subprocess.TimeoutExpired:
            message = f"{path}: not read within {LONGEST_WAIT} s: copy the bundle again"
            raise UserError(message) from None
        if result.returncode:
            lines = result.stderr.decode(errors="replace").strip().splitlines() or ["crashed"]
            raise UserError(
                f"{path}: not a usable NetCDF-4 file ({lines[-1]}): copy the bundle again"
            )
        return converted.read_bytes()


def main(source: str, target: str) -> None:
    """Read one file and write the other within the limits."""
    _limit()
    import xarray as xr

    with xr.open_dataset(source, engine="netcdf4") as stored:
        if stored.nbytes > MOST_BYTES:
            raise ValueError(f"{stored.nbytes} bytes, more than {MOST_BYTES}")
        plain = stored.load().drop_encoding()
    plain.to_netcdf(target, engine="scipy", format="NETCDF3_64BIT")


def _limit() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 * MOST_BYTES, 2 * MOST_BYTES))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


if __name__ == "__main__":
    main(*sys.argv[1:])
