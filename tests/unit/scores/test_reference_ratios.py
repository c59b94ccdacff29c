"""Ratios to the best possible score, with the interval of the ratio."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import scores_fixtures
from downbench.core.histogram import edges
from downbench.scores.paired.model_pairs import pair_rows
from downbench.scores.paired.reference_ratios import reference_ratios

PATCHES = [2, 4]


def daily_file(factor: float) -> xr.Dataset:
    """Scores that are `factor` times the best possible ones on every day, which vary a lot."""
    time = pd.date_range("2000-01-01", periods=60)
    best = np.random.default_rng(1).gamma(1, size=60)
    weight = ("time", np.ones(60))
    patches = best[:, None] * np.array([1.0, 2.0])
    histogram = np.zeros((60, len(edges("pr")) - 1))
    histogram[:, 200] = 1
    return xr.Dataset(
        {
            "pr_crps": (("time", "scale"), best[:, None]),
            "pr_energy_score_patch": (("time", "patch"), factor * patches),
            "pr_energy_score_patch_reference": (("time", "patch"), patches),
            "pr_crps_block_maximum": ("time", factor * best),
            "pr_crps_block_maximum_reference": ("time", best),
            "pr_histogram": (("time", "pr_bin"), np.roll(histogram, 5, axis=1)),
            "pr_histogram_reference": (("time", "pr_bin"), histogram),
        },
        {"time": time, "scale": [1.0], "patch": PATCHES},
    ).pipe(lambda ds: ds.assign({f"{name}_weight": weight for name in ds.data_vars}))


def ratios(daily: xr.Dataset) -> pd.DataFrame:
    pairs = [("model", "model")]
    settings = scores_fixtures.settings()
    return pair_rows({"model": daily}, {"model": 4}, pairs, reference_ratios, settings)


def test_the_interval_is_that_of_the_ratio_on_the_same_days() -> None:
    table = ratios(daily_file(1.1)).set_index(["metric", "scale"])
    assert list(table.index) == [
        ("energy_score_patch_ratio", 2.0),
        ("energy_score_patch_ratio", 4.0),
        ("crps_block_maximum_ratio", pytest.approx(np.nan, nan_ok=True)),
        ("p99_ratio", pytest.approx(np.nan, nan_ok=True)),
    ]
    assert table["value"].to_numpy()[:3] == pytest.approx([1.1] * 3)
    assert (table["upper"] - table["lower"]).to_numpy()[:3] == pytest.approx([0] * 3)
    assert table["value"].iloc[3] == pytest.approx(1.01**5)  # five bins of 1 % further


def test_without_a_best_possible_score_there_is_no_ratio() -> None:
    daily = daily_file(1.1)
    known = [name for name in daily.data_vars if "_reference" not in str(name)]
    assert ratios(daily[known]).empty
