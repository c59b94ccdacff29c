"""The base class of every config section: closed, frozen, and described key by key."""

import json
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Seed = Annotated[int, Field(ge=0, lt=2**63)]
"""A seed that files can hold as an attribute."""


class Section(BaseModel):
    """A part of the configuration: unknown keys are errors, values are frozen.

    Numbers are finite, and YAML's `yes`, `no`, `on` and `off` are none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _no_truth_as_number(cls, data: Any) -> Any:
        for key, value in data.items() if isinstance(data, dict) else ():
            values = value if isinstance(value, list | tuple) else [value]
            field = cls.model_fields.get(key)
            is_truth = any(v is True or v is False for v in values)
            if is_truth and field and not _takes_truth(field.annotation):
                raise ValueError(
                    f"{key} = {value!r}: YAML reads yes, no, on and off as true or false: "
                    "write a number or a quoted word"
                )
        return data

    @model_validator(mode="after")
    def _finite_extras(self) -> Self:
        """Refuse numbers that are not finite among keys that a section does not declare."""
        try:
            json.dumps(self.model_extra, allow_nan=False, default=str)
        except ValueError:
            raise ValueError("a number is not finite: write another value") from None
        return self


def _takes_truth(annotation: Any) -> bool:
    """Whether `bool`, or anything, is among the values of an annotation."""
    parts = getattr(annotation, "__args__", ())
    return annotation in (bool, Any) or True in parts or any(map(_takes_truth, parts))


DERIVED = "derived"
"""Kind of the sections without a source: series that are derived from others."""


def kind_of(section: type[BaseModel]) -> str:
    """Return the kind of source, or the provider, that a section describes."""
    fields = section.model_fields
    field = fields.get("source") or fields.get("provider")
    literals = getattr(field.annotation, "__args__", ()) if field else ()
    return next((name for name in literals if isinstance(name, str)), DERIVED)


def nested(annotation: Any) -> list[type[BaseModel]]:
    """Return the sections that an annotation mentions, as in `dict[str, Budget] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [s for arg in getattr(annotation, "__args__", ()) for s in nested(arg)]
