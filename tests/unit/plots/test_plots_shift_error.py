"""Shift against error: the table's numbers at their places, words that do not collide."""

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from downbench.core.errors import UserError
from downbench.core.io.evidence import Evidence
from downbench.plots import style
from downbench.plots.figures import shift_error
from downbench.plots.inputs import FigureInputs
from downbench.scores.climate.driver_chain import CHAIN_COLUMNS
from figure_texts import beyond_the_page, collisions

matplotlib.use("agg")

STAGES = {"training": (0.1, 0.52, 0.2), "raw": (0.7, 0.98, 1.1), "corrected": (0.15, 0.6, 0.4)}
"""Shift of the own predictor, joint shift, error in winter and over the year."""
MODELS = ["bcsd", "unet", "corrdiff"]


def row(part, stage, model, variable, metric, value, season="all") -> dict:
    about = {"part": part, "run": "gcm", "stage": stage, "period": "present", "model": model}
    ends = {"value": value, "lower": value - 0.05, "upper": value + 0.05}
    known = about | ends | {"driver": stage, "variable": variable, "metric": metric}
    return dict.fromkeys(CHAIN_COLUMNS, np.nan) | known | {"season": season}


def transfer() -> pd.DataFrame:
    rows = []
    for stage, (own, joint, error) in STAGES.items():
        for season in ("all", "DJF"):
            rows.append(row("shift", stage, "driver", "all", shift_error.JOINT, joint, season))
            for variable in ("pr", "tasmax"):
                rows.append(row("shift", stage, "driver", variable, shift_error.OWN, own, season))
                rows += [
                    row("climate", stage, m, variable, shift_error.ERROR, error + i / 10, season)
                    for i, m in enumerate(MODELS)
                ]
    far = row("climate", "raw", "bcsd", "pr", shift_error.ERROR, 99.0) | {"period": "future"}
    return pd.DataFrame([*rows, far])


def inputs(table: pd.DataFrame | None) -> FigureInputs:
    scores = {m: pd.DataFrame({"variable": ["pr", "tasmax"], "members": 2}) for m in MODELS}
    return FigureInputs(
        experiment={"models": MODELS, "labels": {}},
        region={"targets": ["pr", "tasmax"]},
        evidence=Evidence(
            {
                "scores": scores,
                "driver_chain": {} if table is None else {"perfect": table},
            }
        ),
    )


@pytest.fixture(autouse=True)
def looks():
    with style.settings():
        yield
    plt.close("all")


def test_every_model_and_stage_is_at_its_shift_and_error() -> None:
    figure = shift_error.draw(inputs(transfer()))
    assert len(figure.axes) == 4
    for axes, place in zip(figure.axes[:2], (0, 1), strict=True):
        found = {
            (round(line.get_xdata()[0], 3), round(line.get_ydata()[0], 3))
            for line in axes.get_lines()
            if line.get_marker() in "o^s" and line.get_markersize() > 3
        }
        want = {
            (numbers[place], round(numbers[2] + i / 10, 3))
            for numbers in STAGES.values()
            for i in range(len(MODELS))
        }
        assert found == want


def test_words_neither_collide_nor_leave_the_page() -> None:
    figure = shift_error.draw(inputs(transfer()))
    assert collisions(figure) == []
    assert beyond_the_page(figure) == []


@pytest.mark.parametrize("table", [None, transfer()[lambda t: t["part"] == "climate"]])
def test_without_shift_or_climate_it_is_reported(table) -> None:
    with pytest.raises(UserError, match="shift-error"):
        shift_error.draw(inputs(table))
