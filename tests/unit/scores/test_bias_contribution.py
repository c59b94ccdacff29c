"""Differences of distances: what they are made of, and that years are drawn together."""

import numpy as np
import pytest
import xarray as xr

import climates
from downbench.core.errors import UserError
from downbench.scores.climate import (
    bias_contribution,
    climate_comparison,
    climate_fields,
    climate_rows,
)
from downbench.scores.climate.bias_contribution import DriverClimates
from downbench.scores.climate.driver_chain import ADDED_BIAS, BASELINE, REMOVED_BIAS, RESIDUAL_BIAS

AREA = np.ones((6, 6))
STATIC = xr.Dataset({"cell_area": (("y", "x"), AREA)})
RUN, TRUTH, TEST = (climates.days(*span, (7,)) for span in ((1981, 8), (1971, 20), (1985, 4)))
SETTINGS = climates.settings(100)


WEATHER = climates.weather(TRUTH, 1, name="tasmax")


def compared(shift: float, time, other, values: np.ndarray | None = None):
    """Weather of its own, or these values, so much too warm; beside the truth of other times."""
    mine = climates.weather(time, 2, members=2, name="tasmax") if values is None else values
    truth = WEATHER[np.isin(TRUTH, other)]
    return climate_comparison.compare(
        climates.series(mine + shift, time, "tasmax"),
        climates.series(truth, other, "tasmax"),
        AREA,
        SETTINGS,
        paired=values is not None,
    )


def fields(both) -> xr.Dataset:
    return climate_fields.fields_dataset([both], STATIC)


def chain(own: float = 0.5, raw: float = 2.0, mapped: float = 1.0) -> DriverClimates:
    return DriverClimates(
        fields(compared(own, TEST, TEST, WEATHER[np.isin(TRUTH, TEST)])),
        fields(compared(raw, RUN, TRUTH)),
        fields(compared(mapped, RUN, TRUTH)),
    )


def found(one: DriverClimates, percent: float = 50) -> dict[str, np.ndarray]:
    return {
        row.metric: row.value
        for _, row in bias_contribution.rows(one, "tasmax", percent, SETTINGS)
    }


def test_every_number_is_what_the_claims_call_so():
    numbers = {name: value[0] for name, value in found(chain()).items()}
    for name, value in (
        (BASELINE, 0.5),
        (ADDED_BIAS, 1.5),
        (REMOVED_BIAS, 1.0),
        (RESIDUAL_BIAS, 1.0 - 1.0 - 0.25),
    ):
        assert numbers[name] == pytest.approx(value, abs=0.1), name
    assert found(chain(), 80)[RESIDUAL_BIAS][0] == pytest.approx(1.0 - 0.4 - 0.4, abs=0.1)


def test_few_years_alone_are_the_base_where_the_model_has_less():
    rows = {
        row.metric: row.value for row in climate_rows.distribution_rows(compared(2.0, RUN, TRUTH))
    }
    least = rows["wasserstein_pooled_floor"][0]
    assert least > 0
    np.testing.assert_allclose(found(chain(own=0.0))[BASELINE], least)


def test_the_raw_distance_is_that_of_the_table_with_the_same_draws():
    raw = compared(2.0, RUN, TRUTH)
    rows = {row.metric: row.value for row in climate_rows.distribution_rows(raw)}
    _, mine, _ = bias_contribution.distances(chain(), "tasmax", SETTINGS)
    assert mine[0] == pytest.approx(rows["wasserstein_pooled"][0])
    assert np.corrcoef(mine[1:], rows["wasserstein_pooled"][1:])[0, 1] > 0.9999


def test_years_of_the_training_driver_are_drawn_with_the_truths():
    drawn = bias_contribution.reference_year_counts(chain(), SETTINGS)
    assert list(drawn["year"].values) == list(range(1971, 1991))
    assert (drawn.values == climate_comparison.year_counts(20, SETTINGS, "truth")).all()


def test_a_map_that_changes_nothing_corrects_nothing():
    one = chain()
    same = DriverClimates(one.training, one.raw, one.raw)
    assert np.nanstd(found(same)[ADDED_BIAS]) > 0.02
    np.testing.assert_allclose(found(same)[REMOVED_BIAS], 0, atol=1e-9)


def test_without_a_map_there_is_nothing_removed():
    one = chain()
    assert set(found(DriverClimates(one.training, one.raw))) == {BASELINE, ADDED_BIAS}


def test_ensembles_of_other_years_are_refused():
    one = chain()
    other = fields(compared(1.0, climates.days(1982, 8, (7,)), TRUTH))
    with pytest.raises(UserError, match="year differs"):
        found(DriverClimates(one.training, one.raw, other))
