"""Bounds of a transfer: size, speed, and the free disk."""

import shutil
import time
from pathlib import Path

from downbench.core.errors import UserError
from downbench.sources.download.errors import TemporaryError

SLOWEST_BYTES_S, PATIENCE_S = 500.0, 300.0
"""A transfer that is slower than this after that time is begun anew [bytes s-1, s]."""

LONGEST_FILE_S, LONGEST_ANSWER_S = 86400.0, 3600.0
"""A file or an answer takes no longer than this: large ones have to be faster [s]."""


def require_size(size: int, largest: int, label: str) -> None:
    """Refuse more bytes than are accepted."""
    if size > largest:
        raise UserError(
            f"{label} has {size} bytes or more, {largest} at most are accepted: check the address"
        )


def require_speed(
    received: int, start: float, label: str, *, longest_s: float, total: int | None = None
) -> None:
    """End a transfer that is too slow.

    Parameters
    ----------
    received, start
        Bytes, and when they began to arrive (of `time.monotonic`).
    label
        Address, for the message.
    longest_s
        Time for all bytes [s].
    total
        Their number, if known.

    Raises
    ------
    TemporaryError
        With bytes and time.
    """
    seconds = time.monotonic() - start
    slowest = max(SLOWEST_BYTES_S, (total or 0) / longest_s)
    if seconds > longest_s or (seconds > PATIENCE_S and received < slowest * seconds):
        raise TemporaryError(f"{label}: {received} bytes in {seconds:.0f} s")


def require_space(file: Path, arrived: int, total: int | None) -> None:
    """Refuse a transfer whose rest exceeds the free disk."""
    missing = (total or 0) - arrived
    free = shutil.disk_usage(file.parent).free
    if missing > free:
        raise UserError(
            f"{file}: {missing / 1e9:.1f} GB are to come, {free / 1e9:.1f} GB are free: "
            "set download_dir to a larger disk"
        )
