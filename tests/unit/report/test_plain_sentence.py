"""The plain sentence where numbers or ensembles are missing."""

import numpy as np
import pytest

from downbench.report.criteria import OF_COMPARISON
from downbench.report.plain_sentence import sentence
from downbench.report.score_cells import OF_BEST_MODEL, score_cell
from downbench.report.scorecard import Scorecard
from downbench.report.summary import ScoreCell

GOOD = {"crps": 1.0, "spread": 1.0, "ranks": 1.0, "spectrum": 0.5, "patches": 1.0, "maximum": 1.0}
PARTS = {"crps": 1.0, "spread": 1.0, "maximum": 1.0}
"""Without texture."""


def cells(model: str, numbers: dict[str, float], unit: str = "") -> dict[tuple, ScoreCell]:
    """Return cells of one model."""
    criteria = (criterion for criterion in OF_COMPARISON if criterion.key in numbers)
    return {
        (model, c.key): score_cell(
            c, "pr", model, (numbers[c.key], np.nan, np.nan), unit if c.one_sided else ""
        )
        for c in criteria
    }


def card(numbers: dict[str, float], grain: float = 0.0, unit: str = "", **more) -> Scorecard:
    """Return a card of the one model A."""
    values = {
        "driver": "perfect", "variable": "pr", "criteria": OF_COMPARISON,
        "cells": cells("a", numbers, unit), "labels": {"a": "A"}, "main": ["a"], "source": "exp1",
        "competing": ["a"], "ensembles": ["a"], "grain": {"a": grain}, "sources": {},
    }  # fmt: skip
    return Scorecard(**values | more)


@pytest.mark.parametrize(
    "shown, end",
    [
        (card(PARTS), "A is not scored in full."),
        (card(PARTS, ensembles=[]), "A has the lowest CRPS (1.00 )."),
        (card(GOOD | {"spectrum": 2.5}, 3.1), "; single members of A are pixel noise."),
        (card(GOOD, -3.2), "(1.00 ); A is too smooth."),
        (card(PARTS, 9.0, ensembles=[]), "A has the lowest CRPS (1.00 )."),
        (
            card(GOOD, unit=OF_BEST_MODEL),
            "A is calibrated, among the best in accuracy, texture and extremes.",
        ),
        (card(GOOD | {"crps": 2.0}), "no ensemble is free of poor marks; A is poor in accuracy."),
    ],
)
def test_the_sentence_says_only_what_the_numbers_show(shown: Scorecard, end: str) -> None:
    text = sentence(shown)
    assert text.endswith(end)
    assert ("free of poor marks" in text) == ("free of poor marks" in end)
