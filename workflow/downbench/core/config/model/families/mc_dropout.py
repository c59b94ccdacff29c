"""Options of Monte Carlo dropout."""

from typing import ClassVar

from pydantic import Field

from downbench.core.config.model.options import Capability, SpreadOptions


class McDropoutOptions(SpreadOptions):
    """Monte Carlo dropout with aleatoric heads."""

    supports: ClassVar[frozenset[Capability]] = frozenset({"loss"})
    has_cell_density: ClassVar[bool] = True

    dropout: float = Field(gt=0, lt=1, description="probability that a feature is dropped [1]")
