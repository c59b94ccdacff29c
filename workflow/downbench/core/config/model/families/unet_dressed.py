"""Options of the dressed UNet."""

from typing import ClassVar

from downbench.core.config.model.options import SpreadOptions


class UnetDressedOptions(SpreadOptions):
    """Deterministic UNet dressed with a fitted spread."""

    has_cell_density: ClassVar[bool] = True
