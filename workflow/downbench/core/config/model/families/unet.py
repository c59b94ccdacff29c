"""Options of the deterministic UNet."""

from typing import ClassVar

from pydantic import Field

from downbench.core.config.model.options import Capability, NetworkOptions


class UnetOptions(NetworkOptions):
    """Deterministic UNet."""

    supports: ClassVar[frozenset[Capability]] = frozenset({"loss", "layer"})

    dropout: float = Field(
        ge=0, lt=1, description="probability that a feature is dropped in training [1]"
    )
