"""The base of every config section: closed, frozen, and described key by key."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A part of the configuration: an unknown key is an error, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)
