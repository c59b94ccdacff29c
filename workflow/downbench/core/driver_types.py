"""Which models are lawful where a driver's block means are not the truth's (trap T23).

Outside of `core/config`, so that this is part of the fingerprint of each step that asks.
"""

from downbench.core.config.model.model import Model


def constrained(model: Model) -> bool:
    """Whether its block means are forced: lawful with a perfect driver alone."""
    return model.physics is not None and model.physics.constraint is not None
