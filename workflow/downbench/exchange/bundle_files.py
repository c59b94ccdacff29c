"""Files of a bundle: plain ones of bounded size, each with its hash in SHA256SUMS."""

import os
import re
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from downbench.core import training_record
from downbench.core.errors import UserError
from downbench.core.io import bounded_json
from downbench.core.io.file_digest import digest
from downbench.exchange import tensor_header

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
    ".nc": 128 * MIB,
    ".safetensors": 32 * GIB,
}
"""Size of a file by its name, or else by its suffix [bytes]."""
LARGEST_BUNDLE = 33 * GIB
"""All files together [bytes]."""


def content(folder: Path) -> list[Path]:
    """Return the files of a bundle that are hashed, by name."""
    return sorted(path for path in entries(folder) if path.name not in NOT_HASHED)


def write_hashes(folder: Path) -> None:
    """Write SHA256SUMS.

    Raises
    ------
    UserError
        When a file is of another kind or larger than bundles have.
    """
    for path in content(folder):
        if problem := problem_of_file(path, path.lstat()):
            raise UserError(
                f"{path}: {problem}: no lab could read this bundle: train on a smaller region, or "
                "with fewer channels or `library_days`"
            )
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
    unusable = {n: p for n, path in present.items() if (p := problem_of_file(path, path.lstat()))}
    for path in (sums, folder / MARKER):
        if os.path.lexists(path) and (problem := problem_of_file(path, path.lstat())):
            raise UserError(f"{path}: {problem}: copy the bundle again")
    refuse_larger(folder)
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


def refuse_larger(folder: Path) -> None:
    """Raise an error if all files together are larger than bundles are, before one is read."""
    size = sum(path.lstat().st_size for path in entries(folder))
    if size > LARGEST_BUNDLE:
        raise UserError(
            f"{folder}: {size} bytes, bundles have {LARGEST_BUNDLE} at most: copy it again"
        )


def problem_of_file(path: Path, status: os.stat_result) -> str | None:
    """Return why a file is not read; None for a plain file whose size and kind are usual."""
    if stat.S_ISLNK(status.st_mode):
        return "is a symbolic link"
    if not stat.S_ISREG(status.st_mode):
        return "is no plain file"
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


def entries(folder: Path) -> Iterator[Path]:
    """Return the paths in a folder of no more files than a bundle has."""
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
