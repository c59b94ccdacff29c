"""The base of every config section: closed, frozen, and described key by key."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A part of the configuration: unknown keys are errors, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def nested(annotation: Any) -> list[type[BaseModel]]:
    """Sections that an annotation mentions, such as those of `dict[str, Budget] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [s for arg in getattr(annotation, "__args__", ()) for s in nested(arg)]
