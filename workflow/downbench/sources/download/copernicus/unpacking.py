"""NetCDF files inside what the Climate Data Store delivers: itself, a ZIP or a tar archive.

Archives come from elsewhere: their names decide nothing, their size is bounded.
"""

import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing
from downbench.sources.download import zip_members
from downbench.sources.download.content import HEAD_BYTES, STARTS
from downbench.sources.download.errors import TemporaryError

ENDING = ".nc"
MOST_FILES, LARGEST_RATIO, SMALL_BYTES = 64, 100, 1 << 20
"""Of an archive: NetCDF files; bytes unpacked by packed, and bytes that never matter."""


def netcdf_files(path: Path) -> list[Path]:
    """Return the NetCDF files in a file, unpacked beside it.

    Raises
    ------
    UserError
        When the file is neither NetCDF nor an archive of such, or an archive is not to be trusted:
        names that lead elsewhere, links, too many or too large files.
    """
    with path.open("rb") as opened:
        head = opened.read(HEAD_BYTES)
    if head.startswith(STARTS["netcdf"]):
        return [path]
    if not head.startswith(STARTS["zip"] + STARTS["gzip"]):
        raise UserError(f"{path}: neither NetCDF nor an archive of it: delete it, run again")
    unpacked = _of_zip if head.startswith(STARTS["zip"]) else _of_tar
    files = list(unpacked(path))
    if not files:
        raise UserError(f"{path}: no NetCDF file in the archive: delete it, report it")
    return files


def _of_zip(path: Path) -> Iterator[Path]:
    with zip_members.opened(path) as archive:
        names = [name for name in archive.namelist() if name.lower().endswith(ENDING)]
        _require_modest(path, [archive.getinfo(name).file_size for name in names])
        for i, name in enumerate(names):
            yield zip_members.extract(archive, name, _target(path, i))


def _of_tar(path: Path) -> Iterator[Path]:
    try:
        with tarfile.open(path, "r:gz") as archive:
            for i, member in enumerate(_regular(archive, path)):
                with replacing(_target(path, i)) as partial, partial.open("wb") as file:
                    shutil.copyfileobj(archive.extractfile(member), file)
                yield _target(path, i)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise UserError(f"{path}: the archive is damaged ({error}): delete, run again") from None


def _regular(archive: tarfile.TarFile, path: Path) -> list[tarfile.TarInfo]:
    """Return the NetCDF files of an archive; a large one is refused before it is unpacked."""
    sizes, files = [], []
    for member in archive:
        sizes.append(member.size)
        _require_modest(path, sizes)
        if member.isreg() and member.name.lower().endswith(ENDING):
            files.append(member)
    return files


def _require_modest(path: Path, sizes: list[int]) -> None:
    total, packed = sum(sizes), path.stat().st_size
    if len(sizes) > MOST_FILES or total > max(SMALL_BYTES, LARGEST_RATIO * packed):
        raise UserError(
            f"{path}: {len(sizes)} files of {total} bytes in an archive of {packed}: delete it, "
            "report it"
        )
    if total > shutil.disk_usage(path.parent).free:
        raise TemporaryError(f"{path}: {total / 1e9:.1f} GB unpacked exceed the free disk")


def _target(path: Path, i: int) -> Path:
    """Return a name of our own for the i-th file."""
    return path.with_name(f"{path.name}-{i}{ENDING}")
