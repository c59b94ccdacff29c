"""Tables as CSV files: the one format of all scores and comparisons."""

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing

DIGITS = "%.9g"


def read_table(
    path: Path, columns: Collection[str] = (), *, rule: str = "evaluate"
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

    Raises
    ------
    UserError
        When the file is missing, is no table, or lacks columns.
    """
    try:
        table = pd.read_csv(path)
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; make it with the rule {rule}") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise UserError(
            f"{path}: not a table ({error}); delete it and run the rule {rule}"
        ) from None
    missing = sorted(set(columns) - set(table.columns))
    if missing:
        raise UserError(f"{path}: table without columns {missing}; run the rule {rule} again")

    return table


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table without its index, numbers to nine digits; the file appears complete."""
    with replacing(path) as partial:
        table.to_csv(partial, index=False, float_format=DIGITS)
