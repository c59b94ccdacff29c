"""Two models on the same days: numbers formed from the means of both.

As in `comparison` the same blocks of days are resampled for both, so the interval is that of the
difference (trap T28).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.scores.paired.comparison import crps_variables, day_counts
from downbench.scores.paired.daily_scores import from_dataset
from downbench.scores.statistics import Means, means
from downbench.scores.table import Row, Sample, table


@dataclass(frozen=True)
class ModelMeans:
    """Mean statistics of one variable of a model, and its number of members."""

    means: Means
    members: int


@dataclass(frozen=True)
class ModelPair:
    """Means of a model and of the other one that it is compared with.

    variable : name of the variable
    other : name of the other model
    sides : the model, then the other one
    daily : daily file of the model, for coordinates and attributes
    """

    variable: str
    other: str
    sides: tuple[ModelMeans, ModelMeans]
    daily: xr.Dataset

    @property
    def means(self) -> tuple[Means, Means]:
        """Mean statistics of both."""
        return self.sides[0].means, self.sides[1].means


PairRows = Callable[[ModelPair], Iterable[Row]]


def pair_rows(
    daily: Mapping[str, xr.Dataset],
    members: Mapping[str, int],
    pairs: Iterable[tuple[str, str]],
    rows_of: PairRows,
    settings: Evaluation,
) -> pd.DataFrame:
    """Return the rows of each pair and variable, over all seasons.

    Parameters
    ----------
    daily
        Daily file of each model, on common days.
    members
        Members of each model.
    pairs
        (model, other model)
    rows_of
        Forms the rows of one pair.
    settings
        Section `evaluation`: the bootstrap and its seed.
    """
    time = next(iter(daily.values()))["time"]
    counts, blocks = day_counts(time, settings.bootstrap, settings.seed)
    confidence = settings.bootstrap.confidence
    sides = cache(partial(_sides, daily, members, counts, blocks))
    tables = [
        table(
            rows_of(pair),
            Sample(
                pair.variable,
                "all",
                members[model],
                pair.means[0].times["crps"],
                blocks,
                confidence,
            ),
        ).assign(model=model, blocks=blocks, confidence=confidence)
        for model, other in pairs
        for pair in _by_variable(sides(model), sides(other), other, daily[model])
    ]

    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def _sides(
    daily: Mapping[str, xr.Dataset],
    members: Mapping[str, int],
    counts: np.ndarray,
    blocks: int,
    name: str,
) -> dict[str, ModelMeans]:
    """Return the means of one model by variable."""
    return {
        variable: ModelMeans(_means(daily[name], variable, counts, blocks), members[name])
        for variable in crps_variables(daily[name])
    }


def _by_variable(
    sides: Mapping[str, ModelMeans],
    partners: Mapping[str, ModelMeans],
    partner: str,
    daily: xr.Dataset,
) -> Iterator[ModelPair]:
    for variable in sides:
        yield ModelPair(variable, partner, (sides[variable], partners[variable]), daily)


def _means(daily: xr.Dataset, variable: str, counts: np.ndarray, blocks: int) -> Means:
    """Return the means of every statistic of the variable that the daily file holds."""
    prefix = f"{variable}_"
    names = [str(n) for n in daily.data_vars if f"{n}_weight" in daily and n.startswith(prefix)]
    sums = {name.removeprefix(prefix): from_dataset(daily, name) for name in names}
    return means(sums, counts, blocks)
