"""The frozen selection of CMIP6 stores, `config/cmip6.csv`, so that later runs read the same."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from downbench.core.config.messages import checked, unknown
from downbench.core.config.section import Section
from downbench.core.errors import UserError

FILE = Path("config/cmip6.csv")
ROOT = Path(__file__).parents[4]
BUCKET = "gs://cmip6"
HISTORICAL, LAST_HISTORICAL = "historical", 2014
"""The experiment that scenarios branch off from, and its last year."""


class Cmip6Store(Section):
    """One row of `config/cmip6.csv`: one variable of one run, with daily values."""

    model: str = Field(min_length=1, description="model (CMIP6: source_id)")
    experiment: str = Field(min_length=1, description="experiment, such as historical, ssp585")
    member: str = Field(pattern=r"^r\d+i\d+p\d+f\d+$", description="member, such as r1i1p1f1")
    grid: str = Field(pattern=r"^g[nrm]\d*[ag]?$", description="grid label, such as gn")
    variable: str = Field(min_length=1, description="name in CMIP6")
    version: str = Field(pattern=r"^\d{8}$", description="date of the version")
    store: str = Field(pattern=rf"^{BUCKET}/\S+$", description="address of the store")

    @model_validator(mode="after")
    def _of_its_store(self) -> Self:
        run = (self.model, self.experiment, self.member, "day", self.variable, self.grid)
        end = ".".join((*run, f"v{self.version}"))
        if not self.store.rstrip("/").removesuffix(".zarr").replace("/", ".").endswith(f".{end}"):
            raise ValueError(f"the store is not that of {end}: write the row of that store")
        return self

    @property
    def key(self) -> tuple[str, ...]:
        """What a catalogue lists once, without the version."""
        return (self.model, self.experiment, self.member, self.grid, self.variable)


def read_selection(root: Path = ROOT) -> list[Cmip6Store]:
    """Return the rows of `config/cmip6.csv` under the project's root.

    Raises
    ------
    UserError
        When the file is missing, its columns are others, a value is wrong, or a row stands there
        twice.
    """
    try:
        text = (root / FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UserError(f"{FILE}: the file is missing: write it with `make cmip6-list`") from None
    reader = csv.DictReader(text.splitlines())
    columns = list(Cmip6Store.model_fields)
    if reader.fieldnames != columns:
        raise UserError(f"{FILE}: the columns are {reader.fieldnames}: write {','.join(columns)}")
    stores = [checked(Cmip6Store, row, FILE, f"row {n}") for n, row in enumerate(reader, start=2)]
    keys = [store.key for store in stores]
    for number, key in enumerate(keys):
        if key in keys[:number]:
            raise UserError(f"{FILE}: {' '.join(key)} stands twice: keep one version")
    return stores


def stores_of(
    model: str,
    experiment: str,
    member: str | None,
    names: Mapping[str, str],
    stores: Iterable[Cmip6Store],
) -> dict[str, str]:
    """Return the store of each variable of a run, by our name.

    Parameters
    ----------
    model, experiment, member
        The run; no member takes the only one that is listed.
    names
        Names in CMIP6 by ours.
    stores
        The frozen selection.

    Raises
    ------
    ValueError
        When the run or a variable of it is not listed, or several members are.
    """
    rows = list(stores)
    for word, value in (("model", model), ("experiment", experiment), ("member", member)):
        listed = sorted({str(getattr(row, word)) for row in rows})
        if value is not None and value not in listed:
            raise ValueError(f"{FILE}: {unknown(f'the {word}', value, listed)}")
        rows = [row for row in rows if value in (None, getattr(row, word))]
    members = sorted({row.member for row in rows})
    if len(members) > 1:
        raise ValueError(f"{FILE} lists the members {', '.join(members)}: choose one by `member:`")
    by_name = {row.variable: row.store for row in rows}
    absent = [name for name, archived in names.items() if archived not in by_name]
    if absent:
        raise ValueError(
            f"{FILE} lists no store of {', '.join(absent)} for {model} {experiment}, only of "
            f"{', '.join(sorted(by_name))}: add rows (`make cmip6-list` proposes them)"
        )
    return {name: by_name[archived] for name, archived in names.items()}
