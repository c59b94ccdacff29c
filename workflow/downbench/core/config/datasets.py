"""Datasets that regions may name: `config/datasets.csv`, one row each."""

import csv
from pathlib import Path

from pydantic import Field

from downbench.core.config.messages import checked
from downbench.core.config.section import Section
from downbench.core.errors import UserError

FILE = Path("config/datasets.csv")


class Dataset(Section):
    """One row of `config/datasets.csv`."""

    dataset: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="name in region files")
    version: str = Field(description="version or release; empty if there is only one")
    url: str = Field(pattern=r"^(https://\S+)?$", description="where it is published")
    sha256: str = Field(
        pattern=r"^([0-9a-f]{64})?$", description="hash of the file; empty if unknown"
    )
    licence: str = Field(min_length=1, description="terms of use")
    citation: str = Field(description="how to cite it")
    how_to_get: str = Field(min_length=1, description="steps from the provider to the files")

    @property
    def origin(self) -> str:
        """Dataset, licence and how to get it, in one sentence."""
        name = f"{self.dataset} {self.version}".strip()
        url = f" {self.url}" if self.url else ""
        return f"dataset {name}, licence: {self.licence}; get it from {self.how_to_get}{url}"


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
