"""Where the figures about climate models find their fields: by model, step of the chain, time."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.stages import CORRECTED, DYNAMICAL, RAW, is_truth, label_of
from downbench.plots import style
from downbench.plots.inputs import FigureInputs

WORDS = {RAW: "raw", CORRECTED: "corrected"}


@dataclass(frozen=True)
class Link:
    """One link of a chain: fields of a model under one run.

    fields : climate of the past, climate of the future, or change
    """

    model: str
    stage: str
    run: str
    label: str
    fields: xr.Dataset

    @property
    def is_truth(self) -> bool:
        """The truth of a synthetic run."""
        return is_truth(self.model)

    @property
    def colour(self) -> str:
        """That of the model; truths and regional models are in no catalogue."""
        if self.is_truth:
            return style.BLACK
        return style.DARK_GREY if self.stage == DYNAMICAL else style.look(self.model).colour

    @property
    def line(self) -> dict[str, object]:
        """Keywords of `Axes.plot`: a raw run is dotted."""
        if self.is_truth:
            return {"color": self.colour, "linestyle": "--", "linewidth": 1}
        if self.stage == DYNAMICAL:
            return {"color": self.colour, "linestyle": "-.", "linewidth": 1.2}
        chosen = style.line(self.model) | {"linestyle": "-"}
        return chosen | ({"linestyle": ":", "linewidth": 1.6} if self.stage == RAW else {})


def links(inputs: FigureInputs, part: str, period: str) -> list[Link]:
    """All links of the first climate model, raw before corrected, interpolation first.

    Parameters
    ----------
    part, period
        `climate` with `present` or `future`, or `change` with `change`.

    Raises
    ------
    UserError
        When the gathered table or its fields are absent.
    """
    found = list(_links(inputs, part, period))
    if not found:
        raise UserError(f"no fields of {part} ({period}); run `snakemake exp3` first")
    runs = [link.run for link in found if link.stage == RAW]
    return [link for link in found if link.run in runs[:1] or link.stage == DYNAMICAL]


def _links(inputs: FigureInputs, part: str, period: str) -> Iterator[Link]:
    table = inputs.driver_chain
    if table is None:
        return
    table = table[(table["part"] == part) & (table["period"] == period)]
    places = table[["stage", "run", "model", "driver"]].fillna("").drop_duplicates()
    for wanted in (RAW, CORRECTED, DYNAMICAL):
        for stage, run, model, driver in places.itertuples(index=False, name=None):
            key = f"{model}/{driver}"
            if stage == wanted and key in inputs[part]:
                yield Link(model, stage, run, _label(inputs, model, stage), inputs[part][key])


def _label(inputs: FigureInputs, model: str, stage: str) -> str:
    name = label_of(model, stage, inputs.labels)
    return f"{name}, {WORDS[stage]}" if stage in WORDS else name


def shown(inputs: FigureInputs, found: list[Link]) -> list[Link]:
    """The few that maps have room for: interpolation, and the last model, raw and corrected."""
    models = [link.model for link in found if link.stage == CORRECTED]
    wanted = {models[0], models[-1]} if models else {found[0].model}
    few = [link for link in found if link.model in wanted or link.stage == DYNAMICAL]
    return sorted(few, key=lambda link: (link.stage == DYNAMICAL, link.model != models[0]))


def law(fields: xr.Dataset, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Distribution function of all cells, years and members at the bins' ends, and these ends."""
    counted = fields[name]
    area = counted.sum([dim for dim in counted.dims if dim != counted.dims[-1]]).values
    variable = str(name).removesuffix("_reference").removesuffix("_distribution")
    below = np.concatenate([[0.0], np.cumsum(area)]) / area.sum()
    return below, fields[f"{variable}_edge"].values
