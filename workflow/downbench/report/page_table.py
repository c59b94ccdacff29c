"""A table as a page shows it: rows of cells under headings, some columns on request."""

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN_COLUMNS = 6


@dataclass(frozen=True)
class Cell:
    """One number as it is shown; `order` is what the column is sorted by, `shade` as in `heat`."""

    text: str
    interval: str = ""
    order: float | None = None
    best: bool = False
    tied: bool = False
    shade: int | None = None


@dataclass(frozen=True)
class Heading:
    """Head of a column."""

    key: str
    words: str
    unit: str
    meaning: str
    best: str
    reference: str = ""
    group: str = ""


@dataclass(frozen=True)
class PageTable:
    """A table of one variable (or of the costs) for one driver.

    headline : keys of the columns to show first; without any, the first ones
    """

    key: str
    title: str
    headings: list[Heading]
    rows: list[tuple[str, list[Cell]]]
    times: int = 0
    headline: Sequence[str] = ()

    @property
    def hidden(self) -> list[str]:
        """Keys of the columns that are shown on request."""
        keys = [heading.key for heading in self.headings]
        first = [key for key in self.headline or keys if key in keys][:SHOWN_COLUMNS]
        return [key for key in keys if key not in first]

    @property
    def groups(self) -> list[str]:
        """Groups of the columns, in the order of the table."""
        return list(dict.fromkeys(heading.group for heading in self.headings if heading.group))
