"""Which years, or events, are for training, validation and test."""

import re
from collections.abc import Iterable
from typing import Any, Literal, Self

from pydantic import Field, NonNegativeInt, field_validator, model_validator

from downbench.core.config.section import Section
from downbench.core.constants import SPLITS

Label = int | str


class Splits(Section):
    """Whole years (or events); no label is in two splits (trap T10)."""

    by: Literal["year", "event"] = Field(description="what is split: years, or named events")
    train: tuple[Label, ...] = Field(
        min_length=1, description="years or events that models learn from; '1981-1996' is a range"
    )
    validation: tuple[Label, ...] = Field(
        min_length=1, description="years or events that decide when training stops"
    )
    test: tuple[Label, ...] = Field(
        min_length=1, description="years or events scored, never used before"
    )
    warm: tuple[Label, ...] = Field(
        default=(), description="the warmest years, held out: the test of a warmer climate"
    )
    buffer_days: NonNegativeInt = Field(
        description="days left out on either side of a seam between splits [days]"
    )

    @field_validator(*SPLITS, mode="before")
    @classmethod
    def _ranges(cls, labels: Any, info: Any) -> Any:
        by_year = info.data.get("by") == "year" and isinstance(labels, (list, tuple))
        return list(spelled_out(labels)) if by_year else labels

    @model_validator(mode="after")
    def _disjoint(self) -> Self:
        split_of: dict[str, str] = {}
        for name in SPLITS:
            for label in map(str, getattr(self, name)):
                if label in split_of:
                    again = "twice" if split_of[label] == name else f"and in {split_of[label]}"
                    raise ValueError(f"{self.by} {label} stands in {name} {again}: keep it once")
                split_of[label] = name
        return self


def spelled_out(labels: Iterable[Any]) -> Iterable[Any]:
    """Years as integers, with ranges like '1981-1996' spelled out."""
    for label in labels:
        years = re.fullmatch(r"([0-9]{1,4})-([0-9]{1,4})", str(label))
        if years:
            first, last = years.groups()
            if int(last) < int(first):
                raise ValueError(f"'{label}' runs backwards: write '{last}-{first}'")
            yield from range(int(first), int(last) + 1)
        elif isinstance(label, int):
            yield label
        else:
            raise ValueError(f"'{label}' is neither a year nor a range such as '1981-1996'")
