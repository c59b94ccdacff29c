"""What one check of a series measured, what would pass, and what to fix."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from downbench.core.errors import UserError

PASS, ATTENTION, INFORMATION, NOT_COMPARED = "pass", "attention", "information", "not compared"


@dataclass(frozen=True)
class CheckResult:
    """One check of one variable, or of all of them.

    check : what is checked
    variable : its name; empty for a check of the whole series
    value : what was measured, or why nothing could be
    limit : what passes; empty for a check that only informs
    problem : what does not pass, with its fix; empty where it passes
    numbers : correlations behind the value, by lag [days] or by orientation
    is_compared : was there anything to compare?
    """

    check: str
    variable: str
    value: str
    limit: str = ""
    problem: str = ""
    numbers: Mapping[int | str, float] = field(default_factory=dict)
    is_compared: bool = True

    def __str__(self) -> str:
        """Return the variable and the value as one line."""
        value = self.value if self.is_compared else f"{self.check} {NOT_COMPARED}: {self.value}"
        return f"{self.variable}: {value}" if self.variable else value

    @property
    def outcome(self) -> str:
        """One of the four words above; without a limit a value is for information."""
        if self.problem:
            return ATTENTION
        if not self.is_compared:
            return NOT_COMPARED
        return PASS if self.limit else INFORMATION


def not_compared(check: str, variable: str, reason: str, limit: str = "") -> CheckResult:
    """Return the result of a check that had nothing to compare."""
    return CheckResult(check, variable, reason, limit, is_compared=False)


def refuse_problems(results: Iterable[CheckResult], words: str) -> None:
    """Raise one message with every problem, if there is any; `words` begin it.

    Raises
    ------
    UserError
        Naming what does not pass and how to fix it.
    """
    problems = [result.problem for result in results if result.problem]
    if problems:
        listing = "\n".join(f"  - {problem}" for problem in problems)
        raise UserError(f"{words}:\n{listing}")
