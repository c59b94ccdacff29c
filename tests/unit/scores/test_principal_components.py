"""Leading patterns: of variance one, blind to missing cells, alike for any unit."""

import numpy as np
import pytest

import planted_shifts
from downbench.core.errors import UserError
from downbench.scores.shift import principal_components


def test_patterns_have_variance_one_and_no_correlation_within_a_predictor() -> None:
    fields = planted_shifts.series(0).fields
    found = principal_components.project(principal_components.fit(fields, 3), fields)
    assert found.shape == (960, 6)
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(np.cov(found[:, :3].T, ddof=0), np.eye(3), atol=1e-9)


def test_units_do_not_matter() -> None:
    days = planted_shifts.series(1)
    other = planted_shifts.changed(days, tas=lambda t: 1.8 * t - 459.67)
    mine, theirs = (
        principal_components.project(principal_components.fit(d.fields, 2), d.fields)
        for d in (days, other)
    )
    np.testing.assert_allclose(np.abs(mine), np.abs(theirs), atol=1e-9)


def test_a_cell_without_values_is_left_out_and_a_day_with_a_gap_stays_missing() -> None:
    fields = {n: f.copy() for n, f in planted_shifts.series(2).fields.items()}
    fields["pr"][:, 2] = np.nan
    fields["pr"][7, 0] = np.nan
    found = principal_components.project(principal_components.fit(fields, 2), fields)
    assert np.isnan(found[7]).any() and np.isfinite(np.delete(found, 7, axis=0)).all()


def test_a_predictor_that_never_varies_is_named() -> None:
    with pytest.raises(UserError, match="psl: no coarse cell"):
        principal_components.fit({"psl": np.full((50, 4), 1e5)}, 2)
