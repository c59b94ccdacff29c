"""Fractions skill score: by hand, a displaced band, and against the package scores."""

import numpy as np
import pytest
import xarray as xr
from scores.spatial import fss_2d

import scores_fixtures
from downbench.scores.metrics import fractions
from downbench.scores.paired_fields import PairedFields
from downbench.scores.statistics import means

CELLS = 32
SIDES = (1, 3, 5, 9)


def scores(members: np.ndarray, reference: np.ndarray) -> dict[float, float]:
    """FSS at 1 mm day-1 by side, of members (day, member, y, x)."""
    fine: PairedFields = scores_fixtures.some_fields(members, reference)
    context = scores_fixtures.some_context(members, reference, "pr")
    sums = fractions.daily(fine, context)
    table = fractions.rows(means(sums, np.ones((1, len(members))), 1), context)
    return {row.scale: float(row.value[0]) for row in table if row.threshold == 1}


def band(column: int) -> np.ndarray:
    """One day with rain in one column of cells."""
    rain = np.zeros((1, CELLS, CELLS))
    rain[:, :, column] = 5
    return rain


def test_identical_fields_have_one_and_fields_far_apart_zero() -> None:
    assert list(scores(band(8)[:, None], band(8))) == list(SIDES)
    assert list(scores(band(8)[:, None], band(8)).values()) == pytest.approx([1, 1, 1, 1])
    assert list(scores(band(8)[:, None], band(24)).values()) == pytest.approx([0, 0, 0, 0])
    assert np.isnan(scores(0 * band(8)[:, None], 0 * band(8))[1])


@pytest.mark.parametrize("shift", [2, 4])
def test_a_displaced_band_is_useful_at_twice_its_displacement(shift: int) -> None:
    """1 − d / n in squares of side n ≥ d: above one half where n > 2 d (Skok and Roberts 2016)."""
    by_side = scores(band(12)[:, None], band(12 + shift))
    assert list(by_side.values()) == pytest.approx([max(0, 1 - shift / n) for n in SIDES])
    assert [n for n in SIDES if by_side[n] > 0.5] == [n for n in SIDES if n > 2 * shift]


def test_members_count_together() -> None:
    """One of two members is right: p = o / 2, so that FSS = 1 − ¼ / (1 + ¼)."""
    members = np.stack([band(12), 0 * band(12)], axis=1)
    assert scores(members, band(12))[1] == pytest.approx(0.8)


def test_missing_cells_do_not_count() -> None:
    """Neighbourhoods are those of the valid cells: the field cut off there has the same score."""
    reference = scores_fixtures.rain_like(np.random.default_rng(0).normal(size=(3, CELLS, CELLS)))
    members = np.roll(reference, 1, axis=-1)[:, None]
    holed = reference.copy()
    holed[:, :, 16:] = np.nan
    assert scores(members, holed) == pytest.approx(scores(members[..., :16], reference[..., :16]))


@pytest.mark.parametrize("side", [3, 5])
def test_agrees_with_the_package_scores_away_from_the_edge(side: int) -> None:
    rng, rain = np.random.default_rng(1), np.zeros((2, 1, CELLS, CELLS))
    rain[..., 8:24, 8:24] = scores_fixtures.rain_like(rng.normal(size=(2, 1, 16, 16)))
    forecast, observed = (xr.DataArray(one[0], dims=("y", "x")) for one in rain)
    theirs = fss_2d(
        forecast, observed, event_threshold=1, window_size=(side, side), spatial_dims=("y", "x")
    )
    assert scores(rain[:1], rain[1])[side] == pytest.approx(float(theirs))
