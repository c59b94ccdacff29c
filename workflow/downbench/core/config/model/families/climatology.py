"""Options of climatology."""

from pydantic import Field, PositiveInt

from downbench.core.config.model.descriptions import LIBRARY, WINDOW
from downbench.core.config.model.options import FamilyOptions


class ClimatologyOptions(FamilyOptions):
    """Days of other years around the same day of the year."""

    window_days: PositiveInt = Field(description=WINDOW)
    library_days: PositiveInt | None = Field(description=LIBRARY)
