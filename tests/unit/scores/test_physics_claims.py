"""The three claims about physics: every outcome, its numbers, its floors, and its reasons."""

import numpy as np
import pandas as pd
import pytest

import fabricated_laws as made
from downbench.scores.verdicts.decisions import NOT_APPLICABLE
from downbench.scores.verdicts.physics_claims import verdicts
from downbench.scores.verdicts.verdict import Verdict


def judged(table: pd.DataFrame | None = None, **claims: object) -> list[Verdict]:
    experiment = made.EXPERIMENT | {"claims": made.CLAIMS | claims}
    return verdicts(made.comparison() if table is None else table, experiment, made.LAWS)


def changed(
    model: str, metric: str, values: tuple[float, float, float], variable: str = "pr"
) -> pd.DataFrame:
    """The comparison with other values of one metric of one model, at every tolerance."""
    table = made.comparison()
    rows = (table["metric"] == metric) & (table["variable"] == variable)
    rows &= (table["model"] == model) if model else True
    table.loc[rows, ["value", "lower", "upper"]] = values
    return table


def test_claims_stand_in_the_order_of_the_hypothesis() -> None:
    found = judged()
    assert [one.label for one in found] == ["supported"] * 3
    assert "15–20 %" in found[0].claim and "under 5 %" in found[1].claim
    assert "blurs" in found[2].claim


@pytest.mark.parametrize(
    ("values", "first", "second"),
    [
        ((0.175, 0.16, 0.19), "supported", "not supported"),
        ((0.175, 0.14, 0.19), "inconclusive", "not supported"),
        ((0.40, 0.35, 0.45), "not supported", "not supported"),
        ((0.04, 0.02, 0.06), "not supported", "inconclusive"),
        ((0.04, 0.03, 0.049), "not supported", "supported"),
        ((0.175, np.nan, np.nan), "inconclusive", "inconclusive"),
    ],
)
def test_an_interval_decides(values: tuple[float, float, float], first: str, second: str) -> None:
    metric = "rain_beyond_budget_cells"
    assert judged(changed("corrdiff", metric, values))[0].label == first
    assert judged(changed("corrdiff-phy", metric, values))[1].label == second


def test_the_literal_rate_is_reported_but_not_judged_by_where_the_truth_breaks_it() -> None:
    sentences = " ".join(judged()[0].sentences)
    assert "complete moisture budget supplies" in sentences
    assert "the reference itself violates it in 40.0 %" in sentences
    table = changed("", "rain_without_moisture_cells_reference", (0.01, 0.0, 0.02))
    first = judged(table)[0]
    assert "evaporation and flux convergence supply; claimed" in first.sentences[0]
    assert not any("violates it" in sentence for sentence in first.sentences)


def test_without_a_budget_mass_is_judged() -> None:
    table = made.comparison()
    first = judged(table[~table["metric"].str.startswith("rain_")])[0]
    assert "the block mean of rain differs from the driver's" in first.sentences[0]
    assert first.label == "supported"


def test_where_the_truth_itself_breaks_every_law_nothing_can_be_judged() -> None:
    """Trap T23: with other drivers the driver is not the block mean of the truth."""
    table = made.comparison()
    table = table[~table["metric"].str.startswith("rain_")]
    rows = table["metric"] == "mass_violation_rate_reference"
    table.loc[rows, ["value", "lower", "upper"]] = (0.9, 0.88, 0.92)
    first, second, third = judged(table)
    assert (first.label, second.label) == (NOT_APPLICABLE, NOT_APPLICABLE)
    assert "the reference itself violates it in 90.0 %" in " ".join(first.sentences)
    assert third.label == "supported"  # the price needs no law
    assert first.numbers.empty


def test_rates_stand_beside_their_floors_tolerances_and_the_sentence_on_hard_layers() -> None:
    """Trap T24: a rate without its floor, and a hard layer's zero, say nothing."""
    first, second, _ = judged()
    for one in (first, second):
        message = " ".join(one.sentences)
        assert "exceeds 0.1 mm day⁻¹ and 5 % of the rain" in message
        assert "reference 0 %, coarse input 0 %, bilinear interpolation 41.0 %" in message
    assert "CorrDiff at tolerances of 1, 5, 20 %: 21.0, 17.5, 8.8 %" in " ".join(first.sentences)
    assert "CorrDiff, hard layer 0 % / 0.0 %" in " ".join(second.sentences)
    assert second.sentences[-1].startswith("The zero of a hard layer is by construction")


def test_a_model_that_dries_out_is_found_out() -> None:
    """Too little rain keeps a one-sided law, so what it does with mass stands beside."""
    second = judged(changed("corrdiff-phy", "mass_violation_rate", (0.9, 0.8, 1.0)))[1]
    message = " ".join(second.sentences)
    assert "Excess or deficit" in message and "CorrDiff, physics loss in 90.0 %" in message


@pytest.mark.parametrize(
    ("metric", "variable", "values", "label"),
    [
        ("log_spectral_distance_versus_corrdiff", "pr", (1.4, 1.2, 1.6), "not supported"),
        ("log_spectral_distance_versus_corrdiff", "pr", (0.9, 0.7, 1.1), "inconclusive"),
        ("log_spectral_distance_versus_corrdiff", "tasmax", (-3.0, -4.0, -2.0), "supported"),
        ("p99_versus_corrdiff", "pr", (-0.08, -0.1, -0.06), "not supported"),
        ("p99_versus_corrdiff", "pr", (0.08, 0.06, 0.1), "not supported"),
        ("crps_skill_versus_corrdiff", "tasmax", (-0.04, -0.05, -0.03), "not supported"),
        ("crps_skill_versus_corrdiff", "pr", (0.04, 0.03, 0.05), "supported"),
        ("spread_skill_versus_corrdiff", "pr", (-0.06, -0.08, -0.04), "inconclusive"),
    ],
)
def test_the_price_has_tolerances(
    metric: str, variable: str, values: tuple[float, float, float], label: str
) -> None:
    assert judged(changed("corrdiff-phy", metric, values, variable))[2].label == label


def test_the_price_is_reported_in_the_units_of_its_tolerances_with_the_sign_of_the_blur() -> None:
    message = " ".join(judged()[2].sentences)
    assert "P99 −1.00 % (−1.20 to −0.80 %; tolerance ±5 %): supported" in message
    assert "fair CRPS +0.50 % (+0.40 to +0.60 %; tolerance +2 %)" in message
    power = "Power of rain at 181, 45, 11 km: −0.10, −0.80, +0.60 dB"
    assert f"{power}: smoother at 45 km and rougher at 11 km" in message
    table = changed("corrdiff-phy", "spectral_power_band_versus_corrdiff", (0.0, -0.1, 0.1))
    assert "neither smoother nor rougher" in " ".join(judged(table)[2].sentences)


def test_a_claim_about_models_that_take_no_part_cannot_be_judged() -> None:
    table = made.comparison()
    found = judged(table[~table["model"].str.startswith("corrdiff")])
    assert [one.label for one in found] == [NOT_APPLICABLE] * 3
    unguided = judged(table[table["model"] != "corrdiff-phy"])
    assert [one.label for one in unguided] == ["supported", NOT_APPLICABLE, NOT_APPLICABLE]


def test_the_numbers_are_rows_of_the_comparison() -> None:
    first, _, third = judged()
    assert set(first.numbers["model"]) == set(made.LABELS)
    assert (first.numbers["threshold"] == 5).all()
    assert set(third.numbers["model"]) == {"corrdiff-phy"}
    assert third.numbers["metric"].str.endswith("_versus_corrdiff").all()
