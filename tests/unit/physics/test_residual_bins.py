"""Binned distribution of residuals against numpy's own quantiles."""

import numpy as np

from downbench.physics.residual_bins import EDGES_MM_DAY, bin_of, quantiles

PERCENTILES = (1, 5, 25, 50, 75, 95, 99)


def counts(values: np.ndarray) -> np.ndarray:
    return np.bincount(bin_of(values), minlength=len(EDGES_MM_DAY) - 1)


def test_quantiles_are_those_of_the_values() -> None:
    values = 3 * np.random.default_rng(0).standard_t(3, 20_000) + 0.5
    found = quantiles(counts(values)[None], PERCENTILES)[0]
    np.testing.assert_allclose(found, np.percentile(values, PERCENTILES), rtol=0.06, atol=0.01)


def test_a_zero_is_a_zero_and_outliers_are_kept() -> None:
    assert (quantiles(counts(np.full(50, 1e-7))[None], PERCENTILES) == 0).all()
    assert counts(np.array([-1e9, 1e9]))[[0, -1]].tolist() == [1, 1]


def test_no_values_have_no_quantiles() -> None:
    nothing = np.full((1, len(EDGES_MM_DAY) - 1), np.nan)
    assert np.isnan(quantiles(nothing, PERCENTILES)).all()
