"""NetCDF files inside what the Climate Data Store delivers: itself, a ZIP or a tar archive.

Archives come from elsewhere: their names decide nothing, their size is bounded.
"""

import shutil
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing
from downbench.sources.download.content import HEAD_BYTES, STARTS

MOST_MEMBERS = 64
LARGEST_RATIO, SMALL_BYTES = 100, 64 << 20
"""Bounds of an archive: files in it; size unpacked by packed, above a size that never matters."""

Member = tuple[str, int, str]
"""Name, size unpacked [bytes], and why it is refused, if it is."""


def netcdf_files(path: Path) -> list[Path]:
    """Return the NetCDF files in a file, unpacked beside it.

    Raises
    ------
    UserError
        When the file is neither NetCDF nor an archive of such, or an archive is not to be trusted:
        names that lead elsewhere, encryption, too many or too large members.
    """
    with path.open("rb") as opened:
        head = opened.read(HEAD_BYTES)
    if head.startswith(STARTS["netcdf"]):
        return [path]
    if not head.startswith(STARTS["zip"] + STARTS["gzip"]):
        raise UserError(f"{path}: neither NetCDF nor an archive of it: delete it, run again")
    try:
        return _unpacked(path)
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, RuntimeError) as error:
        raise UserError(
            f"{path}: the archive is damaged ({error}): delete it, run again"
        ) from None


def _unpacked(path: Path) -> list[Path]:
    files = []
    with _archive(path) as (members, read):
        _require_modest(path, members)
        for i, (name, size, _) in enumerate(members):
            if not name.lower().endswith(".nc"):
                continue
            target = path.with_name(f"{path.name}-{i}.nc")
            with read(name) as source, replacing(target) as partial, partial.open("wb") as file:
                shutil.copyfileobj(_Bounded(source, size), file)
            files.append(target)
    if not files:
        names = ", ".join(name for name, *_ in members)
        raise UserError(f"{path}: no NetCDF file in the archive ({names})")
    return files


@contextmanager
def _archive(path: Path) -> Iterator[tuple[list[Member], object]]:
    """Yield members of an archive and the function that opens one."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            infos = [info for info in packed.infolist() if not info.is_dir()]
            encrypted = "is encrypted"
            yield (
                [(i.filename, i.file_size, encrypted * (i.flag_bits & 1)) for i in infos],
                packed.open,
            )
        return
    with tarfile.open(path, "r:gz") as packed:
        infos = [info for _, info in zip(range(MOST_MEMBERS + 1), packed, strict=False)]
        infos = [info for info in infos if not info.isdir()]
        yield (
            [(i.name, i.size, "" if i.isreg() else "is a link or a device") for i in infos],
            packed.extractfile,
        )


def _require_modest(path: Path, members: list[Member]) -> None:
    total = sum(size for _, size, _ in members)
    refused = next((f"{name} {reason}" for name, _, reason in members if reason), "")
    if len(members) > MOST_MEMBERS:
        refused = f"more than {MOST_MEMBERS} files"
    elif total > max(SMALL_BYTES, LARGEST_RATIO * path.stat().st_size):
        refused = f"{total} bytes unpacked, {path.stat().st_size} packed"
    else:
        leading = [name for name, *_ in members if _leads_elsewhere(name)]
        refused = f"the name {leading[0]!r} leads elsewhere" if leading else refused
    if refused:
        raise UserError(f"{path}: the archive is not trusted ({refused}): delete it, report it")
    if total > shutil.disk_usage(path.parent).free:
        raise UserError(f"{path}: {total / 1e9:.1f} GB unpacked exceed the free disk: make room")


def _leads_elsewhere(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in PurePosixPath(name).parts


class _Bounded:
    """A stream that stops where the archive's directory says."""

    def __init__(self, stream: IO[bytes], size: int) -> None:
        self.stream, self.left = stream, size

    def read(self, count: int) -> bytes:
        """Return the next bytes.

        Raises
        ------
        EOFError
            When there are more of them than announced.
        """
        data = self.stream.read(count)
        self.left -= len(data)
        if self.left < 0:
            raise EOFError("a member is larger than announced")
        return data
