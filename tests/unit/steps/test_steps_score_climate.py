"""The step score_climate: which days of the truth it takes, what it refuses, what it writes."""

import json

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import climates
import tiny_pairs
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.scores.climate.climate_table import compare_variables
from downbench.scores.climate.reference_days import reference_days
from downbench.scores.table import COLUMNS
from downbench.steps import score_climate


def truth() -> xr.Dataset:
    return tiny_pairs.target().assign_attrs(year_start_month=1, factor=4)


def ensemble(time, driver_type: str = "gcm", members: int = 2, **attributes) -> xr.Dataset:
    """The truth's cells at these times, a degree too warm."""
    source = tiny_pairs.target(time, seed=3)
    drawn = source[["pr", "tas"]].expand_dims(member=np.arange(members), axis=1)
    drawn["tas"] = (drawn["tas"] + 1).assign_attrs(units="K")
    drawn["pr"] = drawn["pr"].assign_attrs(units="mm day-1")
    about = {
        "model": "unet", "driver": "run", "split": "climate", "driver_type": driver_type,
        "fit_years": "[2001]", "seed_policy": "none",
        "run_years": "[2001, 2002, 2003]", "frequency": "day",
    }  # fmt: skip
    return drawn.drop_attrs(deep=False).assign_attrs(about | attributes)


def noleap(first: str, last: str):
    return xr.date_range(first, last, calendar="noleap", use_cftime=True)


def test_a_free_run_is_laid_beside_all_years_that_its_run_covers():
    drawn = ensemble(pd.date_range("2002-07-01", "2002-07-31"))
    days = reference_days(drawn, truth())
    assert set(days["time"].dt.year.values) == {2001, 2002, 2003}
    assert set(days["time"].dt.month.values) == {7}


def test_a_future_run_is_laid_beside_all_years():
    drawn = ensemble(noleap("2052-01-01", "2052-01-31"), run_years="[2051, 2052]")
    days = reference_days(drawn, truth())
    assert set(days["time"].dt.year.values) == {2001, 2002, 2003, 2004, 2005}


def test_a_driver_of_the_truths_days_is_laid_beside_those_days():
    time = pd.date_range("2005-03-01", "2005-03-31")
    drawn = ensemble(time, driver_type="perfect")
    days = reference_days(drawn, truth())
    assert (days["time"].values == time.values).all()


def test_fitted_years_are_refused_where_days_are_the_truths():
    drawn = ensemble(pd.date_range("2001-03-01", "2001-03-31"), driver_type="perfect")
    with pytest.raises(UserError, match="fitted on 2001"):
        reference_days(drawn, truth())


def test_years_that_the_map_was_fitted_on_are_refused():
    """Trap T11: a map that is not cross-fitted makes its own years look right."""
    time = pd.date_range("2002-03-01", "2002-03-31")
    drawn = ensemble(time, driver_fit_years=json.dumps([2001, 2002]))
    with pytest.raises(UserError, match="quantile map of 'run' was fitted on 2002"):
        reference_days(drawn, truth())


def test_seasons_that_the_truth_lacks_are_refused():
    winter = truth().isel(time=truth()["time"].dt.month.isin([12, 1, 2]))
    drawn = ensemble(pd.date_range("2002-07-01", "2002-07-31"))
    with pytest.raises(UserError, match="none of its days, or of its months"):
        reference_days(drawn, winter)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Scores of a run without leap days: three winters and summers."""
    return scored(tmp_path_factory.mktemp("climate"), 2001)


def scored(folder, first: int, **attributes):
    """Scores of January and July of three years."""
    time = noleap(f"{first}-01-01", f"{first + 2}-12-31")
    time = time[np.isin([stamp.month for stamp in time], [1, 7])]
    stores.write(ensemble(time, **attributes), folder / "e.zarr")
    stores.write(truth(), folder / "t.zarr")
    paths = {"ensemble": "e.zarr", "reference": "t.zarr", "scores": "s.csv", "fields": "f.nc"}
    score_climate.main([t for k, v in paths.items() for t in (f"--{k}", str(folder / v))])
    return folder


def test_any_calendar_is_scored_and_a_planted_bias_found(written):
    table = pd.read_csv(written / "s.csv")
    assert tuple(table.columns) == COLUMNS
    bias = table[(table["metric"] == "mean_bias") & (table["variable"] == "tas")]
    whole = bias[bias["season"] == "all"]
    # The two have different weather of three years.
    assert whole["lower"].item() < 1 < whole["upper"].item() < 4
    assert set(bias["season"]) == {"all", "DJF", "JJA"}


def test_a_future_is_reported_but_not_judged(written, tmp_path):
    """What it has of its own is no error: neither distances' intervals nor correlations."""
    future = scored(tmp_path, 2051, run_years="[2051, 2052, 2053]")
    mine, present = (pd.read_csv(folder / "s.csv") for folder in (future, written))
    assert set(mine["season"]) == {"all"}
    kept = {"mean", "quantile", "rx1day", "wasserstein", "wasserstein_pooled"}
    assert kept <= set(mine["metric"]) < set(present["metric"])
    assert {"lag1", "rank_correlation"}.isdisjoint(mine["metric"])
    with xr.open_dataset(future / "f.nc") as one, xr.open_dataset(written / "f.nc") as other:
        assert set(one.data_vars) == set(other.data_vars)


def test_fields_hold_every_year_and_member_and_missing_cells_stay_missing(written):
    fields = xr.load_dataset(written / "f.nc")
    assert fields["tas_mean"].dims == ("year", "member", "y", "x")
    assert list(fields["year"].values) == [2001, 2002, 2003] == list(fields["year_reference"])
    assert np.isnan(fields["pr_rx1day"].values[..., 0, 0]).all()
    assert np.isnan(fields["pr_p99_reference"].values[0, 0])
    assert np.isfinite(fields["pr_p99"].values[:, 5:, 5:]).all()
    assert fields.attrs["driver"] == "run"


def test_lanes_and_not_dates_tell_whether_days_pair():
    """A free run of the truth's own years has other weather: its years are drawn for itself."""
    time = pd.date_range("2003-03-01", "2005-03-31")
    for driver_type, alike in (("gcm", False), ("perfect", True)):
        drawn = ensemble(time, driver_type, run_years="[2003, 2004, 2005]")
        days = reference_days(drawn, truth()).sel(time=time)
        (both, *_) = compare_variables(drawn, days, climates.settings()).values()
        assert (both.ensemble.series.year == both.reference.series.year).all()
        assert np.array_equal(both.ensemble.counts, both.reference.counts) is alike
