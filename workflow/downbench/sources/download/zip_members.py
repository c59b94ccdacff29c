"""Single members of ZIP archives from elsewhere: names, sizes and contents are bounded."""

import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing

MOST_MEMBERS = 100_000
LARGEST_RATIO, SMALL_BYTES = 200, 64 << 20
"""Unpacked by packed size of a member, above a size that never matters [1, bytes]."""


@contextmanager
def opened(file: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive whose names and sizes are plausible.

    Raises
    ------
    UserError
        When it is damaged, encrypted, or made to fill a disk or to write elsewhere.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            _require_modest(archive, file.name)
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise UserError(
            f"{file}: the archive is damaged ({error}): delete it, run again"
        ) from None


def _require_modest(archive: zipfile.ZipFile, label: str) -> None:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise UserError(f"{label}: {len(members)} members in one archive: delete it, report it")
    for member in members:
        problem = _problem(member)
        if problem:
            raise UserError(f"{label}: {member.filename!r} {problem}: delete the file, report it")


def _problem(member: zipfile.ZipInfo) -> str:
    path = PurePosixPath(member.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in member.filename:
        return "leads outside of the archive"
    if member.flag_bits & 1:
        return "is encrypted"
    if member.file_size > max(SMALL_BYTES, LARGEST_RATIO * member.compress_size):
        return f"unpacks to {member.file_size} bytes from {member.compress_size}"
    return ""


def named(archive: zipfile.ZipFile, ending: str) -> str:
    """Return the only member with an ending.

    Raises
    ------
    UserError
        When there is none, or several.
    """
    names = [name for name in archive.namelist() if name.lower().endswith(ending.lower())]
    if len(names) != 1:
        label = Path(str(archive.filename)).name
        found = ", ".join(names or archive.namelist()[:5])
        raise UserError(f"{label}: {len(names)} members end with {ending!r} ({found}): report it")
    return names[0]


def text(archive: zipfile.ZipFile, ending: str, largest: int) -> str:
    """Return the only member with an ending as text, as `content`; empty if there is none."""
    if not any(name.lower().endswith(ending.lower()) for name in archive.namelist()):
        return ""
    return content(archive, named(archive, ending), largest).decode("utf-8", "replace")


def content(archive: zipfile.ZipFile, name: str, largest: int) -> bytes:
    """Return a member; more bytes than its directory entry says are damage.

    Raises
    ------
    UserError
        When it has more than `largest` bytes: nothing is read then.
    """
    size = archive.getinfo(name).file_size
    if size > largest:
        label = Path(str(archive.filename)).name
        raise UserError(
            f"{label}: {name!r} unpacks to {size} bytes, {largest} at most are read: report it"
        )
    with archive.open(name) as stream:
        return stream.read(size)


def extract(archive: zipfile.ZipFile, name: str, file: Path) -> Path:
    """Write a member to a file of our own name; it appears complete or not at all."""
    size = archive.getinfo(name).file_size
    if size > shutil.disk_usage(file.parent).free:
        raise UserError(f"{file}: {size / 1e9:.1f} GB exceed the free disk: make room")
    with archive.open(name) as stream, replacing(file) as partial, partial.open("wb") as target:
        shutil.copyfileobj(stream, target, 1 << 20)
    return file
