"""Public files that the data of a region are made from: `config/originals/<region>.csv`."""

import csv
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from pydantic import Field, PositiveFloat, PositiveInt

from downbench.core.config.messages import checked
from downbench.core.config.section import Section
from downbench.core.errors import UserError

FOLDER = Path("config/originals")


class Original(Section):
    """One row: a public file, and the variable and file of ours that it is a part of."""

    file: str = Field(pattern=r"^[\w-]+/[\w-]+\.nc$", description="file in data_dir")
    variable: str = Field(min_length=1, description="variable in that file")
    form: str = Field(pattern=r"^[a-z][a-z0-9]*$", description="form of the public file")
    units: str = Field(min_length=1, description="units of the public file")
    precision: PositiveFloat = Field(description="values are rounded to it [units of ours]")
    path: str = Field(pattern=r"^[\w.-]+/[\w.-]+/[0-9a-f]{40}/\S+$", description="place on GitHub")
    bytes: PositiveInt = Field(description="size of the public file")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="hash of the public file")


def regions(root: Path) -> list[str]:
    """Return the regions whose data can be made from public files."""
    return sorted(path.stem for path in (root / FOLDER).glob("*.csv"))


def read_originals(region: str, root: Path) -> list[Original]:
    """Return the rows of a region.

    Raises
    ------
    UserError
        When the region has no such file, a row is wrong, or the rows of a variable are apart.
    """
    file = FOLDER / f"{region}.csv"
    try:
        text = (root / file).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UserError(
            f"{file} does not exist: `downbench fetch` makes {', '.join(regions(root))}; what the "
            f"YAML of a region downloads comes by `downbench run prepare --region {region}`"
        ) from None
    rows = csv.DictReader(text.splitlines())
    originals = [checked(Original, row, file, f"row {n}") for n, row in enumerate(rows, start=2)]
    for key in (attrgetter("file"), attrgetter("file", "variable")):
        groups = [name for name, _ in groupby(originals, key)]
        for name in (name for name in groups if groups.count(name) > 1):
            raise UserError(f"{file}: rows of {name} are apart: put them below each other")
    return originals
