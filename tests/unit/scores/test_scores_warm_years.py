"""Warm years against other held-out years: two samples that share no day."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from downbench.scores.climate.warm_years import warm_rows
from downbench.scores.paired.comparison import ReferenceModels
from scores_fixtures import settings

REFERENCES = ReferenceModels("climatology", "bcsd")
DAYS = 200


def daily(crps: np.ndarray, year: int) -> xr.Dataset:
    dims = ("time", "scale")
    return xr.Dataset(
        {
            "tas_crps": (dims, np.asarray(crps, float)[:, None]),
            "tas_crps_weight": (dims, np.ones((DAYS, 1))),
        },
        {"time": pd.date_range(f"{year}-01-01", periods=DAYS), "scale": [1]},
    )


def weather(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).gamma(4.0, 0.5, DAYS)


def compared(harder: float = 1.0, loss: float = 1.0) -> pd.DataFrame:
    """The network has 0.8 of the reference's CRPS, in warm years `loss` times that."""
    shares = {"bcsd": 1.0, "oracle": 0.6, "unet": 0.8}
    usual = {name: daily(share * weather(1), 2001) for name, share in shares.items()}
    warm = {name: daily(harder * share * weather(2), 2003) for name, share in shares.items()}
    warm["unet"] = daily(harder * loss * 0.8 * weather(2), 2003)
    return warm_rows(usual, warm, dict.fromkeys(shares, 8), REFERENCES, settings())


def pick(table: pd.DataFrame, metric: str, model: str = "unet") -> pd.Series:
    rows = table[(table["model"] == model) & (table["metric"] == metric)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_harder_weather_is_no_loss_of_skill():
    table = compared(harder=2.0)
    assert pick(table, "crps_difference")["lower"] > 0
    for measure in ("crps_skill_reference", "crps_ratio_oracle"):
        assert pick(table, f"{measure}_difference")["value"] == pytest.approx(0, abs=1e-9)


def test_a_planted_loss_of_skill_is_found():
    table = compared(loss=1.1)
    row = pick(table, "crps_skill_reference_difference")
    assert row["value"] == pytest.approx(0.8 - 0.88)
    assert row["upper"] < 0
    assert pick(table, "crps_skill_reference_test")["value"] == pytest.approx(0.2)
    assert pick(table, "crps_ratio_oracle_difference")["value"] == pytest.approx(0.08 / 0.6)


def test_the_two_samples_are_drawn_apart():
    """Were both drawn alike, blocks of the one would stand for blocks of the other."""
    table = compared()
    gap = pick(table, "crps_difference")
    parts = [pick(table, f"crps_{name}") for name in ("test", "warm")]
    width = np.hypot(*(part["upper"] - part["lower"] for part in parts))
    assert gap["upper"] - gap["lower"] == pytest.approx(width, rel=0.25)


def test_a_measure_against_oneself_is_left_out():
    table = compared()
    metrics = set(table.loc[table["model"] == "bcsd", "metric"])
    assert "crps_skill_reference_difference" not in metrics and "crps_warm" in metrics


def test_a_day_that_one_model_lacks_counts_for_none():
    """Trap T29, and the number of days that is told is that of the days used."""
    files = {name: daily(weather(1), 2003) for name in ("bcsd", "unet")}
    files["bcsd"]["tas_crps"][7] = 500.0
    files["unet"]["tas_crps_weight"][7] = 0.0
    usual = {name: daily(weather(2), 2001) for name in files}
    table = warm_rows(usual, files, dict.fromkeys(files, 8), REFERENCES, settings())
    row = pick(table, "crps_skill_reference_warm")
    assert (row["value"], row["times"]) == (pytest.approx(0.0), DAYS - 1)
