"""Random changes of the files of a bundle: each has a number, and covers a part of a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

LONGEST = 16
"""Bytes that one mutation changes, removes or inserts, except where it cuts the file."""


@dataclass(frozen=True)
class Mutation:
    """File `name` with other content, different from that of the sound bundle."""

    number: int
    name: str
    content: bytes


def mutations(folder: Path, count: int, seed: int = 0) -> Iterator[Mutation]:
    """Yield `count` mutations of all files in turn, their positions evenly over each file."""
    files = sorted(folder.iterdir())
    rounds = -(-count // len(files))
    for number in range(count):
        turn, index = divmod(number, len(files))
        content = files[index].read_bytes()
        rng = np.random.default_rng((seed, number))
        at = min(int((turn + rng.random()) / rounds * len(content)), len(content) - 1)
        changed = _changed(content, at, rng)
        if changed != content:
            yield Mutation(number, files[index].name, changed)


def _changed(content: bytes, at: int, rng: np.random.Generator) -> bytes:
    length = int(rng.integers(1, LONGEST + 1))
    before, part, after = content[:at], content[at : at + length], content[at + length :]
    kind = rng.integers(8)
    if kind == 0:
        return before + bytes([content[at] ^ 1 << int(rng.integers(8))]) + content[at + 1 :]
    if kind == 1:
        return before + rng.bytes(1) + content[at + 1 :]
    if kind == 2:
        return before + rng.bytes(len(part)) + after
    if kind == 3:
        return before + bytes([rng.choice((0, 0x7F, 0xFF))]) * len(part) + after
    if kind == 4:
        return before + after
    if kind == 5:
        return before + part + part + after
    if kind == 6:
        return before
    return before + rng.choice((b"0", b"9", b"-", b'"', b"{", b"[", b",")) + content[at + 1 :]
