"""Bounds of a transfer: size, speed, and the free disk."""

import shutil
import time
from pathlib import Path

from downbench.core.errors import UserError
from downbench.sources.download.errors import TemporaryError

SLOWEST_BYTES_S, PATIENCE_S = 500.0, 300.0
"""A transfer that is slower than this after that time is begun anew [bytes s-1, s]."""


def require_size(size: int, largest: int, label: str) -> None:
    """Refuse more bytes than are accepted."""
    if size > largest:
        raise UserError(
            f"{label} has {size} bytes or more, {largest} at most are accepted: check the address"
        )


def require_speed(received: int, start: float, label: str) -> None:
    """End a transfer that is too slow, by its bytes and its start (of `time.monotonic`)."""
    seconds = time.monotonic() - start
    if seconds > PATIENCE_S and received < SLOWEST_BYTES_S * seconds:
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
