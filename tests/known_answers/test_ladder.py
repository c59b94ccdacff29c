"""The verdict's scores tell apart ensembles of known order, each from the next lower one.

Spectra, block maxima and wet shares of blocks decide between an ensemble without the wind and one
that is exact in each cell; pointwise scores prefer the second.
"""

from itertools import pairwise

import pytest

import ladder_scores
from ladder_rungs import RUNGS, VARIABLES

LEAST_HALF_WIDTHS = 3


@pytest.mark.parametrize("variable", VARIABLES)
@pytest.mark.parametrize("better, worse", list(pairwise(RUNGS)))
def test_each_rung_is_told_from_the_next(better: str, worse: str, variable: str) -> None:
    widths = ladder_scores.half_widths(better, worse, variable)
    assert max(widths.values()) > LEAST_HALF_WIDTHS


@pytest.mark.parametrize("variable", VARIABLES)
@pytest.mark.parametrize("worse", RUNGS[1:])
def test_no_score_favours_a_rung_over_the_oracle(worse: str, variable: str) -> None:
    assert min(ladder_scores.half_widths("oracle", worse, variable).values()) > -1.5


@pytest.mark.parametrize("worse", RUNGS[1:])
def test_proper_scores_of_rain_tell_the_oracle_from_each_rung(worse: str) -> None:
    widths = ladder_scores.half_widths("oracle", worse, "pr")
    assert max(v for name, v in widths.items() if name != "Spectral distance") > LEAST_HALF_WIDTHS
