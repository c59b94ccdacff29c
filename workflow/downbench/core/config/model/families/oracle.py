"""Options of the oracle."""

from typing import ClassVar

from pydantic import Field

from downbench.core.config.model.options import FamilyOptions


class OracleOptions(FamilyOptions):
    """Samples from the known distribution of single days, or of sequences."""

    has_cell_density: ClassVar[bool] = True

    memory: bool = Field(
        default=False,
        description="members are trajectories: their noise remembers the day before, like the "
        "target's; a single day has the same distribution",
    )
