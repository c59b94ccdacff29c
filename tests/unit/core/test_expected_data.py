"""A data set that is not the one that the workflow planned is refused, by all that differs."""

import pytest
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.expected_data import refuse_other_dataset

PLAN = {
    "model": "unet",
    "trained_on": "perfect",
    "seed": 1,
    "region": "tiny",
    "variables": ["pr", "tas"],
}
ENSEMBLE = xr.Dataset(
    {"pr": 0.0, "tas": 280.0},
    attrs={"model": "unet", "trained_on": "perfect", "seed": 1, "region": "tiny"},
)


def test_the_planned_ensemble_passes_and_one_without_a_plan():
    refuse_other_dataset(ENSEMBLE, PLAN, "e.zarr")
    refuse_other_dataset(xr.Dataset(), {}, "e.zarr")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model": "bnn-dropout"}, "model is bnn-dropout, not unet"),
        ({"seed": 2}, "seed is 2, not 1"),
        (
            {"trained_on": "reanalysis", "region": "alps"},
            "trained_on is reanalysis.*region is alps",
        ),
    ],
)
def test_another_ensemble_is_refused(change, message):
    with pytest.raises(UserError, match=f"e.zarr: .*{message}"):
        refuse_other_dataset(ENSEMBLE.assign_attrs(change), PLAN, "e.zarr")


def test_an_attribute_or_a_variable_that_is_absent_is_refused():
    dataset = ENSEMBLE.drop_vars("tas").drop_attrs().assign_attrs(model="unet")
    with pytest.raises(UserError, match="seed is absent, not 1.*variable tas is missing"):
        refuse_other_dataset(dataset, PLAN, "e.zarr")


def test_of_a_target_region_and_variables_alone_are_compared():
    target = xr.Dataset({"pr": 0.0, "tas": 280.0}, attrs={"region": "tiny"})
    refuse_other_dataset(target, PLAN, "t.zarr", "target")
    for other in (target.assign_attrs(region="alps"), target.drop_vars("pr")):
        with pytest.raises(UserError, match="t.zarr: not the target"):
            refuse_other_dataset(other, PLAN, "t.zarr", "target")


def test_a_driver_that_says_that_it_is_another_one_is_refused():
    driver = xr.Dataset({"pr": 0.0}, attrs={"driver": "reanalysis", "region": "tiny"})
    refuse_other_dataset(driver, {"driver": "reanalysis", "region": "tiny"}, "d.zarr", "driver")
    refuse_other_dataset(driver.drop_attrs(), {"driver": "perfect"}, "d.zarr", "driver")
    with pytest.raises(UserError, match="d.zarr: .*driver is reanalysis, not perfect"):
        refuse_other_dataset(driver, {"driver": "perfect"}, "d.zarr", "driver")
