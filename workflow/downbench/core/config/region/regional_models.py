"""The section `rcms:` of a region: regional climate models, as rows to compare with."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from downbench.core.config.region.source import TargetSource
from downbench.core.config.section import Section
from downbench.core.config.sources.file_variable import FileVariable


class RcmVariable(FileVariable):
    """One variable of a regional model, and how it is regridded to the region's fine grid."""

    method: Literal["nearest", "linear"] = Field(
        description="nearest = the value of the model's own cell, which keeps dry days and "
        "extremes of rain; linear = between cell centres, for temperature"
    )


class Rcm(Section):
    """A regional model in its historical and future run: dynamical downscaling to compare with."""

    label: str = Field(default="", description="label in figures and tables; empty takes its name")
    driven_by: str = Field(description="the global model at its edges, in words")
    historical: dict[Literal["pr", "tas", "tasmax"], RcmVariable] = Field(
        min_length=1, description="variables of the historical run"
    )
    future: dict[Literal["pr", "tas", "tasmax"], RcmVariable] = Field(
        default={}, description="variables of the scenario; none where there is no such run"
    )


def problem_of_regional_models(
    rcms: Mapping[str, Rcm], target: TargetSource, variables: set[str]
) -> str:
    """Return what does not fit the region, with its fix; empty if all does."""
    for name, rcm in rcms.items():
        if target.invented:
            return (
                f"rcms.{name} is read from files, but target.source = '{target.source}' invents "
                "its area: remove it"
            )
        foreign = sorted({*rcm.historical, *rcm.future} - variables)
        if foreign:
            return f"rcms.{name} gives {', '.join(foreign)}, not downscaled here: remove it"
    return ""
