"""How far out a day is: uniform for days like the training days, near one for the unheard of."""

import numpy as np
import pytest
import xarray as xr
from scipy.stats import kstest

import planted_shifts
from downbench.core.errors import UserError
from downbench.scores.evaluation_settings import evaluation_settings
from downbench.scores.shift import novelty

TRAINING = planted_shifts.series(0, years=20)
OPTIONS = {"components": 2, "folds": 5, "neighbours": 5}


def index(driver) -> np.ndarray:
    return novelty.measure(TRAINING, driver, **OPTIONS).index


def test_days_like_the_training_days_have_a_uniform_index() -> None:
    found = index(planted_shifts.series(1, years=20))
    assert kstest(found, "uniform").statistic < 0.05
    assert (found > 0.95).mean() == pytest.approx(0.05, abs=0.015)


def test_days_that_no_training_day_is_like_have_an_index_of_one() -> None:
    hot = planted_shifts.changed(planted_shifts.series(2), tas=lambda t: t + 40)
    assert index(hot).min() > 0.99


def test_a_relation_that_was_never_seen_is_far_out() -> None:
    assert (index(planted_shifts.series(3, turn=-0.6)) > 0.95).mean() > 0.1


def test_a_day_that_lacks_a_value_has_no_index() -> None:
    driver = planted_shifts.series(4)
    driver.fields["pr"][3, 0] = np.nan
    found = index(driver)
    assert np.isnan(found[3]) and np.isfinite(np.delete(found, 3)).all()


def test_one_training_year_is_too_few() -> None:
    with pytest.raises(UserError, match="two training years"):
        novelty.measure(planted_shifts.series(5, years=1), TRAINING, **OPTIONS)


def test_shares_by_season_and_the_file_of_days() -> None:
    driver = planted_shifts.series(6)
    found = novelty.measure(TRAINING, driver, **OPTIONS)
    rows = novelty.shares(found.index, driver, evaluation_settings(None))
    assert list(rows["season"]) == ["all", "DJF", "JJA"]
    assert (rows["lower"] <= rows["value"]).all() and (rows["value"] <= rows["upper"]).all()
    time = xr.DataArray(np.arange(len(found.index)), dims="time")
    days = novelty.to_dataset(time, found)
    assert set(days.data_vars) == {"out_of_distribution", "training_distance"}
    assert float(days["out_of_distribution"].max()) <= 1
