"""Breaches of what a data set has to keep: gathered, then reported in one message."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import ParamSpec, TypeVar

from downbench.core.errors import UserError

Parameters = ParamSpec("Parameters")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Breach:
    """One breach.

    check : what was checked
    message : what is wrong, with its fix
    variables : their names; empty where the breach is of no variable alone
    members : those it is of, counted from 0; empty for all
    """

    check: str
    message: str
    variables: tuple[str, ...] = ()
    members: tuple[int, ...] = ()


@dataclass
class Breaches:
    """Breaches in the order of the checks; what is said of two variables is one breach."""

    items: list[Breach] = field(default_factory=list)

    def add(self, breach: Breach) -> None:
        """Keep a breach, or add its variables to the same one."""
        for place, item in enumerate(self.items):
            if (item.check, item.message) == (breach.check, breach.message):
                names = dict.fromkeys((*item.variables, *breach.variables))
                self.items[place] = replace(item, variables=tuple(names))
                return
        self.items.append(breach)

    @contextmanager
    def of(self, check: str, variable: str = "") -> Iterator[None]:
        """Keep a `UserError` of the block as a breach, and go on behind it."""
        try:
            yield
        except UserError as error:
            self.add(Breach(check, str(error), (variable,) if variable else ()))

    def attempt(
        self,
        check: str,
        variable: str,
        function: Callable[Parameters, Value],
        *arguments: Parameters.args,
        **options: Parameters.kwargs,
    ) -> Value | None:
        """Return what a function returns; None with a breach where it raises a `UserError`."""
        with self.of(check, variable):
            return function(*arguments, **options)
        return None

    def passes(
        self,
        check: str,
        variable: str,
        function: Callable[Parameters, object],
        *arguments: Parameters.args,
        **options: Parameters.kwargs,
    ) -> bool:
        """Return whether a function raises no `UserError`, which would be kept."""
        with self.of(check, variable):
            function(*arguments, **options)
            return True
        return False

    def refuse(self, label: str) -> None:
        """Raise one message with every breach, if there is any; `label` begins it.

        Raises
        ------
        UserError
            Naming what is wrong and how to fix it.
        """
        messages = [breach.message.removeprefix(f"{label}: ") for breach in self.items]
        if len(messages) == 1:
            raise UserError(f"{label}: {messages[0]}")
        if messages:
            listing = "\n".join(f"  - {message}" for message in messages)
            raise UserError(f"{label}: {len(messages)} breaches:\n{listing}")
