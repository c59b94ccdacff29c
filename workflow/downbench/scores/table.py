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
NOT_NEGATIVE = frozenset((
    "crps", "crps_wet", "crps_ratio_oracle", "twcrps", "brier", "energy_score", "variogram_score",
    "mae_mean", "rmse_mean", "spread", "spread_skill", "spread_binned", "rmse_binned",
    "rank_histogram", "rank_histogram_wet", "reliability_forecast", "reliability_observed",
    "rapsd", "rapsd_reference", "rapsd_log", "rapsd_log_reference",
    "log_spectral_distance", "log_spectral_distance_log", "log_spectral_distance_band",
    "log_spectral_distance_band_log", "block_mean_error",
    "wet_day_frequency", "wet_day_frequency_reference", "p99", "p99_reference",
    "quantile", "quantile_reference", "seam_index", "seam_index_reference",
))  # fmt: skip
"""Metrics whose true value is never below zero."""
SEASONS = ("all", "DJF", "MAM", "JJA", "SON")


@dataclass(frozen=True)
class Row:
    """One number with its bootstrap replicates.

    metric : name as in docs/methods/scores.md
    value : (1 + replicates,), or (1,) when no interval is given
    scale : wavelength [km], pooling factor [cells] or probability; NaN if not applicable
    threshold : mm day-1, percentile, rank or bin; NaN if not applicable
    """

    metric: str
    value: np.ndarray
    scale: float = np.nan
    threshold: float = np.nan


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
    if row.metric in NOT_NEGATIVE and lower < 0:
        # A fair estimate can itself be below zero; its interval still holds it.
        lower = min(0.0, float(values[0]))
    return (
        sample.variable, row.metric, row.scale, row.threshold, sample.season,
        float(values[0]), lower, upper, sample.members, sample.times,
    )  # fmt: skip
