"""`config/costs.yaml`: what jobs took where they were measured, and what that took them."""

from pathlib import Path

from pydantic import Field, NonNegativeFloat, PositiveFloat

from downbench.core.config import yamls
from downbench.core.config.messages import checked
from downbench.core.config.section import Section

FILE = Path("config/costs.yaml")


class Cost(Section):
    """A kind of job: `start_s` however small it is, then `unit_s` for each unit of work."""

    start_s: NonNegativeFloat = Field(description="time of one core before any work is done [s]")
    unit_s: NonNegativeFloat = Field(description="time of one core for a unit of work [s]")
    stored_mb: NonNegativeFloat = Field(description="written for each unit that is stored [MB]")


class Costs(Section):
    """Every kind of job that was measured, by its name."""

    accelerator_gflop_s: PositiveFloat = Field(
        description="what one accelerator does with these networks [GFLOP s-1]"
    )
    accelerator_measured: bool = Field(description="false while that is an assumption")
    kinds: dict[str, Cost] = Field(description="cost of each kind of job")


def read(root: Path) -> Costs:
    """The committed costs."""
    return checked(Costs, yamls.read(root, FILE), FILE)
