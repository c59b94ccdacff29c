"""Daily files of several models, each held against the plan and against its score table."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xarray as xr

from downbench.core.errors import UserError
from downbench.core.expected_data import refuse_other_dataset
from downbench.core.io.file_digest import digest
from downbench.core.io.netcdf import read_netcdf
from downbench.scores.result_datasets import SCORES


def read_daily(
    paths: Mapping[str, Path], expected: Mapping[str, Any] | None = None
) -> dict[str, xr.Dataset]:
    """Return the daily file of each model.

    Parameters
    ----------
    expected
        Attributes that all files have, besides the name of their model; None checks nothing.

    Raises
    ------
    UserError
        When a file is absent or unreadable, or belongs to another model or run.
    """
    daily = {name: read_netcdf(path, rule="evaluate") for name, path in paths.items()}
    for name, dataset in daily.items() if expected else ():
        refuse_other_dataset(dataset, {"model": name, **expected}, str(paths[name]))
    return daily


def refuse_other_tables(tables: Mapping[str, Path], daily: Mapping[str, xr.Dataset]) -> None:
    """Raise an error if a score table is not the one that was written with the daily file."""
    for name, path in tables.items():
        written = daily[name].attrs.get(SCORES)
        if written is not None and written != digest(path):
            raise UserError(
                f"{path}: not the table that was written with the daily file of '{name}': one of "
                "them was changed or comes from elsewhere; run the rule evaluate again"
            )
