import numpy as np
import pytest

import synthetic_region as made
from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.steps import prepare_driver, prepare_target


def section():
    """The region's section as the rules pass it."""
    return made.region(1984, 1984).model_dump_json(include=set(RegionInputs.model_fields))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("synthetic")
    prepare_target.main(["--region", section(), "--target", str(folder / "target.zarr")])
    return folder


def prepare(folder, name):
    prepare_driver.main(
        [
            *("--region", section(), "--driver", name),
            *("--target", str(folder / "target.zarr")),
            *("--output", str(folder / f"{name}.zarr")),
        ]
    )
    return stores.read(folder / f"{name}.zarr", "driver")


def test_target_store_keeps_the_contract(folder):
    target = stores.read(folder / "target.zarr", "target")
    assert target.sizes["time"] == 366
    assert target.attrs["factor"] == made.region(1984, 1984).factor
    assert target.pr.dtype == np.float32 and target.tasmax.dtype == np.float32


def test_driver_from_a_store_closes_its_budget_in_float64(folder):
    driver = prepare(folder, "perfect")
    assert driver.prw.dtype == driver.flux_east.dtype == np.float64
    assert driver.attrs["driver_type"] == "perfect"


def test_unknown_driver_stops_and_leaves_nothing(folder):
    with pytest.raises(UserError, match="drivers.era6"):
        prepare(folder, "era6")
    assert not (folder / "era6.zarr").exists()
