"""Places in the chain, and verdicts from made-up tables."""

import numpy as np
import pandas as pd
import pytest

from downbench.core.config.region.climate_runs import RunPair
from downbench.scores.climate.driver_chain import CHAIN_COLUMNS, chain_positions
from downbench.scores.verdicts.climate_evidence import ClimateEvidence
from downbench.scores.verdicts.climate_models import verdicts

EXPERIMENT = {
    "transferred": ["bilinear", "bcsd", "corrdiff"],
    "reference_model": "bcsd",
    "labels": {"corrdiff": "CorrDiff", "bcsd": "BCSD"},
    "tolerances": {
        "added_bias_percent": 10,
        "bias_removed_percent": 50,
        "signal_deviation_percent": 20,
        "skill_points": 5,
    },  # fmt: skip
}
STAGES = ("training", "raw", "corrected")


def row(part: str, stage: str, metric: str, value: float, half: float, **more) -> dict:
    base = dict.fromkeys(CHAIN_COLUMNS, np.nan) | {
        "part": part, "stage": stage, "model": "corrdiff", "variable": "tas", "season": "all",
        "period": "present", "run": "" if stage == "training" else "gcm", "metric": metric,
        "value": value, "lower": value - half, "upper": value + half,
    }  # fmt: skip
    return base | more


def table(
    distances=(0.2, 1.5, 0.3), half=0.1, kept=(1.0, 0.1), fall=(0.0, 0.02), asked=50
) -> pd.DataFrame:
    base, raw, mapped = distances
    rows = [
        row("climate", stage, "wasserstein_pooled", value, half)
        for stage, value in zip(STAGES, distances, strict=True)
    ]
    left = mapped - (1 - asked / 100) * raw - asked / 100 * base
    for stage, name, value, more in (
        ("raw", "baseline", base, {}),
        ("raw", "added_bias", raw - base, {}),
        ("corrected", "removed_bias", raw - mapped, {}),
        ("corrected", "residual_bias", left, {"threshold": asked}),
    ):
        rows.append(
            row("bias_contribution", stage, f"wasserstein_pooled_{name}", value, half, **more)
        )
    for quantity in ("mean", "p99"):
        for metric, value in ((f"signal_ratio_{quantity}", kept[0]), (f"change_{quantity}", 3.0)):
            rows.append(row("change", "corrected", metric, value, kept[1], period="change"))
    for name, value in (("test", 0.2), ("warm", 0.2 + fall[0]), ("difference", fall[0])):
        rows.append(row("warm", "training", f"crps_skill_reference_{name}", value, fall[1]))
    return pd.DataFrame(rows)


def labels(**changed) -> list[str]:
    return [one.label for one in verdicts(table(**changed), EXPERIMENT)]


def test_clear_numbers_support_every_claim():
    assert labels() == ["supported"] * 4


@pytest.mark.parametrize(
    ("changed", "claim", "label"),
    [
        ({"distances": (1.5, 0.9, 0.3)}, 0, "not supported"),
        ({"half": 2.0}, 0, "inconclusive"),
        ({"distances": (0.92, 0.9, 0.9), "half": 0.05}, 0, "equivalent"),
        ({"distances": (0.2, 1.5, 1.4)}, 1, "not supported"),
        ({"distances": (0.2, 1.5, 0.8)}, 1, "inconclusive"),
        ({"distances": (1.5, 0.9, 0.3)}, 1, "inconclusive"),  # nothing to fix
        ({"asked": 40}, 1, "not applicable"),  # made for another tolerance
        ({"kept": (0.5, 0.1)}, 2, "not supported"),
        ({"kept": (1.1, 0.3)}, 2, "inconclusive"),
        ({"fall": (-0.2, 0.02)}, 3, "not supported"),
        ({"fall": (-0.05, 0.02)}, 3, "inconclusive"),
    ],
)
def test_each_claim_can_fail(changed, claim, label):
    assert labels(**changed)[claim] == label


def test_sentences_hold_numbers_and_intervals():
    first, second, third, fourth = verdicts(table(), EXPERIMENT)
    assert "1.50 (1.40 to 1.60) K under gcm" in first.sentences[1]
    assert "the run adds +1.3 (+1.2 to +1.4)" in first.sentences[1]
    assert "92 % of the added bias removed" in second.sentences[1]
    assert "a removal of 50 % the distance is −0.55 (−0.65 to −0.45) K" in second.sentences[1]
    assert "1.00 (0.90 to 1.10) of the raw run's" in third.sentences[1]
    assert "over BCSD" in fourth.sentences[1]
    assert (
        "from the reference climate: daily mean temperature +1.3 K (1 supported)"
        in first.sentences[0]
    )
    assert "removes: daily mean temperature 92 % (1 supported)." in second.sentences[0]
    assert "other test years: daily mean temperature " in fourth.sentences[0]


def test_without_a_run_nothing_can_be_judged():
    nothing = pd.DataFrame(columns=list(CHAIN_COLUMNS))
    assert {one.label for one in verdicts(nothing, EXPERIMENT)} == {"not applicable"}


def test_the_interval_of_a_difference_is_read_and_not_made_of_those_of_its_parts():
    """Distances that share their weather: each is unsure, their difference is not."""
    found = table(half=2.0)
    sure = found["part"] == "bias_contribution"
    found.loc[sure, "lower"], found.loc[sure, "upper"] = found["value"] - 0.1, found["value"] + 0.1
    assert [one.label for one in verdicts(found, EXPERIMENT)[:2]] == ["supported"] * 2


def test_every_driver_has_its_place():
    pairs = {
        "gcm": RunPair(historical="a", future="b"),
        "gcm-corrected": RunPair(historical="c", future="d"),
    }
    known = chain_positions(pairs, "perfect")
    assert (known["perfect"].stage, known["a"].stage, known["d"].stage) == STAGES
    assert known["d"].run == "gcm" and known["d"].period == "future"
    assert known["gcm-corrected"].period == "change"


def test_variables_are_those_that_were_downscaled() -> None:
    """Rows of predictor shift name predictors, and all of them together."""
    table = pd.DataFrame(
        {"variable": ["pr", "tasmax", "all", "uas"], "part": ["climate", "warm", "shift", "shift"]}
    )
    assert ClimateEvidence(table, {}).variables == ["pr", "tasmax"]
