"""Datasets that regions may name: `config/datasets.csv`, one row each."""

import csv
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from downbench.core.config.messages import checked, unknown
from downbench.core.config.section import Section
from downbench.core.errors import UserError

FILE = Path("config/datasets.csv")
CITATION = re.compile(
    r"(?P<author>.+?) \((?P<year>\d{4})\): (?P<title>.+?)\. (?P<journal>.+?)"
    r"(, (?P<volume>\d+), (?P<pages>[\w–-]+))?\.( https://doi\.org/(?P<doi>\S+))?"
)
"""Form of a citation: Author, A. et al. (2020): Title. Journal, 1, 2–3. https://doi.org/…"""


class Dataset(Section):
    """One row of `config/datasets.csv`."""

    dataset: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="name in region files")
    version: str = Field(description="version or release; empty if there is only one")
    provider: str = Field(description="provider of downloads; empty if there is none")
    licence: str = Field(min_length=1, description="terms of use")
    citation: str = Field(
        pattern=rf"^({CITATION.pattern})?$",
        description="paper or record, as the others",
    )
    account: str = Field(description="what has to be registered first; empty if nothing")
    day: str = Field(description="the hours that a daily value belongs to, in words")
    url: str = Field(pattern=r"^(https://\S+)?$", description="where it is published")
    how_to_get: str = Field(
        description="steps from the provider to the files; empty if the rule `download` does them"
    )

    @model_validator(mode="after")
    def _obtainable(self) -> Self:
        if not self.provider and not self.how_to_get:
            raise ValueError("how_to_get is empty: write it, or name a provider")
        return self

    @property
    def title(self) -> str:
        """Name and version."""
        return f"{self.dataset} {self.version}".strip()

    @property
    def terms(self) -> str:
        """Citation, licence and day, in sentences."""
        cited = f"{self.citation} " if self.citation else ""
        day = f" Day: {self.day}." if self.day else ""
        return f"{cited}Licence: {self.licence}.{day}"

    @property
    def bibtex(self) -> str:
        """Entry for a bibliography; a dataset without a citation refers to its address."""
        match = CITATION.fullmatch(self.citation)
        fields = match.groupdict() if match else {"title": self.title}
        entry = {name: value for name, value in fields.items() if value}
        if match:
            entry["author"] = entry["author"].replace(" et al.", " and others")
        if "volume" not in entry:
            entry["howpublished"] = entry.pop("journal", self.url)
        lines = "".join(
            f"  {name} = {{{_escaped(name, value)}}},\n" for name, value in entry.items() if value
        )
        kind = "article" if "volume" in entry else "misc"
        return f"@{kind}{{{self.dataset},\n{lines}}}"

    @property
    def origin(self) -> str:
        """Dataset, licence and how to get it, in one sentence."""
        url = f" {self.url}" if self.url else ""
        get = self.how_to_get or f"a download with provider {self.provider},"
        return f"dataset {self.title}, licence: {self.licence}; get it from {get}{url}"


def _escaped(field: str, value: str) -> str:
    """Return a value as TeX reads it; a DOI and an address stay as they are."""
    if value.startswith("https://"):
        return f"\\url{{{value}}}"
    return value if field == "doi" else re.sub(r"[&%_#$]", r"\\\g<0>", value)


def read_datasets(root: Path) -> dict[str, Dataset]:
    """Return the rows of `config/datasets.csv` under the project's `root`, by name.

    Raises
    ------
    UserError
        When the file is missing, a column is, a value is wrong, or a name stands there twice.
    """
    try:
        text = (root / FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UserError(f"{FILE}: the file is missing: add it, or fix the name") from None
    datasets: dict[str, Dataset] = {}
    reader = csv.DictReader(text.splitlines())
    if reader.fieldnames != list(Dataset.model_fields):
        raise UserError(
            f"{FILE}: the columns are {', '.join(reader.fieldnames or ())}: write "
            f"{','.join(Dataset.model_fields)}"
        )
    for number, row in enumerate(reader, start=2):
        dataset = checked(Dataset, row, FILE, f"row {number}")
        if dataset.dataset in datasets:
            raise UserError(f"{FILE}: row {number}: '{dataset.dataset}' stands twice: remove one")
        datasets[dataset.dataset] = dataset
    return datasets


def datasets_of(names: Iterable[str], root: Path, file: Path) -> tuple[Dataset, ...]:
    """Return the rows of datasets that a region's `file` names, each once.

    Raises
    ------
    UserError
        When one has no row.
    """
    listed = list(dict.fromkeys(names))
    datasets = read_datasets(root) if listed else {}
    for name in listed:
        if name not in datasets:
            raise UserError(f"{file}: {unknown('dataset', name, sorted(datasets))}")
    return tuple(datasets[name] for name in listed)
