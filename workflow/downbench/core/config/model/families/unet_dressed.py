"""Options of the dressed UNet."""

from downbench.core.config.model.options import NetworkOptions


class UnetDressedOptions(NetworkOptions):
    """Deterministic UNet with a fitted spread."""
