"""Scores of an ensemble from Python: `from downbench import evaluate`."""

from pathlib import Path
from typing import Any

import pandas as pd

from downbench.core.config import yamls
from downbench.core.config.evaluation import Evaluation
from downbench.core.config.messages import checked
from downbench.scores.alignment import aligned
from downbench.scores.evaluation import score
from downbench.scores.evaluation_settings import evaluation_settings
from downbench.sources.files.scored_pair import Source, read_pair


def evaluate(
    ensemble: Source, reference: Source, *, evaluation: dict[str, Any] | None = None
) -> pd.DataFrame:
    """Score an ensemble against a reference on their common days.

    Parameters
    ----------
    ensemble : xarray.Dataset, xarray.DataArray or path
        Samples of `pr`, `tasmax` or another target variable on (time, member, latitude,
        longitude), in any order and with any usual names and units; a path is that of a NetCDF
        file or Zarr store. Members may be called `member`, `realization`, `number` or `ensemble`;
        a field without members is one member. The attribute `fit_years`, such as `1981-2003`,
        names the years of the training, which are not scored.
    reference : xarray.Dataset, xarray.DataArray or path
        The same variables on (time, latitude, longitude), with a cell wherever the ensemble has
        one; it may cover a larger area and more days. Where size, days or orientation of the first
        member clearly are not those of a reference of 60 days or more, a warning says so.
    evaluation : dict, optional
        Keys of the section `evaluation` of `config/default.yaml`, over the project's.

    Returns
    -------
    pandas.DataFrame
        One row per score, in the units of docs/methods/scores.md, with the columns `variable`,
        `metric`, `scale`, `threshold`, `season`, `value`, `lower`, `upper` (interval of a block
        bootstrap), `members` and `times`.

    Raises
    ------
    UserError
        When a variable, axis, unit or day is not understood, the cells are not those of the
        reference, a cell is missing that the reference has, too few days are common, or days of
        the training would be scored. The message names the fix.

    Examples
    --------
    >>> from downbench import evaluate
    >>> scores = evaluate("mine.nc", "observations.nc")
    >>> scores.query("metric == 'crps' and season == 'all'")
    """
    settings = evaluation_settings(None)
    if evaluation:
        keys = yamls.merged(settings.model_dump(mode="json"), evaluation)
        settings = checked(Evaluation, keys, Path("evaluation"))
    pair = aligned(*read_pair(ensemble, reference), settings.least_common_days)
    scores = score(*pair, settings)
    return pd.concat([variable.table for variable in scores.values()], ignore_index=True)
