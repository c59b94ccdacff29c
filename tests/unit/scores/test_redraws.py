"""Other outcomes of the same days: scores are means over them, and wrong stores are refused."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import scores_fixtures
from downbench.core.errors import UserError
from downbench.scores.metrics import blocks, crps, multivariate, patches, reliability, tails
from downbench.scores.paired_fields import fields
from downbench.scores.redraws import aligned_redraws

DAYS, MEMBERS, REDRAWS, SIDE = 3, 4, 5, 16
SCORES = {
    "crps", "twcrps", "brier", "energy_score", "variogram_score", "energy_score_patch",
    "crps_block_maximum", "crps_wet_fraction",
}  # fmt: skip


@pytest.mark.parametrize("separate", [True, False])
def test_scores_are_means_over_the_outcomes(separate: bool) -> None:
    rng = np.random.default_rng(0)
    size = MEMBERS + REDRAWS
    rain = scores_fixtures.rain_like(scores_fixtures.smooth_noise(rng, DAYS, size, SIDE, SIDE))
    members, outcomes = rain[:, :MEMBERS], rain[:, MEMBERS:]
    context = scores_fixtures.some_context(members, outcomes[:, 0], "pr")
    context = replace(context, separate_halves=separate)

    def scores(reference: np.ndarray, redraws: np.ndarray | None = None) -> dict[str, np.ndarray]:
        day = fields(members, reference, np.ones((SIDE, SIDE)), ("a", "b", "c"), redraws)
        families = (crps, tails, reliability, multivariate, patches, blocks)
        sums = {k: v for family in families for k, v in family.daily(day, context).items()}
        return {name: sums[name].total / sums[name].weight for name in SCORES}

    over_all = scores(outcomes[:, 0], outcomes)
    one_by_one = [scores(outcomes[:, number]) for number in range(REDRAWS)]
    for name in SCORES:
        mean = np.mean([found[name] for found in one_by_one], axis=0)
        np.testing.assert_allclose(over_all[name], mean, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    "change, message",
    [
        (lambda redraws: redraws.isel(time=slice(1, None)), "1 evaluated times, the first 2001"),
        (lambda redraws: redraws.drop_vars("pr"), "lack pr"),
        (lambda redraws: redraws.assign_coords(lat=redraws.lat + 1), "lat differs"),
    ],
)
def test_redraws_of_something_else_are_refused(change, message) -> None:
    time = pd.date_range("2001-01-01", periods=DAYS)
    rain = np.ones((DAYS, REDRAWS, SIDE, SIDE))
    redraws = scores_fixtures.ensemble(time, pr=rain)
    reference = scores_fixtures.target(time, pr=rain[:, 0])
    assert aligned_redraws(redraws, reference, ["pr"])["pr"].sizes["member"] == REDRAWS
    with pytest.raises(UserError, match=message):
        aligned_redraws(change(redraws), reference, ["pr"])
