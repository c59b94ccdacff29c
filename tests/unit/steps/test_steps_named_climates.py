"""Climates that say that they are of another model or driver than they are named by."""

from pathlib import Path

import pytest
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.io.netcdf import write_netcdf
from downbench.steps import measure_bias_contribution, measure_change


@pytest.fixture
def climate(tmp_path):
    """Write the climate of a model under a driver."""

    def write(model: str, driver: str) -> Path:
        path = tmp_path / f"{model}-{driver}.nc"
        write_netcdf(xr.Dataset(attrs={"model": model, "driver": driver}), path)
        return path

    return write


def test_both_periods_of_a_change_are_of_one_model(climate):
    historical, future = climate("unet", "gcm-historical"), climate("unet", "gcm-future")
    measure_change._read(historical, future)
    with pytest.raises(UserError, match="is of model 'unet', .* of 'corrdiff'"):
        measure_change._read(historical, climate("corrdiff", "gcm-future"))


def test_a_climate_of_another_driver_adds_no_bias(climate):
    path = climate("unet", "gcm-historical")
    measure_bias_contribution._read({"unet/gcm-historical": path}, "unet/gcm-historical")
    with pytest.raises(UserError, match="driver is gcm-historical, not perfect"):
        measure_bias_contribution._read({"unet/perfect": path}, "unet/perfect")
