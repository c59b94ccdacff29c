"""One line that shows how far a download is: size, speed, or its place in a queue."""

import io
import sys
import time
from typing import TextIO

TERMINAL_S, LOG_S, LOG_SHARE = 0.5, 30.0, 0.1
"""Least time between two lines on a terminal and elsewhere [s]; or this share of the file."""


class Progress:
    """A line on a terminal that is written anew; elsewhere a line every 30 s or 10 %.

    Parameters
    ----------
    label
        What is downloaded, such as `era5: pr_1990`.
    stream
        Where to write; default: standard error.
    """

    def __init__(self, label: str, stream: TextIO | None = None) -> None:
        self.label = label
        self.stream = stream or sys.stderr
        self.done, self.total = 0, None
        self._shown = 0
        self._first: tuple[float, int] | None = None
        self._last = (float("-inf"), 0.0)
        self._state = self._open = ""

    def update(self, done: int, total: int | None = None) -> None:
        """Show bytes that have arrived, of all where their number is known."""
        now = time.monotonic()
        self._first = self._first or (now, self.done)
        self.done, self.total = done, total
        if self._is_due(now, done / total if total else 0.0):
            self._shown = done
            self._write(self._transferred(now))

    def count(self, number: int, total: int, of: str) -> None:
        """Show how many of some pieces are there, such as `12 of 365 days`."""
        if self._is_due(time.monotonic(), number / total) or number == total:
            self._write(f"{number} of {total} {of}")

    def _is_due(self, now: float, share: float) -> bool:
        since, more = now - self._last[0], abs(share - self._last[1])
        is_terminal = self.stream.isatty()
        due = since >= (TERMINAL_S if is_terminal else LOG_S)
        if due or (not is_terminal and more >= LOG_SHARE):
            self._last = (now, share)
            return True
        return False

    def state(self, text: str) -> None:
        """Show a state, such as `queued for 5 min`; the same one is shown once."""
        if text != self._state:
            self._state = text
            self._write(text)

    def close(self) -> None:
        """Show the size and end the line; a download without bytes shows nothing."""
        if self._first and self.done != self._shown:
            self._write(self._transferred(time.monotonic()))
        if self._open:
            self.stream.write("\n")
        self._open = ""

    def _transferred(self, now: float) -> str:
        seconds, arrived = now - self._first[0], self.done - self._first[1]
        of_all = f" of {self.total / 1e6:.1f}" if self.total else ""
        share = f" ({self.done / self.total:.0%})" if self.total else ""
        speed = f", {arrived / 1e6 / seconds:.1f} MB/s" if seconds > 0.1 else ""
        return f"{self.done / 1e6:.1f}{of_all} MB{share}{speed}"

    def _write(self, text: str) -> None:
        line = f"{self.label}: {text}"
        if self.stream.isatty():
            self.stream.write(f"\r{line:<{len(self._open)}}")
            self._open = line
        else:
            self.stream.write(f"{line}\n")
        self.stream.flush()


def silent() -> Progress:
    """Return a line that nobody sees, for one of many small files."""
    return Progress("", io.StringIO())
