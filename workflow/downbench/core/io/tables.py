"""Tables as CSV files: the one format of all scores and comparisons.

Beside each table lies its SHA-256, in the form that `sha256sum --check` reads: the table itself
stays plain, for any program. A table without one, as after a copy, has at least to end in a line.
"""

import re
from collections.abc import Collection, Iterable
from pathlib import Path

import pandas as pd

from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing
from downbench.core.io.file_digest import digest

DIGITS = "%.9g"
SUM_ENDING = ".sha256"
SUM_LINE = re.compile(r"([0-9a-f]{64})  .+\n?")


def read_table(
    path: Path, columns: Collection[str] = (), *, rule: str = "evaluate", texts: Iterable[str] = ()
) -> pd.DataFrame:
    """Read a table.

    Parameters
    ----------
    path
        CSV file with a header.
    columns
        Columns that the table must have.
    rule
        Rule that writes the file, for messages.
    texts
        Columns that are read as they stand, such as names `00123` or `NA`.

    Raises
    ------
    UserError
        When the file is missing, is no table, is not whole, or lacks columns.
    """
    try:
        _refuse_part(Path(path), rule)
        table = pd.read_csv(path)
        if kept := [name for name in texts if name in table]:
            as_it_stands = pd.read_csv(path, usecols=kept, dtype=str, keep_default_na=False)
            table[kept] = as_it_stands[kept]
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; make it with the rule {rule}") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise UserError(
            f"{path}: not a table ({error}); run the rule {rule} again (`snakemake -R {rule}`)"
        ) from None
    missing = sorted(set(columns) - set(table.columns))
    if missing:
        raise UserError(f"{path}: table without columns {missing}; run the rule {rule} again")

    return table


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table without its index, numbers to nine digits, and its sum; both are complete."""
    path = Path(path)
    with replacing(path) as partial:
        table.to_csv(partial, index=False, float_format=DIGITS)
    with replacing(_sum_file(path)) as partial:
        partial.write_text(f"{digest(path)}  {path.name}\n")


def _refuse_part(path: Path, rule: str) -> None:
    """Refuse a table that was cut or changed since it was written."""
    again = f"run the rule {rule} again (`snakemake -R {rule}`)"
    content = path.read_bytes()
    if content and not content.endswith(b"\n"):
        raise UserError(f"{path}: the last line has no end: the table was cut; {again}")
    file = _sum_file(path)
    if not file.is_file():
        return
    stored = SUM_LINE.fullmatch(file.read_text(errors="replace"))
    if stored is None or stored[1] != digest(path):
        raise UserError(
            f"{path}: the table does not have the SHA-256 in {file.name}: it was cut or changed "
            f"since it was written; {again}; without {file.name} it is read as it is"
        )


def _sum_file(path: Path) -> Path:
    return path.with_name(f"{path.name}{SUM_ENDING}")
