"""The claims about two models: every outcome, its sentence, and what no claim may rest on."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.special import ndtri
from scipy.stats import t as student

import fabricated_results
from downbench.core.metric_names import claim_scores
from downbench.scores.paired.claim_scores import proper_scores
from downbench.scores.paired.comparison import ReferenceModels, skill_rows
from downbench.scores.paired.losses import LOSSES
from downbench.scores.verdicts.dependent_members import suspicions, without_suspects
from downbench.scores.verdicts.skill import verdicts
from downbench.scores.verdicts.training_seeds import KEYS, over_seeds
from downbench.scores.verdicts.verdict import Verdict
from scores_fixtures import settings


def judged(table: pd.DataFrame | None = None, **experiment: object) -> list[Verdict]:
    table = fabricated_results.comparison(["pr", "tasmax"]) if table is None else table
    return verdicts(table, fabricated_results.EXPERIMENT | experiment)


def changed(
    metric: str, ends: tuple[float, float], scale: float = np.nan, variables=("pr", "tasmax")
) -> pd.DataFrame:
    """The comparison with another interval of one difference."""
    table = fabricated_results.comparison(["pr", "tasmax"])
    rows = table["metric"] == f"{metric}_versus_bnn-dropout"
    rows &= table["scale"].eq(scale) | (table["scale"].isna() & np.isnan(scale))
    rows &= table["variable"].isin(variables)
    rows &= table["model"] == "corrdiff"
    assert rows.any()
    table.loc[rows, ["value", "lower", "upper"]] = (sum(ends) / 2, *ends)
    return table


def test_each_claim_has_its_verdict_and_one_sentence() -> None:
    texture, calibration, crps = judged()
    assert texture.claim.startswith("CorrDiff has a more realistic spatial structure than MC")
    assert texture.label == "supported"
    assert texture.sentences == [
        "Rain: better by 3 of 3 scores; daily maximum temperature: better by 3 of 3 scores."
    ]
    assert calibration.label == "inconclusive"
    assert crps.label == "not supported" and "worse by CRPS" in crps.sentences[0]
    assert {test.tests for test in texture.tests} == {12}


@pytest.mark.parametrize(
    ("metric", "scale", "ends", "label"),
    [
        ("spectral_distance", np.nan, (3.0, 4.0), "not supported"),  # farther than the rival
        ("spectral_distance", np.nan, (-0.2, 0.3), "supported"),  # a tie in one of three scores
        ("spectral_distance", np.nan, (-3.0, 2.5), "inconclusive"),  # may be much worse
        ("spectral_distance", np.nan, (-3.0, 0.5), "supported"),  # undecided, but no worse
        ("crps_skill", 4, (-0.14, -0.1), "not supported"),
    ],
)
def test_several_scores_of_one_quality(metric: str, scale: float, ends, label: str) -> None:
    assert judged(changed(metric, ends, scale))[0].label == label


@pytest.mark.parametrize(
    ("ends", "label", "words"),
    [
        ((-0.05, -0.03), "supported", "Rain: better"),
        ((-0.002, 0.004), "equivalent", "Rain: equivalent"),
        ((0.03, 0.05), "not supported", "Rain: worse by CRPS"),
        ((-0.01, 0.03), "inconclusive", "needs a difference of at least 3.0 % in CRPS"),
        ((np.nan, np.nan), "inconclusive", "too few blocks of {day}s"),
    ],
)
def test_the_rival_is_favoured_by_a_negative_skill(ends, label: str, words: str) -> None:
    verdict = judged(changed("crps_skill", ends, 1))[2]
    assert verdict.label == label and words in verdict.sentences[0]


def test_a_claim_holds_for_every_variable_or_not_at_all() -> None:
    better, tie = (-0.05, -0.03), (-0.002, 0.004)
    table = changed("crps_skill", tie, 1, ["tasmax"])
    rain = changed("crps_skill", better, 1, ["pr"])
    table = pd.concat([table[table["variable"] != "pr"], rain[rain["variable"] == "pr"]])
    verdict = judged(table)[2]
    assert verdict.label == "not supported"
    assert verdict.sentences[0] == "Rain: better; daily maximum temperature: equivalent."


@pytest.mark.parametrize(
    ("ends", "label"),
    [((0.0, 0.02), "supported"), ((0.03, 0.05), "not supported"), ((0.01, 0.04), "inconclusive")],
)
def test_an_ensemble_whose_ranks_are_not_flat_is_not_calibrated(ends, label: str) -> None:
    table = changed("spread_skill_error", (0.1, 0.2))
    own = (table["metric"] == "rank_deviation") & (table["model"] == "bnn-dropout")
    table.loc[own, ["value", "lower", "upper"]] = (sum(ends) / 2, *ends)
    verdict = judged(table)[1]
    assert verdict.label == label
    assert verdict.sentences[1].startswith("Ranks of MC dropout: rain ")


def test_an_unknown_interval_is_said_and_never_nan() -> None:
    table = changed("spread_skill_error", (np.nan, np.nan))
    table[["lower", "upper"]] = np.nan
    words = " ".join(sentence for verdict in judged(table) for sentence in verdict.sentences)
    assert "interval unknown: too few blocks" in words and "nan" not in words.lower()


def test_better_than_the_oracle_is_leakage_or_dependence_and_never_skill() -> None:
    table = fabricated_results.comparison(["pr", "tasmax"])
    assert suspicions(table) == {}
    rows = (table["metric"] == "crps_ratio_oracle") & (table["model"] == "bnn-dropout")
    table.loc[rows & (table["variable"] == "pr"), ["value", "lower", "upper"]] = (0.94, 0.93, 0.95)
    ratios = suspicions(table)
    words = "dependent members or leakage: CRPS below the oracle's, ratio 0.940 for rain"
    assert ratios == {"bnn-dropout": f"{words} (0.930 to 0.950)"}
    for verdict in judged(table):
        guarded = without_suspects(verdict, ratios, fabricated_results.LABELS)
        assert guarded.label == "not applicable"
        assert guarded.sentences[0].startswith("MC dropout: dependent members or leakage: ")
    others = judged(table, challenger="corrdiff", rival="unet-dressed")
    assert without_suspects(others[0], ratios, {}) == others[0]


@pytest.mark.parametrize("metric", ["mean_noise_ratio", "halves_distance_ratio"])
@pytest.mark.parametrize(("upper", "suspects"), [(0.5, {"corrdiff"}), (0.99, set())])
def test_dependence_that_needs_no_oracle_is_a_sign_too(
    metric: str, upper: float, suspects: set[str]
) -> None:
    """It must be far below 1: an ensemble that predicts no detail is at 1."""
    row = fabricated_results.row("pr", metric, upper - 0.05)
    row |= {"model": "corrdiff", "lower": upper - 0.1, "upper": upper}
    assert set(suspicions(pd.DataFrame([row]))) == suspects


def test_without_models_claims_or_rows_nothing_is_judged() -> None:
    (verdict,) = judged(paired_claims=[])
    assert verdict.label == "not applicable" and "paired_claims in config" in verdict.sentences[0]
    table = fabricated_results.comparison(["pr"])
    for verdict in judged(table[table["model"] != "corrdiff"]):
        assert verdict.label == "not applicable" and "not complete" in verdict.sentences[0]


def test_seeds_that_agree_change_nothing_and_seeds_that_differ_decide_nothing() -> None:
    table = fabricated_results.comparison(["pr"])
    same = over_seeds([table] * 3)
    columns = ["value", "lower", "upper", "blocks"]
    expected = table.set_index([*KEYS])[columns].dropna()
    assert same.set_index([*KEYS]).loc[expected.index, columns].to_numpy() == pytest.approx(
        expected.to_numpy()
    )
    crps = table["metric"] == "crps_skill_versus_bnn-dropout"
    seeds = [table.assign(value=table["value"] + crps * shift) for shift in (-0.03, 0.0, 0.03)]
    for seed, shift in zip(seeds, (-0.03, 0.0, 0.03), strict=True):
        seed[["lower", "upper"]] = table[["lower", "upper"]].add(crps * shift, axis=0)
    rows = over_seeds(seeds).set_index(["model", "metric"])
    row = rows.loc[("corrdiff", "crps_skill_versus_bnn-dropout")].query("scale == 1").iloc[0]
    half = student.ppf(0.975, 2) * 0.03 / np.sqrt(3)
    assert row["upper"] - row["value"] == pytest.approx(half, rel=0.02)
    assert judged(over_seeds(seeds))[2].label == "inconclusive"


def test_members_that_depend_on_each_other_are_named() -> None:
    """One member in each sixteenth of the true distribution: fair scores are not fair to them."""
    rng = np.random.default_rng(0)
    shape = (80, 16, 60)
    strata = rng.permuted(np.broadcast_to(np.arange(16)[None, :, None], shape), axis=1)
    stratified = ndtri((strata + rng.random(shape)) / 16)
    reference = rng.normal(size=(80, 60))
    files = {
        name: daily(_fair_crps(members, reference))
        for name, members in {"oracle": rng.normal(size=shape), "lhs": stratified}.items()
    }
    references = ReferenceModels("oracle", "oracle")
    ratios = skill_rows(files, dict.fromkeys(files, 16), references, settings())
    assert list(suspicions(ratios)) == ["lhs"]


def _fair_crps(members: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Mean over cells (day,), as if the members were independent."""
    distance = abs(members[:, :, None] - members[:, None]).sum(axis=(1, 2))
    error = abs(members - reference[:, None]).mean(axis=1)
    return (error - distance / (2 * 16 * 15)).mean(axis=1)


def daily(crps: np.ndarray) -> xr.Dataset:
    """Daily file of these scores."""
    values, time = crps[:, None], pd.date_range("2001-01-01", periods=len(crps))
    return xr.Dataset(
        {
            "pr_crps": (("time", "scale"), values),
            "pr_crps_weight": (("time", "scale"), np.ones_like(values)),
        },
        {"time": time, "scale": [1]},
    )


def test_the_configuration_offers_the_scores_that_a_claim_can_have():
    """They are read without an import of the metrics, and have to be the same."""
    assert set(proper_scores()) | set(LOSSES) == set(claim_scores())
