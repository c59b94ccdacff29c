"""The base class of every config section: closed, frozen, and described key by key."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A part of the configuration: unknown keys are errors, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


DERIVED = "derived"
"""Kind of the sections without a source: series that are derived from others."""


def kind_of(section: type[BaseModel]) -> str:
    """Return the kind of source that a section describes."""
    field = section.model_fields.get("source")
    literals = getattr(field.annotation, "__args__", ()) if field else ()
    return next((name for name in literals if isinstance(name, str)), DERIVED)


def nested(annotation: Any) -> list[type[BaseModel]]:
    """Return the sections that an annotation mentions, as in `dict[str, Budget] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [s for arg in getattr(annotation, "__args__", ()) for s in nested(arg)]
