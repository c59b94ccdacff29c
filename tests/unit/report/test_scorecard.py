"""Scorecard and plain sentence of the front page, from known numbers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import fabricated_laws
import fabricated_results as made
from downbench.core.io.evidence import Evidence
from downbench.experiments.summaries import summary_of
from downbench.report.criteria import CRITERIA, Criterion
from downbench.report.front_page import render
from downbench.report.plain_sentence import sentence
from downbench.report.scorecard import Scorecard, scorecards
from downbench.report.summary import ExperimentSummary

CRITERION = {criterion.key: criterion for criterion in CRITERIA}
LABELS = {"a": "Model A", "b": "Model B", "c": "Model C", "d": "Model D", "oracle": "oracle"}
NUMBERS = {
    "a": {"crps_ratio_oracle": 1.02, "spread_skill": 1.0, "log_spectral_distance_log": 4.0},
    "b": {"crps_ratio_oracle": 1.03, "spread_skill": 0.8, "log_spectral_distance_log": 0.5},
    "c": {"crps_ratio_oracle": 1.30, "spread_skill": 0.5, "log_spectral_distance_log": 2.0},
    "d": {"crps_ratio_oracle": 1.50, "log_spectral_distance_log": 9.0},
    "oracle": {"crps_ratio_oracle": 1.0, "spread_skill": 1.0, "log_spectral_distance_log": 0.1},
}
ALIKE = {
    "rank_deviation": 0.01, "energy_score_patch": 1.05, "energy_score_patch_ratio": 1.05,
    "crps_block_maximum_ratio": 1.2, "p99_ratio": 0.975,
}  # fmt: skip
GRAIN = {"a": 4.0, "b": -0.5, "c": 0.0, "d": -9.0, "oracle": 0.0}
PAIRS = {("a", "b"): (-0.01, 0.02), ("a", "c"): (0.1, 0.3), ("a", "d"): (0.2, 0.4)}
"""Interval of the CRPS skill of the first model over the second."""


def comparison() -> pd.DataFrame:
    """Return the table of five models, of which A and B are tied."""
    rows = []
    for model, numbers in NUMBERS.items():
        for metric, value in (ALIKE | numbers).items():
            scale = {"crps_ratio_oracle": 1, "energy_score_patch": 4}.get(
                metric.removesuffix("_ratio"), np.nan
            )
            rows.append({"model": model} | made.row("pr", metric, value, scale=scale))
        for scale, power in ((10.0, GRAIN[model]), (90.0, 0.0)):
            rows.append(
                {"model": model} | made.row("pr", "spectral_power_band_log", power, scale=scale)
            )
    for (model, other), (lower, upper) in PAIRS.items():
        pair = made.row("pr", f"crps_skill_versus_{other}", (lower + upper) / 2, scale=1)
        rows.append({"model": model} | pair | {"lower": lower, "upper": upper})
    table = pd.DataFrame(rows).assign(blocks=12, confidence=0.95)
    table.loc[table["model"] == "d", "members"] = 1
    return table


def summary(table: pd.DataFrame, **section: object) -> ExperimentSummary:
    experiment = made.EXPERIMENT | {"models": list(LABELS), "labels": LABELS} | section
    files = Evidence({"comparison": {"perfect": table}})
    return summary_of(experiment, made.REGION, files, fabricated_laws.LAWS)


@pytest.fixture(scope="module")
def card() -> Scorecard:
    (only,) = scorecards([summary(comparison())], {"violations": "exp2"})
    return only


def texts(card: Scorecard, key: str) -> dict[str, tuple[str, str, str]]:
    """Number, level and mark by model."""
    place = [criterion.key for criterion in card.criteria].index(key)
    return {m: (c[place].text, c[place].level, c[place].mark) for m, _, c in card.rows}


def intervals(card: Scorecard, key: str) -> dict[str, str]:
    place = [criterion.key for criterion in card.criteria].index(key)
    return {model: cells[place].interval for model, _, cells in card.rows}


def test_models_are_sorted_by_accuracy_and_tied_models_share_the_mark(card: Scorecard) -> None:
    assert list(texts(card, "crps").items()) == [
        ("oracle", ("1.00", "good", "")),
        ("a", ("1.02", "good", "=")),
        ("b", ("1.03", "good", "=")),
        ("c", ("1.30", "poor", "")),
        ("d", ("1.50", "poor", "")),
    ]


def test_a_single_best_model_has_a_star_and_nothing_is_marked_without_pairs() -> None:
    table = comparison()
    tie = table["metric"] == "crps_skill_versus_b"
    table.loc[tie, "lower"] = 0.005
    (only,) = scorecards([summary(table)], {})
    assert [mark for _, _, mark in texts(only, "crps").values()] == ["", "★", "", "", ""]
    assert {mark for _, _, mark in texts(only, "spread").values()} == {""}


def test_levels_follow_the_distance_from_the_ideal(card: Scorecard) -> None:
    assert [level for _, level, _ in texts(card, "spread").values()] == [
        "good", "good", "fair", "poor", "missing"
    ]  # fmt: skip
    assert texts(card, "spectrum")["c"] == ("2.0", "fair", "")
    assert texts(card, "patches")["a"] == ("1.05", "good", "")
    assert texts(card, "maximum")["a"] == ("1.20", "fair", "")
    assert texts(card, "p99")["a"] == ("0.97", "good", "")
    assert texts(card, "ranks")["a"] == ("1.0", "good", "")
    assert texts(card, "ranks")["d"][1] == "missing"  # a single field


def test_a_missing_number_says_why(card: Scorecard) -> None:
    assert card.reasons == ["exp2 not run", "a single field has no spread"]


def test_nothing_is_better_than_the_best_possible() -> None:
    assert CRITERION["crps"].distance(0.9) == 0
    assert CRITERION["spread"].distance(0.8) == pytest.approx(2)
    assert CRITERION["training"].distance(5.0) is None
    assert isinstance(CRITERION["training"], Criterion)


def test_without_a_known_distribution_the_best_model_is_the_unit() -> None:
    table = comparison()
    rows = table[table["metric"] == "crps_ratio_oracle"].assign(metric="crps")
    rows["value"] *= 2
    known = table["metric"].isin(["crps_ratio_oracle", "energy_score_patch_ratio"])
    table = pd.concat([table[~known], rows])
    (only,) = scorecards([summary(table)], {})
    assert only.unit(CRITERION["crps"]) == "× best model"
    assert texts(only, "crps")["c"][0] == f"{1.30 / 1.02:.2f}"
    assert intervals(only, "crps") == {
        "a": "",
        "b": "0.99 … 1.02",
        "c": "1.11 … 1.43",
        "d": "1.25 … 1.67",
        "oracle": "",
    }  # of the skill of A over B, -0.01 to 0.02, and so on


def test_the_sentence_follows_from_the_numbers(card: Scorecard) -> None:
    assert sentence(card) == (
        "Model A and Model B have the lowest CRPS (1.02 × best possible); Model B is accurate and "
        "spatially realistic, fair in calibration and extremes; single members of Model A are "
        "pixel noise; Model C is poor in accuracy and calibration; Model D is too smooth."
    )


def test_the_sentence_says_that_no_ensemble_is_free_of_poor_marks(card: Scorecard) -> None:
    without = replace(card, ensembles=["a", "c"])
    assert "no ensemble is free of poor marks" in sentence(without)
    assert sentence(replace(card, competing=[])) == ""


def test_violations_come_from_the_experiment_on_physics() -> None:
    files = Evidence({"comparison": {"perfect": fabricated_laws.comparison()}})
    laws = summary_of(fabricated_laws.EXPERIMENT, made.REGION, files, fabricated_laws.LAWS)
    rain, warmth = scorecards([laws], {})
    assert texts(rain, "violations")["corrdiff"] == ("17.5", "fair", "")
    assert texts(rain, "violations")["corrdiff-hard"][:2] == ("0.0", "good")
    assert texts(warmth, "violations")["unet"][0] == "20.0"


def test_a_summary_is_read_as_it_was_written(tmp_path) -> None:
    first = summary(comparison())
    first.write(tmp_path / "exp1.json")
    assert ExperimentSummary.read(tmp_path / "exp1.json") == first


def test_a_page_without_scores_says_so() -> None:
    costs = pd.DataFrame([{"model": "a"} | made.row("", "training_cpu_s", 1.0)])
    shown = render([summary(costs.assign(variable=np.nan))], made.REGION, {}, {})
    assert "No model has a score" in shown


def test_intervals_are_on_the_page_and_in_hints() -> None:
    shown = render([summary(comparison())], made.REGION, {}, {})
    assert '<span class="interval">1.14 … 1.26</span>' in shown
    assert 'title="1.14 … 1.26"' in shown and 'data-export="csv"' in shown


def test_a_trial_budget_and_unfinished_trainings_have_a_banner() -> None:
    fall = {"model": "a"} | made.row("", "training_late_fall", 6.6) | {"variable": np.nan}
    late = summary(pd.concat([comparison(), pd.DataFrame([fall])]))
    run = {"budget": "standard", "trial": False}
    shown = render([late], made.REGION, run, {})
    assert "Longer training would help 1 model" in shown and "Model A 6.6" in shown
    assert "Do not quote" not in shown
    assert "tries the workflow" in render(
        [late], made.REGION, run | {"budget": "demo", "trial": True}, {}
    )
    done = render([summary(comparison())], made.REGION, run, {})
    assert "Do not quote" not in done and "Longer training" not in done
