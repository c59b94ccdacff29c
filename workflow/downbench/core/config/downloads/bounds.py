"""A box on the map."""

from typing import Self

from pydantic import Field, model_validator

from downbench.core.config.section import Section


class Bounds(Section):
    """Edges of what is downloaded; providers add a cell on each side."""

    south: float = Field(ge=-90, le=90, description="southern edge [degrees north]")
    north: float = Field(ge=-90, le=90, description="northern edge [degrees north]")
    west: float = Field(
        ge=-180, le=360, description="western edge [degrees east]; above `east` across 180 degrees"
    )
    east: float = Field(ge=-180, le=360, description="eastern edge [degrees east]")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.south >= self.north:
            raise ValueError(f"south = {self.south:g} is not below north = {self.north:g}: swap")
        if self.west == self.east:
            raise ValueError(f"west and east are both {self.west:g}: move one of them")
        return self

    @property
    def width(self) -> float:
        """Degrees from west to east."""
        return (self.east - self.west) % 360 or 360.0

    @property
    def height(self) -> float:
        """Degrees from south to north."""
        return self.north - self.south
