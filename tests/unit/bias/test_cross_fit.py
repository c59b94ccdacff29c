"""Years of a fit, blocks of years, and which fit maps which years."""

import numpy as np
import pytest

from downbench.bias import cross_fit
from downbench.core.errors import UserError

YEARS = tuple(range(1981, 1993))
LABELS = np.repeat(np.arange(1979, 1995), 3)


def test_blocks_are_consecutive_and_hold_every_year_once() -> None:
    blocks = cross_fit.blocks(YEARS, 5)
    assert [year for block in blocks for year in block] == list(YEARS)
    assert {len(block) for block in blocks} == {2, 3}
    assert cross_fit.blocks(YEARS, None) == ()


def test_a_fit_sees_all_years_but_those_of_its_block() -> None:
    blocks = cross_fit.blocks(YEARS, 4)
    full, *others = cross_fit.fits(YEARS, blocks, LABELS)
    assert set(LABELS[full]) == set(YEARS)
    for block, seen in zip(blocks, others, strict=True):
        assert set(LABELS[seen]) == set(YEARS) - set(block)


def test_every_time_is_mapped_once_and_by_a_fit_that_has_not_seen_it() -> None:
    blocks = cross_fit.blocks(YEARS, 4)
    seen = cross_fit.fits(YEARS, blocks, LABELS)
    parts = list(cross_fit.periods(LABELS, blocks, 30))
    assert sorted(np.concatenate([index for _, index in parts])) == list(range(LABELS.size))
    for number, index in parts:
        assert not seen[number][index].any()


def test_a_long_run_is_cut_into_stretches_of_like_length() -> None:
    labels = np.repeat(np.arange(2006, 2101), 2)
    parts = list(cross_fit.periods(labels, (), 30))
    assert {number for number, _ in parts} == {cross_fit.FULL}
    lengths = [np.unique(labels[index]).size for _, index in parts]
    assert sum(lengths) == 95 and max(lengths) <= 30 and max(lengths) - min(lengths) <= 1


def test_years_are_those_in_common_or_those_asked_for() -> None:
    model, truth = np.arange(1971, 2001), np.arange(1981, 2011)
    assert cross_fit.calibration_years(model, truth, None) == tuple(range(1981, 2001))
    assert cross_fit.calibration_years(model, truth, (1990, 1985)) == (1985, 1990)


def test_years_that_do_not_suffice_are_named() -> None:
    with pytest.raises(UserError, match="1971 are not in both.*share 1981–2000"):
        cross_fit.calibration_years(np.arange(1971, 2001), np.arange(1981, 2011), (1971, 1990))
    with pytest.raises(UserError, match="2041–2050.*1981–1990.*share no year"):
        cross_fit.calibration_years(np.arange(2041, 2051), np.arange(1981, 1991), None)
    with pytest.raises(UserError, match="cross_fit_blocks = 7.*12 calibration years"):
        cross_fit.blocks(YEARS, 7)
