"""Skill in the warmest held-out years against other held-out years.

Both are held out, but nothing makes them as far from training: where the climate warms, the
warmest years are the latest. A loss of skill may then be due to warmth or to distance in time,
which this comparison does not tell apart (trap T10); skill that holds has withstood both. The two
samples share no day: their blocks of days are resampled apart. A model's CRPS may rise in warm
years because the weather is harder to tell there; its skill against a reference of the same days,
and its ratio to the best possible one where that is known, are free of that.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.scores.paired.comparison import (
    ORACLE,
    Roles,
    common_days,
    crps_variables,
    draws,
)
from downbench.scores.paired.daily_scores import from_dataset
from downbench.scores.statistics import means
from downbench.scores.table import Row, Sample, table

WARM, USUAL = "warm", "test"


def warm_rows(
    usual: Mapping[str, xr.Dataset],
    warm: Mapping[str, xr.Dataset],
    members: Mapping[str, int],
    roles: Roles,
    settings: Evaluation,
) -> pd.DataFrame:
    """One table of all models: what each measure m is in both samples, and their difference.

    `m_test`, `m_warm` and `m_difference` (warm − test) of the measures `crps`,
    `crps_skill_climatology`, `crps_skill_reference` and `crps_ratio_oracle`, on the full grid.

    Parameters
    ----------
    usual, warm
        Daily file of each model, on the test split and on the warm one.
    """
    shared = {USUAL: common_days(usual), WARM: common_days(warm)}
    found = {name: _resampled(daily, settings, name) for name, daily in shared.items()}
    tables = []
    for variable in crps_variables(next(iter(usual.values()))):
        for model in usual:
            both = {n: _measures(crps[variable], model, roles) for n, (crps, _) in found.items()}
            rows = [row for measure in both[WARM] for row in _triple(measure, both)]
            times = shared[WARM][model].sizes["time"]
            blocks = min(count for _, count in found.values())
            confidence = settings.bootstrap.confidence
            about = Sample(variable, "all", members[model], times, blocks, confidence)
            tables.append(table(rows, about).assign(model=model))
    return pd.concat(tables, ignore_index=True)


def _resampled(
    daily: Mapping[str, xr.Dataset], settings: Evaluation, split: str
) -> tuple[dict[str, dict[str, np.ndarray]], int]:
    """Mean CRPS by variable and model, (1 + replicates,), and the number of blocks."""
    first = next(iter(daily.values()))
    # Another seed for either split: the same draws of both would pair what is not paired.
    seed = settings.seed + (split == WARM)
    counts, blocks = draws(first["time"], settings.bootstrap, seed)
    finest = int(np.argmin(first["scale"].values))
    found = {
        variable: {
            model: means({"crps": from_dataset(one, f"{variable}_crps")}, counts, blocks)["crps"][
                :, finest
            ]
            for model, one in daily.items()
        }
        for variable in crps_variables(first)
    }
    return found, blocks


def _measures(crps: Mapping[str, np.ndarray], model: str, roles: Roles) -> dict[str, np.ndarray]:
    mine = crps[model]
    found = {"crps": mine}
    against = {"climatology": roles.climatology, "reference": roles.reference}
    for name, other in against.items():
        if other in crps and other != model:
            found[f"crps_skill_{name}"] = 1 - mine / crps[other]
    if ORACLE in crps and model != ORACLE:
        found["crps_ratio_oracle"] = mine / crps[ORACLE]
    return found


def _triple(measure: str, both: Mapping[str, Mapping[str, np.ndarray]]) -> list[Row]:
    usual, warm = both[USUAL][measure], both[WARM][measure]
    values = {USUAL: usual, WARM: warm, "difference": warm - usual}
    return [Row(f"{measure}_{name}", value) for name, value in values.items()]
