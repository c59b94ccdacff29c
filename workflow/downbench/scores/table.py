"""The tidy table of scores: one number per row."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from downbench.scores.bootstrap import interval

COLUMNS = (
    "variable", "metric", "scale", "threshold", "season",
    "value", "lower", "upper", "members", "times",
)  # fmt: skip
SEASONS = ("all", "DJF", "MAM", "JJA", "SON")


@dataclass(frozen=True)
class Row:
    """One number with its bootstrap replicates.

    metric : name as in docs/methods/scores.md
    value : (1 + replicates,), or (1,) when no interval is given
    scale : wavelength [km], pooling factor [cells] or probability; NaN if not applicable
    threshold : mm day-1, percentile, rank or bin; NaN if not applicable
    lower_bound, upper_bound : the true value is never beyond
    times : number of times it rests on, where these are fewer than the sample's
    """

    metric: str
    value: np.ndarray
    scale: float = np.nan
    threshold: float = np.nan
    lower_bound: float = -np.inf
    upper_bound: float = np.inf
    times: int | None = None


@dataclass(frozen=True)
class Sample:
    """What the rows of a table have in common.

    blocks : of the bootstrap; infinitely many where replicates are `bootstrap.widened` already
    """

    variable: str
    season: str
    members: int
    times: int
    blocks: float
    confidence: float


def table(rows: Iterable[Row], sample: Sample) -> pd.DataFrame:
    """Rows as a data frame with the columns of `COLUMNS`."""
    return pd.DataFrame([_record(row, sample) for row in rows], columns=list(COLUMNS))


def _record(row: Row, sample: Sample) -> tuple:
    values = np.atleast_1d(np.asarray(row.value, np.float64))
    lower, upper = interval(values, sample.blocks, sample.confidence)
    # A fair estimate can itself be beyond a bound; its interval still holds it.
    if lower < row.lower_bound:
        lower = min(row.lower_bound, float(values[0]))
    if upper > row.upper_bound:
        upper = max(row.upper_bound, float(values[0]))
    return (
        sample.variable, row.metric, row.scale, row.threshold, sample.season,
        float(values[0]), lower, upper, sample.members,
        sample.times if row.times is None else row.times,
    )  # fmt: skip
