"""Options of the oracle."""

from pydantic import Field

from downbench.core.config.model.options import FamilyOptions


class OracleOptions(FamilyOptions):
    """Samples from the known distribution of single days, or of sequences."""

    memory: bool = Field(
        default=False,
        description="members are trajectories: their noise remembers the day before, like the "
        "target's; a single day has the same distribution",
    )
