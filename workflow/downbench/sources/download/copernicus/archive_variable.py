"""A variable as an archive of the Climate Data Store names it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from downbench.core.errors import UserError

Statistic = Literal["sum", "mean", "max", "min"]


@dataclass(frozen=True)
class ArchiveVariable:
    """One row of a vocabulary.

    Attributes
    ----------
    name
        In requests.
    short
        In files.
    units
        In files, of one time step.
    statistic
        What makes a day of its hours; of static fields, anything.
    accumulated
        Whether a value belongs to the interval before its stamp.
    level_hpa
        Pressure level; None at the surface.
    """

    name: str
    short: str
    units: str
    statistic: Statistic = "mean"
    accumulated: bool = False
    level_hpa: int | None = None


def row(vocabulary: Mapping[str, ArchiveVariable], variable: str, dataset: str) -> ArchiveVariable:
    """Return the row of a variable.

    Raises
    ------
    UserError
        When the dataset does not offer it.
    """
    if variable not in vocabulary:
        raise UserError(
            f"{dataset} does not offer {variable}: use some of {', '.join(sorted(vocabulary))}"
        )
    return vocabulary[variable]
