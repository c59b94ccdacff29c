"""The benchmark's package; `from downbench import evaluate` scores an ensemble from Python."""

from importlib import import_module
from typing import Any


def __getattr__(name: str) -> Any:
    """Return `evaluate`, imported by name at its first use: `import downbench` stays light."""
    if name == "evaluate":
        return import_module("downbench.api").evaluate
    raise AttributeError(f"module 'downbench' has no attribute '{name}'")
