"""The base class of every config section: closed, frozen, and described key by key."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A part of the configuration: unknown keys are errors, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def nested(annotation: Any) -> list[type[BaseModel]]:
    """Return the sections that an annotation mentions, as in `dict[str, Budget] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [s for arg in getattr(annotation, "__args__", ()) for s in nested(arg)]
