"""The fingerprint of data: the same for the same numbers, from memory or from a store."""

import numpy as np
import pytest
import xarray as xr

import tiny_pairs
from downbench.core.io import data_hash, stores


@pytest.fixture
def data() -> xr.Dataset:
    return tiny_pairs.target().isel(time=slice(40))


def test_a_lazy_store_has_the_fingerprint_of_its_data(data, tmp_path, monkeypatch):
    whole = data_hash.fingerprint(data)
    stores.write(data.assign_attrs(title="another"), tmp_path / "t.zarr")
    read = stores.read(tmp_path / "t.zarr").astype({n: v.dtype for n, v in data.items()})
    read["time"] = data["time"]
    monkeypatch.setattr(data_hash, "SLAB_VALUES", 1000)
    assert data_hash.fingerprint(read) == whole


@pytest.mark.parametrize("name", ["pr", "tas", "orog", "lat"])
def test_one_value_is_enough(data, name):
    changed = data.copy(deep=True)
    changed[name][(-1,) * changed[name].ndim] += 1
    assert data_hash.fingerprint(changed) != data_hash.fingerprint(data)


def test_names_times_and_order_count(data):
    others = [
        data.rename(pr="rain"),
        data.assign_coords(time=data["time"] + np.timedelta64(1, "D")),
        data.isel(time=slice(None, None, -1)),
        data.transpose("y", "time", "x"),
    ]
    found = {data_hash.fingerprint(one) for one in (data, *others)}
    assert len(found) == 1 + len(others)


def test_dates_and_text_count_by_what_they_say():
    time = xr.date_range("2001-01-01", periods=3, calendar="360_day", use_cftime=True)

    def made(*events: str) -> xr.Dataset:
        event = ("time", np.array(events, dtype=object))
        return xr.Dataset(coords={"time": time.copy(), "event": event})

    assert data_hash.fingerprint(made("a", "a", "b")) == data_hash.fingerprint(made("a", "a", "b"))
    assert data_hash.fingerprint(made("a", "a", "b")) != data_hash.fingerprint(made("a", "b", "b"))
