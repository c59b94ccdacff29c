"""Options of the dressed UNet."""

from downbench.core.config.model.options import SpreadOptions


class UnetDressedOptions(SpreadOptions):
    """Deterministic UNet dressed with a fitted spread."""
