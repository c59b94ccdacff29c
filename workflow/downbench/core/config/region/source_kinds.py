"""The kinds of source and the unions of their sections.

A kind is a module `sources/<kind>.py` or `sources/<kind>/source.py` with the function `target`,
`driver`, or both. Its keys are those of `TARGET` and `DRIVER` in core/config/sources/<kind>.py; a
kind without such a file takes any key. No module of sources/ is imported.
"""

import re
from collections.abc import Mapping
from functools import reduce
from importlib import import_module
from operator import or_
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, create_model

from downbench.core.config.region.source import (
    SOURCES,
    DataSource,
    Driver,
    OtherDriver,
    OtherTarget,
)
from downbench.core.config.section import DERIVED

SECTIONS = Path(__file__).parents[1] / "sources"


def _with_section(role: str) -> dict[str, type[DataSource]]:
    """Return the classes `TARGET` or `DRIVER` of core/config/sources/ by kind."""
    names = sorted(path.stem for path in SECTIONS.glob("[a-z]*.py"))
    modules = {name: import_module(f"downbench.core.config.sources.{name}") for name in names}
    return {name: getattr(m, role) for name, m in modules.items() if hasattr(m, role)}


def _without_section(base: type[DataSource], function: str) -> dict[str, type[DataSource]]:
    """Return a section that takes any key for each further kind whose module has a function."""
    files = {path.stem: path for path in SOURCES.glob("[a-z]*.py")}
    files |= {path.parent.name: path for path in SOURCES.glob("*/source.py")}
    return {
        name: create_model(
            f"{base.__name__}_{name}",
            __base__=base,
            source=(Literal[name], Field(description=f"the module sources/{name}")),
        )
        for name, path in sorted(files.items())
        if not (SECTIONS / f"{name}.py").exists()
        and re.search(rf"^def {function}\(", path.read_text(), re.MULTILINE)
    }


def _kind_of_driver(driver: Mapping[str, Any] | Driver) -> str:
    if isinstance(driver, Driver):
        return driver.source or DERIVED
    return isinstance(driver, Mapping) and driver.get("source") or DERIVED


_targets = _with_section("TARGET") | _without_section(OtherTarget, "target")
_drivers = {
    DERIVED: Driver,
    **_with_section("DRIVER"),
    **_without_section(OtherDriver, "driver"),
}
_tagged = [Annotated[section, Tag(name)] for name, section in _drivers.items()]

AnyTarget = Annotated[reduce(or_, _targets.values()), Field(discriminator="source")]
AnyDriver = Annotated[reduce(or_, _tagged), Discriminator(_kind_of_driver)]
