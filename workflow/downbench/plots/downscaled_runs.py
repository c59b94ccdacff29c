"""Fields of the figures about climate models: by model, stage of the driver chain, and period."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.core.stages import CORRECTED, DYNAMICAL, RAW, is_truth, label_of
from downbench.plots import style
from downbench.plots.empty_figures import NothingToDraw
from downbench.plots.inputs import FigureInputs

WORDS = {RAW: "raw", CORRECTED: "corrected"}


@dataclass(frozen=True)
class DownscaledRun:
    """Fields of a model driven by one run of the chain.

    fields : climate of the past, climate of the future, or change
    """

    model: str
    stage: str
    run: str
    label: str
    fields: xr.Dataset

    @property
    def is_truth(self) -> bool:
        """Whether this is the pseudo-reality run, the known truth of a synthetic GCM."""
        return is_truth(self.model)

    @property
    def colour(self) -> str:
        """Colour of the model; pseudo-reality and regional models have none of their own."""
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
        line_style = style.line(self.model) | {"linestyle": "-"}
        return line_style | ({"linestyle": ":", "linewidth": 1.6} if self.stage == RAW else {})


def downscaled_runs(inputs: FigureInputs, part: str, period: str) -> list[DownscaledRun]:
    """Return all runs of the first climate model, raw before corrected, interpolation first.

    Parameters
    ----------
    part, period
        `climate` with `present` or `future`, or `change` with `change`.

    Raises
    ------
    NothingToDraw
        When the gathered table or its fields are absent.
    """
    runs = list(_all_runs(inputs, part, period))
    if not runs:
        raise NothingToDraw(f"no fields of {part} ({period}); run `snakemake exp3` first")
    gcms = [run.run for run in runs if run.stage == RAW]
    return [run for run in runs if run.run in gcms[:1] or run.stage == DYNAMICAL]


def _all_runs(inputs: FigureInputs, part: str, period: str) -> Iterator[DownscaledRun]:
    table = inputs.driver_chain
    if table is None:
        return
    table = table[(table["part"] == part) & (table["period"] == period)]
    places = table[["stage", "run", "model", "driver"]].fillna("").drop_duplicates()
    for stage_shown in (RAW, CORRECTED, DYNAMICAL):
        for stage, run, model, driver in places.itertuples(index=False, name=None):
            key = f"{model}/{driver}"
            if stage == stage_shown and key in inputs[part]:
                yield DownscaledRun(
                    model, stage, run, _label(inputs, model, stage), inputs[part][key]
                )


def _label(inputs: FigureInputs, model: str, stage: str) -> str:
    name = label_of(model, stage, inputs.labels)
    return f"{name}, {WORDS[stage]}" if stage in WORDS else name


def runs_on_maps(inputs: FigureInputs, runs: list[DownscaledRun]) -> list[DownscaledRun]:
    """Return the runs that maps have room for: interpolation and the last model."""
    models = [run.model for run in runs if run.stage == CORRECTED]
    ends = {models[0], models[-1]} if models else {runs[0].model}
    selection = [run for run in runs if run.model in ends or run.stage == DYNAMICAL]
    return sorted(selection, key=lambda run: (run.stage == DYNAMICAL, run.model != models[0]))


def distribution_function(fields: xr.Dataset, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the distribution function of all cells, years and members, and its bin edges."""
    counted = fields[name]
    area = counted.sum([dim for dim in counted.dims if dim != counted.dims[-1]]).values
    variable = str(name).removesuffix("_reference").removesuffix("_distribution")
    below = np.concatenate([[0.0], np.cumsum(area)]) / area.sum()
    return below, fields[f"{variable}_edge"].values
