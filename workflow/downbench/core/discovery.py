"""Modules of a folder of parallel things: one file each for metrics and physical laws.

The file is the registration. `provenance.code_version` counts all files of a package that is
imported as a whole, so that what is listed here is part of a step's fingerprint.
"""

import importlib
import pkgutil
from types import ModuleType

LAST = 10_000


def modules_of(package: ModuleType) -> tuple[ModuleType, ...]:
    """Import all modules of a package, by their `POSITION` (default: last) and name."""
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    modules = [importlib.import_module(f"{package.__name__}.{name}") for name in names]
    return tuple(sorted(modules, key=lambda module: getattr(module, "POSITION", LAST)))
