"""Days that are sampled, messages when there are none, and the growth of the store."""

from dataclasses import replace
from pathlib import Path

import pytest
import xarray as xr

import tiny_learned
import tiny_pairs
from downbench.core.config.model.budget import ClimateSampling
from downbench.core.config.model.options import Sampler
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.labs.sampled_days import SamplingInputs, days_of_split, select_days
from downbench.labs.sampled_ensemble import ReusedSamples, with_sampler
from synthetic_region import whole_region

NONE = "region synthetic, driver gcm-future, split warm: nothing to sample:"


def message_of(driver):
    with pytest.raises(UserError) as error:
        days_of_split(driver, whole_region(), "gcm-future", "warm")
    return str(error.value)


def test_a_driver_without_common_times_is_named():
    nothing = tiny_pairs.target().isel(time=slice(0))
    assert message_of(nothing).startswith(
        f"{NONE} the driver has no time in common with the target"
    )


def test_a_split_without_days_is_named():
    message = message_of(tiny_pairs.target().sel(time="2005"))
    assert message.startswith(f"{NONE} no time of the driver lies in splits.warm = [2011, 2012")


def test_the_days_of_the_split_are_taken():
    days = days_of_split(tiny_pairs.target(), whole_region(), "perfect", "validation")
    assert set(days["time"].dt.year.values) == {2004, 2005}


def reused(ensemble: xr.Dataset, driver: xr.Dataset) -> xr.Dataset:
    return ReusedSamples(ensemble, Path("E.zarr")).sample(driver, xr.Dataset(), 1, 1)


def test_existing_members_are_selected_by_time():
    source = tiny_pairs.target()
    part = source.isel(time=slice(5, 8))
    assert reused(source, part).identical(part)


def test_a_store_that_lacks_a_time_is_named():
    source = tiny_pairs.target()
    with pytest.raises(UserError, match="E.zarr: not all times .* same budget"):
        reused(source.isel(time=slice(10)), source.isel(time=slice(5, 20)))


@pytest.mark.parametrize("calendar", ["noleap", "360_day"])
def test_batches_of_a_run_of_any_calendar_are_joined(tmp_path, calendar):
    """A free run keeps its own calendar (trap T17), also where its store grows by batches."""
    time = xr.date_range("2051-02-20", periods=30, calendar=calendar, use_cftime=True)
    ensemble = tiny_pairs.target(time)[["pr"]].expand_dims(member=[0, 1], axis=1)
    parts = (ensemble.isel(time=slice(first, last)) for first, last in ((0, 12), (12, 30)))
    stores.write_parts(parts, tmp_path / "e.zarr")
    read = stores.read(tmp_path / "e.zarr")
    assert read["time"].dt.calendar == calendar
    assert (read["time"].values == time.values).all()


def test_a_climate_is_sampled_from_the_complete_run_or_from_test_years():
    budget = ClimateSampling(members=2, years=1, months=2).model_dump_json()
    region = whole_region().model_copy(update={"splits": tiny_pairs.splits()})
    target = tiny_pairs.target()
    free = tiny_pairs.target().assign_attrs(driver_type="gcm")
    inputs = SamplingInputs(region, target, free, "run", "climate", seed=1)
    days, members = select_days(inputs, budget)
    assert members == 2 and set(days["time"].dt.year.values) == {2003}
    paired = free.assign_attrs(driver_type="perfect")
    days, _ = select_days(replace(inputs, driver=paired), budget)
    assert set(days["time"].dt.year.values) == {2005}


def test_a_sampler_that_a_model_does_not_have_is_refused():
    steps = Sampler(solver="euler", steps=4).model_dump_json()
    model = tiny_learned.MODELS["corrdiff"]
    with pytest.raises(UserError, match="corrdiff has no solver 'euler' .it has heun, dpmpp_2m."):
        with_sampler(None, model, steps)
    with pytest.raises(UserError, match="unet has no solver 'euler' .it has none."):
        with_sampler(None, tiny_learned.MODELS["unet"], steps)
