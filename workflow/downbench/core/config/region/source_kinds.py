"""The kinds of source, one per file of core/config/sources/, and the unions of their sections."""

from collections.abc import Mapping
from functools import reduce
from importlib import import_module
from operator import or_
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from downbench.core.config.region.source import Driver

PACKAGE = "downbench.core.config.sources"
FOLDER = Path(__file__).parents[1] / "sources"
DERIVED = "derived"


def kinds() -> dict[str, ModuleType]:
    """Return the modules of core/config/sources/ by name: each has `TARGET`, `DRIVER` or both."""
    names = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")
    return {name: import_module(f"{PACKAGE}.{name}") for name in names}


def _kind_of_driver(driver: Mapping[str, Any] | Driver) -> str:
    source = driver.source if isinstance(driver, Driver) else _get(driver, "source")
    return source or DERIVED


def _get(driver: Any, key: str) -> Any:
    return driver.get(key) if isinstance(driver, Mapping) else None


_targets = [module.TARGET for module in kinds().values() if hasattr(module, "TARGET")]
_drivers = {name: m.DRIVER for name, m in kinds().items() if hasattr(m, "DRIVER")}
_tagged = [
    Annotated[section, Tag(name)] for name, section in {DERIVED: Driver, **_drivers}.items()
]

AnyTarget = Annotated[reduce(or_, _targets), Field(discriminator="source")]
AnyDriver = Annotated[reduce(or_, _tagged), Discriminator(_kind_of_driver)]
