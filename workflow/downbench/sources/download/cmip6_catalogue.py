"""Catalogues of CMIP6 stores: what they list, what is retracted, and a selection from them.

A catalogue is a description in JSON and a table in CSV, in one of two dialects of column names.
pandas reads both everywhere; intake-esm adds little to that and pins zarr and polars.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pandas as pd

from downbench.core.config.cmip6_selection import Cmip6Store
from downbench.core.config.messages import checked
from downbench.core.errors import UserError
from downbench.sources.download.http import fetch_file, fetch_json
from downbench.sources.download.retries import PAUSES

BUCKET = "https://storage.googleapis.com/cmip6"
INGESTED = f"{BUCKET}/cmip6-pgf-ingestion-test/catalog"
CATALOGUES = (f"{BUCKET}/pangeo-cmip6.json", f"{INGESTED}/catalog.json")
RETRACTED = f"{INGESTED}/catalog_retracted.json"
COLUMNS = {
    "source_id": "model",
    "experiment_id": "experiment",
    "member_id": "member",
    "variant_label": "member",
    "grid_label": "grid",
    "variable_id": "variable",
    "version": "version",
    "table_id": "table",
    "dcpp_init_year": "start",
    "sub_experiment_id": "start",
}
"""Our names of the columns in both dialects."""

KEY = ["model", "experiment", "member", "grid", "variable"]
GRIDS = ("gn", "gr", "gr1")
"""Order of preference: native grids first."""

ROWS_AT_ONCE = 100_000


def read(
    url: str, models: Sequence[str], folder: Path, pauses: Sequence[float] = PAUSES
) -> pd.DataFrame:
    """Return the daily stores of some models that a catalogue lists.

    Parameters
    ----------
    url
        Address of the catalogue's description.
    models
        Models to keep.
    folder
        Where the table is stored.
    pauses
        Before the second try of a request and the further ones [s].

    Returns
    -------
    pd.DataFrame
        One store a row: text in the columns of `config/cmip6.csv`.

    Raises
    ------
    UserError
        When the address leads to no catalogue, or its columns are others.
    """
    description = fetch_json(url, pauses=pauses)
    try:
        table = urljoin(url, description["catalog_file"])
        store = str(description["assets"]["column_name"])
    except (TypeError, KeyError):
        raise UserError(
            f"{url} is no catalogue: it has no catalog_file and assets: correct the address"
        ) from None
    file = fetch_file(table, folder / Path(urlsplit(table).path).name, pauses=pauses)
    columns = COLUMNS | {store: "store"}
    try:
        with pd.read_csv(
            file, dtype=str, usecols=lambda name: name in columns, chunksize=ROWS_AT_ONCE
        ) as parts:
            rows = [_daily(part.rename(columns=columns), models, table) for part in parts]
    except (ValueError, OSError, EOFError) as error:
        raise UserError(f"{table} is no table of stores ({error}): correct the address") from None
    return pd.concat(rows, ignore_index=True)


def proposal(
    listed: pd.DataFrame,
    retracted: pd.DataFrame,
    experiments: Sequence[str],
    variables: Sequence[str],
) -> list[Cmip6Store]:
    """Return one member and grid of each model that has all experiments and variables.

    The newest version that is not retracted is chosen; a model that lacks something is left out.
    """
    valid = listed[~_is_in(listed, retracted)]
    needed = valid[valid["experiment"].isin(experiments) & valid["variable"].isin(variables)]
    newest = needed.sort_values("version").drop_duplicates(KEY, keep="last")
    rows: list[Cmip6Store] = []
    for _, stores in newest.groupby("model"):
        runs = dict(list(stores.groupby(["member", "grid"])))
        complete = [run for run in runs if len(runs[run]) == len(experiments) * len(variables)]
        if complete:
            run = min(complete, key=_preference)
            ordered = runs[run].sort_values(["experiment", "variable"])
            names = [*KEY, "version", "store"]
            rows += [_checked(row) for row in ordered[names].to_dict("records")]
    return rows


def problems(
    selection: Iterable[Cmip6Store], listed: pd.DataFrame, retracted: pd.DataFrame
) -> list[str]:
    """Return what catalogues say against a selection: stores retracted, absent or superseded."""
    texts = []
    for row in selection:
        same = listed[(listed[KEY] == pd.Series(row.model_dump())[KEY]).all(axis=1)]
        frame = pd.DataFrame([row.model_dump()])
        if _is_in(frame, retracted).any():
            texts.append(f"{row.store} is retracted: choose another version or model")
        elif row.version not in set(same["version"]):
            texts.append(f"{row.store} is in no catalogue")
        elif same["version"].max() > row.version:
            texts.append(f"{row.store} has a newer version, {same['version'].max()}")
    return texts


def _daily(part: pd.DataFrame, models: Sequence[str], table: str) -> pd.DataFrame:
    absent = {*COLUMNS.values(), "store"} - {*part.columns, "start"}
    if absent:
        raise UserError(
            f"{table} has no column for {', '.join(sorted(absent))}: the catalogue has another "
            "form; choose one with the columns of CMIP6"
        )
    is_run = part["start"].fillna("none").isin(["none", ""]) if "start" in part else True
    rows = part[(part["table"] == "day") & part["model"].isin(models) & is_run]
    version = rows["version"].str.removeprefix("v").str.removesuffix(".0")
    return rows.assign(version=version)[[*KEY, "version", "store"]]


def _is_in(rows: pd.DataFrame, others: pd.DataFrame) -> pd.Series:
    names = [*KEY, "version"]
    keys = set(others[names].itertuples(index=False, name=None))
    is_listed = [key in keys for key in rows[names].itertuples(index=False, name=None)]
    return pd.Series(is_listed, rows.index, dtype=bool)


def _checked(row: dict[str, str]) -> Cmip6Store:
    return checked(Cmip6Store, row, Path("catalogue"), " ".join(row[name] for name in KEY))


def _preference(run: tuple[str, str]) -> tuple[int, int, str]:
    member, grid = run
    rank = GRIDS.index(grid) if grid in GRIDS else len(GRIDS)
    return len(member), rank, member
