"""The physical laws: found by listing `laws/checks/`, in the order of the tables."""

from functools import cache
from types import ModuleType

from downbench.core.discovery import modules_of
from downbench.core.errors import UserError
from downbench.laws import checks as folder
from downbench.laws.law import Law, LawMetric

GUIDE = "docs/add-a-law.md"


@cache
def laws() -> tuple[type[Law], ...]:
    """The class of each law, by the `POSITION` and name of its file."""
    return tuple(_law(module) for module in modules_of(folder))


@cache
def law_metrics() -> tuple[tuple[str, LawMetric], ...]:
    """All metrics of laws with the name of their file, in the order of the files."""
    return tuple(
        (module.__name__.rpartition(".")[2], value)
        for module in modules_of(folder)
        for value in vars(module).values()
        if isinstance(value, LawMetric)
    )


def _law(module: ModuleType) -> type[Law]:
    law = getattr(module, "LAW", None)
    if not (isinstance(law, type) and issubclass(law, Law)):
        raise UserError(f"{module.__file__}: write LAW = the subclass of Law ({GUIDE})")
    missing = [name for name in ("skipped", "daily", "rows") if name not in vars(law)]
    if missing:
        raise UserError(f"{module.__file__}: {law.__name__} lacks {', '.join(missing)} ({GUIDE})")
    return law
