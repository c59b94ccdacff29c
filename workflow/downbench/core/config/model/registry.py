"""Finds labs, model families and generative processes by listing their folders.

A lab is a folder of `labs/`, a family is a module of a lab, a process is a module of
`processes/` in this folder. The options of a family are the class in its module of
`families/` in this folder. A family without such a module has no options, or, if it is a network
(it imports `labs.network_model`), those that all networks have.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import create_model

from downbench.core.config.model.options import (
    FamilyOptions,
    GenerativeOptions,
    NetworkOptions,
    ProcessOptions,
)

FOLDER = Path(__file__).parent
LABS = FOLDER.parents[2] / "labs"


def _modules(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("[a-z]*.py"))


@cache
def labs() -> tuple[str, ...]:
    """Return the names of all labs."""
    return tuple(sorted(path.parent.name for path in LABS.glob("*/__init__.py")))


@cache
def families() -> dict[str, tuple[str, ...]]:
    """Return the labs that have a module for each family, by family."""
    modules = {lab: _modules(LABS / lab) for lab in labs()}
    names = sorted(set().union(*modules.values()))
    return {name: tuple(lab for lab in labs() if name in modules[lab]) for name in names}


@cache
def processes() -> dict[str, type[ProcessOptions]]:
    """Return the options of every generative process, by its name."""
    return {name: _options("processes", name) for name in _modules(FOLDER / "processes")}


@cache
def family_options() -> dict[str, type[FamilyOptions]]:
    """Return the options of every family, by its name, without those of a process."""
    with_options = _modules(FOLDER / "families")
    return {
        name: _options("families", name) if name in with_options else _default(name)
        for name in families()
    }


def options_class(family: str, options: Mapping[str, Any]) -> type[FamilyOptions]:
    """Return the options of a family with those of the process that `options` names."""
    of_family = family_options()[family]
    of_process = processes().get(str(options.get("process")))
    if of_process is None or not issubclass(of_family, GenerativeOptions):
        return of_family
    return _combined(of_family, of_process)


@cache
def _combined(
    of_family: type[GenerativeOptions], of_process: type[ProcessOptions]
) -> type[GenerativeOptions]:
    name = f"{of_family.__name__}{of_process.__name__}"
    return create_model(name, __base__=(of_process, of_family), __module__=__name__)


def _default(family: str) -> type[FamilyOptions]:
    module = LABS / families()[family][0] / f"{family}.py"
    return NetworkOptions if "labs.network_model" in module.read_text() else FamilyOptions


def _options(package: str, name: str) -> Any:
    """Return the one class that a module defines."""
    module = import_module(f"downbench.core.config.model.{package}.{name}")
    classes = [part for part in vars(module).values() if isinstance(part, type)]
    return next(part for part in classes if part.__module__ == module.__name__)
