"""One table of an experiment about climate models, each row with its place in the chain.

The chain leads from the training driver, whose input is perfect, over the raw run of a climate
model to the mapped one. The row of the raw run itself is that of the model which only
interpolates.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from downbench.core.config.region.climate_runs import Pair
from downbench.core.stages import CORRECTED, DYNAMICAL, RAW, TRAINING
from downbench.scores.table import COLUMNS

PRESENT, FUTURE, CHANGE = "present", "future", "change"
INTERPOLATED = "bilinear"
"""The model that is the driver itself, on the fine grid."""
DISTANCE = "wasserstein_pooled"
"""What the claims about a climate are judged by."""
BASE, EXCESS = f"{DISTANCE}_base", f"{DISTANCE}_excess"
REMOVED, LEFT = f"{DISTANCE}_removed", f"{DISTANCE}_left"
PLACE = ("part", "run", "stage", "period", "model", "driver")
OF_STATIONS = ("forecast", "extraction", "lapse_k_per_km", "stations", "count")
"""What a row of part `stations` is told apart by: see `scores.station_scores`."""
COLUMNS_OF_TRANSFER = (*PLACE, *COLUMNS)


@dataclass(frozen=True)
class Place:
    """Where in the chain a driver stands: which climate model, which step, which time."""

    run: str
    stage: str
    period: str


def places(pairs: Mapping[str, Pair], trained_on: str) -> dict[str, Place]:
    """Place of every driver, and under a pair's own name that of its change.

    `pairs` as `Climate.pairs` names them: raw pairs by the climate model's name, mapped ones
    with `-corrected` behind it.
    """
    found = {trained_on: Place("", TRAINING, PRESENT)}
    for name, pair in pairs.items():
        run, stage = (
            name.removesuffix("-corrected"),
            CORRECTED if name.endswith("-corrected") else RAW,
        )
        found[pair.historical] = Place(run, stage, PRESENT)
        found[pair.future] = Place(run, stage, FUTURE)
        found[name] = Place(run, stage, CHANGE)
    return found


def dressed(
    table: pd.DataFrame, part: str, model: str, driver: str, known: Mapping[str, Place]
) -> pd.DataFrame:
    """A table with its place; a driver that is not in the chain is a regional climate model's."""
    at = known.get(driver, Place(driver, DYNAMICAL, _period(driver)))
    about = {"part": part, "run": at.run, "stage": at.stage, "period": at.period}
    return table.assign(**about, model=model, driver=driver)


def _period(name: str) -> str:
    for ending, period in (("-historical", PRESENT), ("-future", FUTURE)):
        if name.endswith(ending):
            return period
    return CHANGE


def gathered(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """All rows, with the columns of `COLUMNS_OF_TRANSFER`, then those of stations alone."""
    joined = pd.concat([table for table in tables if len(table)], ignore_index=True)
    own = [name for name in OF_STATIONS if name in joined]
    return joined[[*COLUMNS_OF_TRANSFER, *own]]
