"""Table of an experiment about climate models, each row with its position in the driver chain.

The chain leads from the training driver over the raw run of a climate model to the bias-corrected
run. The row of a run itself is that of the model that only interpolates.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from downbench.core.config.region.climate_runs import RunPair
from downbench.core.stages import CORRECTED, DYNAMICAL, RAW, TRAINING
from downbench.scores.table import COLUMNS

PRESENT, FUTURE, CHANGE = "present", "future", "change"
INTERPOLATED = "bilinear"
"""The model that is the driver itself on the fine grid."""
DISTANCE = "wasserstein_pooled"
"""Metric by which the claims about a climate are judged."""
BASELINE, ADDED_BIAS = f"{DISTANCE}_baseline", f"{DISTANCE}_added_bias"
REMOVED_BIAS, RESIDUAL_BIAS = f"{DISTANCE}_removed_bias", f"{DISTANCE}_residual_bias"
BIAS_CONTRIBUTION = "bias_contribution"
"""Part of the table that `bias_contribution` computes."""
POSITION_COLUMNS = ("part", "run", "stage", "period", "model", "driver")
STATION_COLUMNS = ("forecast", "extraction", "lapse_k_per_km", "stations", "count")
"""Columns that identify a row of part `stations`: see `stations.station_scores`."""
CHAIN_COLUMNS = (*POSITION_COLUMNS, *COLUMNS)


@dataclass(frozen=True)
class ChainPosition:
    """Position of a driver in the chain: climate model, stage, and period."""

    run: str
    stage: str
    period: str


def chain_positions(pairs: Mapping[str, RunPair], trained_on: str) -> dict[str, ChainPosition]:
    """Return the position of every driver, and under the name of a pair that of its change.

    Parameters
    ----------
    pairs
        As `Climate.pairs` returns them: raw pairs by the name of the climate model, corrected
        ones with the suffix `-corrected`.
    trained_on
        Name of the training driver.
    """
    positions = {trained_on: ChainPosition("", TRAINING, PRESENT)}
    for name, pair in pairs.items():
        run = name.removesuffix("-corrected")
        stage = CORRECTED if name.endswith("-corrected") else RAW
        positions[pair.historical] = ChainPosition(run, stage, PRESENT)
        positions[pair.future] = ChainPosition(run, stage, FUTURE)
        positions[name] = ChainPosition(run, stage, CHANGE)
    return positions


def with_position(
    table: pd.DataFrame,
    part: str,
    model: str | pd.Series,
    driver: str,
    positions: Mapping[str, ChainPosition],
) -> pd.DataFrame:
    """Return a table with the columns `POSITION_COLUMNS`.

    Parameters
    ----------
    table
        Columns of a score table.
    part
        Kind of the table: climate, change, stations, shift, warm or `BIAS_CONTRIBUTION`.
    model
        Name of the model, or of the model of each row.
    driver
        Name of the driver, or of a pair of runs; an unknown one is a regional climate model.
    positions
        Result of `chain_positions`.
    """
    position = positions.get(driver, ChainPosition(driver, DYNAMICAL, _period(driver)))
    columns = {
        "part": part,
        "run": position.run,
        "stage": position.stage,
        "period": position.period,
    }
    return table.assign(**columns, model=model, driver=driver)


def by_driver(
    table: pd.DataFrame, part: str, positions: Mapping[str, ChainPosition]
) -> Iterator[pd.DataFrame]:
    """Yield the rows of each model and driver that the table names, with their position."""
    for (model, driver), rows in table.groupby(["model", "driver"], sort=False):
        yield with_position(rows, part, model, driver, positions)


def _period(name: str) -> str:
    for ending, period in (("-historical", PRESENT), ("-future", FUTURE)):
        if name.endswith(ending):
            return period
    return CHANGE


def joined(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return all rows with the columns `CHAIN_COLUMNS`, then those of stations."""
    rows = pd.concat([table for table in tables if len(table)], ignore_index=True)
    optional = [name for name in STATION_COLUMNS if name in rows]
    return rows[[*CHAIN_COLUMNS, *optional]]
