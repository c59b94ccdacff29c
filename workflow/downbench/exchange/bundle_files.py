"""Files of a bundle: plain ones of bounded size, each with its hash in SHA256SUMS."""

import os
import re
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from downbench.core import training_record
from downbench.core.errors import UserError
from downbench.core.io.file_digest import digest
from downbench.exchange import bounded_json, tensor_header

MANIFEST, TRANSFORMS, GOLDEN, SUMS = "model.json", "transforms.json", "golden.nc", "SHA256SUMS"
CURVE = "training_curve.csv"
HISTORY = (CURVE, training_record.FILE)
OF_EVERY_FAMILY = {MANIFEST, TRANSFORMS, GOLDEN, *HISTORY, "sampler.json"}
"""The last is in bundles of format 1; nothing reads it."""
SUMS_LINE = re.compile(r"([0-9a-f]{64})  ([^/\\\s]+)")
MARKER = ".snakemake_timestamp"
# The sums cannot hash themselves, and Snakemake adds its marker later.
NOT_HASHED = (SUMS, MARKER)

KIB = 2**10
MIB, GIB = KIB**2, KIB**3
MOST_FILES = 32
LARGEST = {
    SUMS: 64 * KIB,
    MARKER: KIB,
    ".json": MIB,
    ".csv": 16 * MIB,
    ".nc": 256 * MIB,
    ".safetensors": 16 * GIB,
}
"""Size of a file by its name, or else by its suffix [bytes]."""


def content(folder: Path) -> list[Path]:
    """Return the files of a bundle that are hashed, by name."""
    return sorted(path for path in _entries(folder) if path.name not in NOT_HASHED)


def write_hashes(folder: Path) -> None:
    """Write SHA256SUMS."""
    lines = (f"{digest(path)}  {path.name}\n" for path in content(folder))
    (folder / SUMS).write_text("".join(lines))


def check(folder: Path) -> None:
    """Compare every file with SHA256SUMS, then check the limits of JSON and of tensor headers.

    Nothing is read of a file that is a link, a device or larger than files of its kind.

    Raises
    ------
    UserError
        Naming the files that differ, are missing, not listed or not plain: also a sub-folder,
        because nothing would check its files.
    """
    check_hashes(folder)
    for path in content(folder):
        if path.suffix == ".json":
            bounded_json.check(path.read_bytes(), str(path))
        elif path.suffix == ".safetensors":
            tensor_header.check(path)


def check_hashes(folder: Path) -> None:
    """Compare every file with SHA256SUMS; see `check`."""
    sums = folder / SUMS
    if not os.path.lexists(sums):
        raise UserError(f"{sums}: absent: {folder} is no bundle, or was not copied whole")
    present = {path.name: path for path in content(folder)}
    unusable = {name: p for name, path in present.items() if (p := problem_of_file(path))}
    for path in (sums, folder / MARKER):
        if os.path.lexists(path) and (problem := problem_of_file(path)):
            raise UserError(f"{path}: {problem}: copy the bundle again")
    listed = _listed(sums)
    wrong = [f"{_shown(name)} is missing" for name in sorted(listed.keys() - present.keys())]
    wrong += [f"{_shown(name)} is not listed" for name in sorted(present.keys() - listed.keys())]
    wrong += [f"{_shown(name)} {problem}" for name, problem in unusable.items()]
    wrong += [
        f"{name} has changed"
        for name in sorted(listed.keys() & (present.keys() - unusable.keys()))
        if digest(present[name]) != listed[name]
    ]
    if wrong:
        raise UserError(f"{folder}: {'; '.join(wrong)}: copy the bundle again or train it again")


def problem_of_file(path: Path) -> str | None:
    """Return why a file is not opened; None for a plain file whose size and kind are usual."""
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode):
        return "is a symbolic link"
    if not stat.S_ISREG(status.st_mode):
        return "is no plain file"
    if status.st_nlink > 1:
        return "has another name as a hard link"
    largest = LARGEST.get(path.name) or LARGEST.get(path.suffix)
    if largest is None:
        return f"is of no kind that a bundle has ({', '.join(LARGEST)})"
    if status.st_size > largest:
        return f"has {status.st_size} bytes, more than {largest}"
    return None


def refuse_further_files(folder: Path, of_family: frozenset[str], family: str) -> None:
    """Raise an error if there are files that no bundle of the family has."""
    further = {path.name for path in content(folder)} - OF_EVERY_FAMILY - of_family
    if further:
        raise UserError(
            f"{folder}: {', '.join(sorted(further))}: no bundle of family {family} has such a "
            "file: remove it and its line of SHA256SUMS, or declare it in FILES of the family"
        )


def _entries(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        names = [entry.name for entry in islice(entries, MOST_FILES + 1)]
    if len(names) > MOST_FILES:
        raise UserError(f"{folder}: more than {MOST_FILES} files: this is no bundle")
    return (folder / name for name in names)


def _listed(sums: Path) -> dict[str, str]:
    """Return the hash of each file name.

    Raises
    ------
    UserError
        When a line is not a hash, two spaces and the name of a file, or names one again.
    """
    hashes: dict[str, str] = {}
    lines = sums.read_bytes().decode(errors="replace").removesuffix("\n").split("\n")
    for number, line in enumerate(lines, start=1):
        parts = SUMS_LINE.fullmatch(line)
        if parts is None or parts[2] in hashes:
            raise UserError(
                f"{sums}: line {number} is {line[:100]!r}: write 'HASH  NAME' once for each file, "
                "as `sha256sum --text` does within the folder, and no blank line"
            )
        hashes[parts[2]] = parts[1]
    return hashes


def _shown(name: str) -> str:
    return name if name.isascii() and name.isprintable() else ascii(name)
