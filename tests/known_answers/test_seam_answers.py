"""Seams of fields whose index is known (trap T31)."""

import numpy as np
import pytest

import scores_fixtures
from downbench.core.spatial.grids import upsample_bilinear, upsample_nearest
from downbench.scores.evaluation import make_context
from downbench.scores.metrics import seams
from downbench.scores.statistics import means


def seam_index(field: np.ndarray, factor: int = 4, weight: np.ndarray | None = None) -> float:
    """Index of (day, member, y, x)."""
    weight = np.ones((len(field), *field.shape[-2:])) if weight is None else weight
    averages = means({"seams": seams.steps(field, weight, factor)}, np.ones((1, len(field))), 1)
    return float(seams.index(averages["seams"])[0])


def coarse(rng: np.random.Generator) -> np.ndarray:
    return rng.normal(size=(5, 2, 4, 6))


def test_a_plane_has_no_seams() -> None:
    y, x = np.indices((16, 24))
    assert seam_index((3.0 * y - x)[None, None]) == pytest.approx(1)


def test_noise_has_no_seams() -> None:
    noise = np.random.default_rng(0).normal(size=(20, 4, 32, 32))
    assert seam_index(noise) == pytest.approx(1, abs=0.02)


def test_repeated_coarse_cells_are_all_seam() -> None:
    assert seam_index(upsample_nearest(coarse(np.random.default_rng(0)), 4)) == np.inf


def test_steps_of_known_size() -> None:
    """A slope of 1 per cell and a jump of 2 more at each edge."""
    cells = np.arange(16)
    line = cells + 2.0 * (cells // 4)
    assert seam_index((line[:, None] + line)[None, None]) == pytest.approx(3)


def test_interpolation_is_far_below_shifted_blocks() -> None:
    """Its slope changes at the centres of coarse cells, so its index is a little above 1."""
    rng = np.random.default_rng(0)
    smooth = upsample_bilinear(coarse(rng), 4)
    assert 1 < seam_index(smooth) < 1.6
    assert seam_index(smooth + upsample_nearest(coarse(rng), 4)) > 3


def test_missing_cells_make_no_steps() -> None:
    y, x = np.indices((16, 16))
    field = (y + x)[None, None].astype(float)
    weight = np.ones((1, 16, 16))
    field[..., 3:5, 2:9], weight[:, 3:5, 2:9] = np.nan, 0
    assert seam_index(field, weight=weight) == pytest.approx(1)


def test_a_constant_field_has_no_index() -> None:
    assert np.isnan(seam_index(np.zeros((2, 1, 8, 8))))


def test_the_block_side_is_the_target_s_own_where_it_says_so() -> None:
    rng = np.random.default_rng(0)
    ensemble, target = scores_fixtures.example(days=2, members=2)
    truth = rng.normal(size=(2, 16, 16))
    for attributes, factor in (({"factor": 4}, 4), ({}, 8)):
        reference = target.assign_attrs(attributes)
        context = make_context(ensemble["pr"], truth, reference, scores_fixtures.settings())
        assert context.factor == factor
