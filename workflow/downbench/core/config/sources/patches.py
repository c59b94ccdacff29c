"""Patches of a region: files of frames, the events in them, and which patches are used."""

from typing import Self

from pydantic import (
    Field,
    NonNegativeFloat,
    PositiveFloat,
    PositiveInt,
    model_validator,
)

from downbench.core.config.section import Section, Seed
from downbench.core.config.sources.file_variable import FileVariable


class PatchFile(FileVariable):
    """One file of frames to cut patches from."""

    path: str = Field(description="NetCDF file or Zarr store, relative to data_dir or absolute")
    label: str = Field(
        description="start of the event names: an event is '<label>-<first date>', with '-1', "
        "'-2' … added where several begin on one date"
    )
    event_variable: str | None = Field(
        default=None,
        description="variable(time) that numbers events; null = the file is one event, or is "
        "separated by one of the next two keys",
    )
    event_gap_hours: PositiveFloat | None = Field(
        default=None, description="a longer gap between two frames begins a new event [h]"
    )
    event_hours: PositiveFloat | None = Field(
        default=None,
        description="an event ends after this time, counted from the first frame, and anew after "
        "a gap as long [h]",
    )
    event_pause_hours: NonNegativeFloat = Field(
        default=0.5,
        description="frames left out at the end of each `event_hours`, as neighbouring frames of "
        "two events are nearly the same picture [h]",
    )
    most_patches: PositiveInt = Field(
        description="patches kept of one event, sampled at random [count]"
    )

    @property
    def separates_events(self) -> bool:
        """Whether events follow from the times of the frames."""
        return self.event_gap_hours is not None or self.event_hours is not None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        keys = ("event_variable", "event_gap_hours", "event_hours")
        separators = [key for key in keys if getattr(self, key) is not None]
        if len(separators) > 1:
            raise ValueError(f"{' and '.join(separators)} both separate events: give one of them")
        if self.event_hours is not None and self.event_pause_hours >= self.event_hours:
            raise ValueError(
                f"event_pause_hours = {self.event_pause_hours:g} leaves no frame of event_hours = "
                f"{self.event_hours:g}: lower it"
            )
        return self


class Patches(Section):
    """Square patches cut from large frames, side by side and without overlap."""

    wet_mm_day: PositiveFloat = Field(description="rain rate from which a cell is wet [mm day-1]")
    least_wet_share: float = Field(
        ge=0, le=1, description="a patch has at least this share wet [1]"
    )
    least_valid_share: float = Field(
        gt=0, le=1, description="a patch has at least this share of valid cells [1]"
    )
    seed: Seed = Field(description="seed of the choice of patches [1]")
    files: tuple[PatchFile, ...] = Field(min_length=1, description="files of frames")
