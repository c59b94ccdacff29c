"""Which station values the figures of stations show, and in which order."""

from dataclasses import dataclass

import xarray as xr

from downbench.core.variables import VARIABLES
from downbench.plots import style
from downbench.plots.empty_figures import NothingToDraw
from downbench.plots.inputs import FigureInputs

RCM = "rcm"
CORRECTED = "-corrected"
EXTRACTION = "bilinear"
"""The way of reading a grid that figures show; tables have both."""


@dataclass(frozen=True)
class StationForecast:
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


def pair_forecasts(inputs: FigureInputs, pair_kind: str, model: str) -> list[StationForecast]:
    """A model under the runs of one kind: `raw`, `corrected`, `own` or `rcm`."""
    forecasts = []
    for key, places in inputs["stations"].items():
        pair, name = key.split("/")
        if name == model and kind_of_pair(inputs, pair) == pair_kind:
            run = pair.removesuffix(CORRECTED).upper()
            words = {
                "raw": f"{inputs.label(name)},\n{run} raw",
                "corrected": f"{inputs.label(name)},\n{run} corrected",
                "own": f"{inputs.label(name)},\n{pair}",
                RCM: f"{name.upper()},\nregional model",
            }[pair_kind]
            values = places.sel(extraction=EXTRACTION)
            forecasts.append(StationForecast(values, words, name, pair_kind == RCM))
    return forecasts


def kind_of_pair(inputs: FigureInputs, pair: str) -> str:
    """Kind of a pair: the training driver, a regional model, a raw or a corrected run."""
    if pair == RCM:
        return RCM
    if pair.endswith(CORRECTED):
        return "corrected"
    return "own" if pair in inputs.region["drivers"] else "raw"


def mean_names(entry: StationForecast) -> list[str]:
    """Return the names of means of forecasts among the values per station."""
    return [f"{name}_mean" for name in VARIABLES if f"{name}_mean" in entry.places]


def chain_forecasts(inputs: FigureInputs) -> list[StationForecast]:
    """Return the raw and corrected run by interpolation, then each model, then regional models.

    Raises
    ------
    NothingToDraw
        When there are no station values of a climate model's run.
    """
    names = list(dict.fromkeys(key.split("/")[1] for key in inputs["stations"]))
    models = [name for name in inputs.experiment["models"] if name in names]
    first = models[:1]
    forecasts = [forecast for name in first for forecast in pair_forecasts(inputs, "raw", name)]
    forecasts += [
        forecast for name in models for forecast in pair_forecasts(inputs, "corrected", name)
    ]
    forecasts += [forecast for name in names for forecast in pair_forecasts(inputs, RCM, name)]
    if not forecasts:
        raise NothingToDraw(
            "no station values of a climate model's run; run `snakemake exp3` first"
        )
    return forecasts
