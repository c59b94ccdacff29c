"""What the check of a submitted ensemble reports, as JSON."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, Field

from downbench.core.breaches import Breaches


class ReportedBreach(BaseModel):
    """One breach."""

    check: str = Field(description="what was checked, such as units, grid, day, frozen members")
    variables: tuple[str, ...] = Field(description="those it is of; none = the complete file")
    members: tuple[int, ...] = Field(description="those it is of, counted from 0; none = all")
    message: str = Field(description="what is wrong, with its fix")


class SubmissionReport(BaseModel):
    """All breaches of one submission."""

    format: Literal[1] = Field(default=1, description="version of this schema")
    path: str = Field(description="file, store or pattern, as it was named")
    region: str | None = Field(description="region it was compared with; null = none")
    driver: str | None = Field(description="driver that was downscaled; null = without a region")
    splits: tuple[str, ...] = Field(description="splits of the region whose days were compared")
    left_out: tuple[str, ...] = Field(
        default=(), description="splits of the region without a day in the files"
    )
    valid: bool = Field(description="is there no breach?")
    breaches: tuple[ReportedBreach, ...] = Field(description="every breach, in order of checks")
    notes: tuple[str, ...] = Field(description="what was understood, and what the values are like")

    def lines(self) -> list[str]:
        """Return the report as text."""
        number = len(self.breaches)
        words = f"{number} breach{'es' * (number > 1)}:" if number else "no breach"
        return [
            f"{self.path}: {words}",
            *(f"  - {_text(breach)}" for breach in self.breaches),
            f"checked {self._scope()}",
            *(f"  {note}" for note in self.notes),
        ]

    def _scope(self) -> str:
        if self.region is None:
            return "by itself: `--region NAME` compares it with a region's target, too"
        left_out = f"; left out, without a day: {', '.join(self.left_out)}" * bool(self.left_out)
        splits = ", ".join(self.splits) or "none"
        return f"against {self.region}, driver {self.driver}, splits: {splits}{left_out}"


def submission_report(
    path: str,
    breaches: Breaches,
    notes: Sequence[str],
    region: str | None = None,
    driver: str | None = None,
    splits: Sequence[str] = (),
    left_out: Sequence[str] = (),
) -> SubmissionReport:
    """Return the report on breaches; messages are without the path that it names itself."""
    reported = tuple(
        ReportedBreach(
            check=breach.check,
            variables=breach.variables,
            members=breach.members,
            message=_without(path, breach.message),
        )
        for breach in breaches.items
    )
    return SubmissionReport(
        path=path,
        region=region,
        driver=driver,
        splits=tuple(splits),
        left_out=tuple(left_out),
        valid=not reported,
        breaches=reported,
        notes=tuple(dict.fromkeys(notes)),
    )


def _without(path: str, message: str) -> str:
    for separator in (": ", ", ", " "):
        message = message.removeprefix(path + separator)
    return message


def _text(breach: ReportedBreach) -> str:
    names = f" ({', '.join(breach.variables)})" if breach.variables else ""
    return f"{breach.check}{names}: {breach.message}"
