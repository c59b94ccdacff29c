"""Which station values the figures of stations show, and in which order."""

from dataclasses import dataclass

import xarray as xr

from downbench.core.errors import UserError
from downbench.plots import style
from downbench.plots.inputs import FigureInputs

RCM = "rcm"
CORRECTED = "-corrected"
EXTRACTION = "bilinear"
"""The way of reading a grid that figures show; tables have both."""


@dataclass(frozen=True)
class Shown:
    """One forecast at the stations.

    places : values per station of `score_stations`, of one extraction
    words : what it is, for a title of two lines
    """

    places: xr.Dataset
    words: str
    model: str
    is_regional: bool

    @property
    def colour(self) -> str:
        """That of the model; regional models are in no catalogue."""
        return style.DARK_GREY if self.is_regional else style.look(self.model).colour


def of_pair(inputs: FigureInputs, wanted: str, model: str) -> list[Shown]:
    """A model under the runs of one kind: `raw`, `corrected`, `own` or `rcm`."""
    found = []
    for key, places in inputs["stations"].items():
        pair, name = key.split("/")
        if name == model and kind(inputs, pair) == wanted:
            run = pair.removesuffix(CORRECTED).upper()
            words = {
                "raw": f"{inputs.label(name)},\n{run} raw",
                "corrected": f"{inputs.label(name)},\n{run} corrected",
                "own": f"{inputs.label(name)},\n{pair}",
                RCM: f"{name.upper()},\nregional model",
            }[wanted]
            values = places.sel(extraction=EXTRACTION)
            found.append(Shown(values, words, name, wanted == RCM))
    return found


def kind(inputs: FigureInputs, pair: str) -> str:
    """What a pair's name says: the training driver, a regional model, a raw or a corrected run."""
    if pair == RCM:
        return RCM
    if pair.endswith(CORRECTED):
        return "corrected"
    return "own" if pair in inputs.region["drivers"] else "raw"


def chain(inputs: FigureInputs) -> list[Shown]:
    """Raw and corrected run by interpolation, then each model under the corrected one, regional models.

    Raises
    ------
    UserError
        When no station values of a climate model's run are there.
    """
    names = list(dict.fromkeys(key.split("/")[1] for key in inputs["stations"]))
    models = [name for name in inputs.experiment["models"] if name in names]
    first = models[:1]
    found = [one for name in first for one in of_pair(inputs, "raw", name)]
    found += [one for name in models for one in of_pair(inputs, "corrected", name)]
    found += [one for name in names for one in of_pair(inputs, RCM, name)]
    if not found:
        raise UserError("no station values of a climate model's run; run `snakemake exp3` first")
    return found
