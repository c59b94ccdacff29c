"""Daily files and score tables of a comparison belong to the models that they are named by."""

import pandas as pd
import pytest
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.io.netcdf import write_netcdf
from downbench.core.io.tables import digest, write_table
from downbench.scores.paired.daily_files import read_daily, refuse_other_tables
from downbench.scores.result_datasets import SCORES

PLAN = {"trained_on": "perfect", "driver": "perfect", "split": "test", "seed": 1}


@pytest.fixture
def paths(tmp_path):
    """Return the tables and the daily files of two models."""
    tables = {name: tmp_path / f"{name}.csv" for name in ("unet", "corrdiff")}
    daily = {name: tmp_path / f"{name}.nc" for name in tables}
    for number, name in enumerate(tables):
        write_table(pd.DataFrame({"value": [number]}), tables[name])
        attributes = {"model": name, SCORES: digest(tables[name]), **PLAN}
        write_netcdf(xr.Dataset({"pr_crps": ("time", [1.0])}, attrs=attributes), daily[name])
    return tables, daily


def test_files_of_the_planned_models_are_read(paths):
    tables, daily = paths
    refuse_other_tables(tables, read_daily(daily, PLAN))
    assert list(read_daily(daily)) == ["unet", "corrdiff"]


def test_a_daily_file_of_another_model_or_seed_is_refused(paths):
    _, daily = paths
    with pytest.raises(UserError, match=r"corrdiff.nc: .*model is corrdiff, not unet"):
        read_daily({"unet": daily["corrdiff"]}, PLAN)
    with pytest.raises(UserError, match="seed is 1, not 2"):
        read_daily(daily, {**PLAN, "seed": 2})


def test_a_table_of_another_model_is_refused(paths):
    tables, daily = paths
    with pytest.raises(UserError, match="corrdiff.csv: not the table .* daily file of 'unet'"):
        refuse_other_tables({"unet": tables["corrdiff"]}, read_daily(daily))
