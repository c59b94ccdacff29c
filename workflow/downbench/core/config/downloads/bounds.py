"""A box on the map."""

from typing import Self

from pydantic import Field, model_validator

from downbench.core.config.section import Section

WIDEST_DEGREES = 355.0
"""A wider box and the cells that providers add around it overlap at its far side."""


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
        if self.width > WIDEST_DEGREES:
            raise ValueError(
                f"west = {self.west:g} and east = {self.east:g} span {self.width:g} degrees, "
                f"{WIDEST_DEGREES:g} at most: a download takes a part of the Earth: move the "
                "edges to the area to downscale; for the globe, bring files (source: files)"
            )
        return self

    @property
    def width(self) -> float:
        """Degrees from west to east."""
        return (self.east - self.west) % 360 or 360.0

    @property
    def height(self) -> float:
        """Degrees from south to north."""
        return self.north - self.south
