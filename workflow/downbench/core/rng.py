"""Random numbers that depend on names, never on order, batch size or number of workers."""

import hashlib

import numpy as np


def seed_of(*keys: str | int) -> int:
    """Return a 64-bit seed from the keys; the same keys give the same seed on every machine."""
    text = "\x1f".join(str(key) for key in keys)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")


def generator(*keys: str | int) -> np.random.Generator:
    """Return an independent generator for, say, (seed, model, date, member); see trap T20."""
    return np.random.Generator(np.random.Philox(seed_of(*keys)))
