"""Tables of stations on the page: which rows they show, and what they leave out."""

import pandas as pd
import pytest

from downbench.report.station_tables import station_tables

EXPERIMENT = {"models": ["bilinear", "unet"], "labels": {"unet": "UNet"}}


def row(**given) -> dict:
    """One row of the gathered table."""
    plain = {
        "part": "stations", "run": "", "stage": "training", "period": "present", "model": "unet",
        "driver": "perfect", "variable": "tas", "metric": "crps", "scale": 1.0,
        "threshold": float("nan"), "season": "all", "value": 1.0, "lower": 0.9, "upper": 1.1,
        "members": 8, "times": 120, "forecast": "ensemble", "extraction": "bilinear",
        "lapse_k_per_km": -5.5, "stations": "fed", "count": 11,
    }  # fmt: skip
    return plain | given


def tables(*rows: dict) -> dict[str, dict[str, list[str]]]:
    """Texts of the cells, by title and name of the line."""
    found = station_tables(pd.DataFrame(rows), EXPERIMENT, "perfect")
    return {t.title: {name: [c.text for c in cells] for name, cells in t.rows} for t in found}


def test_the_truth_comes_first_and_models_follow_with_their_place():
    free = {"metric": "mean_bias", "run": "gcm", "stage": "corrected", "driver": "gcm-corrected"}
    made = tables(
        row(value=2.0),
        row(value=0.5, forecast="target"),
        row(value=-1.0, **free),
        row(value=0.1, forecast="target", **free),
        row(value=-3.0, **free | {"run": "rcm-historical", "stage": "dynamical", "model": "rcm"}),
    )
    days, climate = made.values()
    assert days == {"Gridded target": ["0.500"], "UNet": ["2.00"]}
    assert climate == {
        "Gridded target": ["0.100"],
        "UNet, corrected gcm": ["−1.00"],
        "RCM": ["−3.00"],
    }
    assert list(made)[0].startswith("At 11 stations that fed the truth, test days: ")


@pytest.mark.parametrize("other", [{"extraction": "nearest"}, {"lapse_k_per_km": 0.0}])
def test_other_ways_of_reading_the_grid_are_left_to_the_tables(other):
    (made,) = tables(row(value=9.0, **other), row(value=2.0)).values()
    assert made["UNet"] == ["2.00"]


def test_rain_is_shown_though_nothing_corrects_it():
    (made,) = tables(row(variable="pr", lapse_k_per_km=0.0, value=2.0)).values()
    assert made["UNet"] == ["2.00"]


def test_stations_that_fed_the_truth_stand_apart():
    made = tables(row(value=2.0), row(value=3.0, stations="independent", count=4))
    assert [title.split(",")[0] for title in made] == [
        "At 4 stations that did not feed the truth",
        "At 11 stations that fed the truth",
    ]


def test_without_stations_there_is_no_table():
    assert not tables(row(part="climate"))
