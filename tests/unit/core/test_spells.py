"""Spells of consecutive days."""

import numpy as np

from downbench.core.calendar.whole_months import spells


def test_spells_are_consecutive_and_reach_both_ends():
    index = spells(1461, 12, 10).reshape(12, 10)
    assert (np.diff(index, axis=1) == 1).all()
    assert index[0, 0] == 0 and index[-1, -1] == 1460


def test_no_length_means_everything():
    assert list(spells(5, 2, None)) == [0, 1, 2, 3, 4]


def test_spells_that_would_overlap_mean_everything():
    assert len(spells(50, 12, 10)) == len(set(spells(50, 12, 10))) == 50
