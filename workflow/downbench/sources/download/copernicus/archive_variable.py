"""A variable as an archive of the Climate Data Store names it."""

from dataclasses import dataclass

from downbench.core.calendar.daily_values import Statistic


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
