"""Skill in the warmest held-out years compared with the other held-out years.

Both are held out, but not equally far from training: where the climate warms, the warmest years
are the latest. A loss of skill may then be due to warmth or to distance in time, which this
comparison cannot separate (trap T10); skill that holds is robust to both. The two samples share
no day: their blocks of days are resampled independently. The CRPS of a model may rise in warm
years because the weather is less predictable; its skill against a reference model on the same
days, and its ratio to the best possible CRPS where that is known, are free of that.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from downbench.core.config.evaluation import Evaluation
from downbench.scores.paired.comparison import (
    ORACLE,
    ReferenceModels,
    common_days,
    crps_variables,
    day_counts,
)
from downbench.scores.paired.daily_scores import from_dataset
from downbench.scores.statistics import means
from downbench.scores.table import Row, Sample, table

WARM, TEST = "warm", "test"
Crps = Mapping[str, np.ndarray]
"""Mean CRPS by model, each (1 + replicates,)."""


def warm_rows(
    test: Mapping[str, xr.Dataset],
    warm: Mapping[str, xr.Dataset],
    members: Mapping[str, int],
    references: ReferenceModels,
    settings: Evaluation,
) -> pd.DataFrame:
    """Return one table of all models: each measure m in both samples, and their difference.

    `m_test`, `m_warm` and `m_difference` (warm − test) of the measures `crps`,
    `crps_skill_climatology`, `crps_skill_reference` and `crps_ratio_oracle`, on the full grid.

    Parameters
    ----------
    test, warm
        Daily file of each model, on the test split and on the warm one.
    members
        Members of each model.
    roles
        Models that serve as references.
    settings
        Section `evaluation`: the bootstrap and its seed.
    """
    shared = {TEST: common_days(test), WARM: common_days(warm)}
    samples = {split: _resampled(daily, settings, split) for split, daily in shared.items()}
    blocks = min(count for _, count in samples.values())
    tables = []
    for variable in crps_variables(next(iter(test.values()))):
        for model in test:
            measures = {
                split: _measures(crps[variable], model, references)
                for split, (crps, _) in samples.items()
            }
            rows = [row for name in measures[WARM] for row in _triple(name, measures)]
            times = shared[WARM][model].sizes["time"]
            confidence = settings.bootstrap.confidence
            sample = Sample(variable, "all", members[model], times, blocks, confidence)
            tables.append(table(rows, sample).assign(model=model))
    return pd.concat(tables, ignore_index=True)


def _resampled(
    daily: Mapping[str, xr.Dataset], settings: Evaluation, split: str
) -> tuple[dict[str, Crps], int]:
    """Return the mean CRPS by variable and model, and the number of blocks."""
    first = next(iter(daily.values()))
    # Each split has its own seed: equal counts would pair samples that are not paired.
    seed = settings.seed + (split == WARM)
    counts, blocks = day_counts(first["time"], settings.bootstrap, seed)
    finest = int(np.argmin(first["scale"].values))

    def mean_crps(scores: xr.Dataset, variable: str) -> np.ndarray:
        sums = {"crps": from_dataset(scores, f"{variable}_crps")}
        return means(sums, counts, blocks)["crps"][:, finest]

    crps = {
        variable: {model: mean_crps(scores, variable) for model, scores in daily.items()}
        for variable in crps_variables(first)
    }
    return crps, blocks


def _measures(crps: Crps, model: str, references: ReferenceModels) -> dict[str, np.ndarray]:
    measures = {"crps": crps[model]}
    references = {"climatology": references.climatology, "reference": references.reference}
    for name, reference in references.items():
        if reference in crps and reference != model:
            measures[f"crps_skill_{name}"] = 1 - crps[model] / crps[reference]
    if ORACLE in crps and model != ORACLE:
        measures["crps_ratio_oracle"] = crps[model] / crps[ORACLE]
    return measures


def _triple(measure: str, samples: Mapping[str, Mapping[str, np.ndarray]]) -> list[Row]:
    test, warm = samples[TEST][measure], samples[WARM][measure]
    values = {TEST: test, WARM: warm, "difference": warm - test}
    return [Row(f"{measure}_{name}", value) for name, value in values.items()]
