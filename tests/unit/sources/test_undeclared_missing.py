"""Missing values that files do not declare, or declare in another way, are never averaged."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
import zarr

from downbench.core.errors import UserError
from downbench.sources.files import raw_values, units, zarr_zeros

TIME = xr.date_range("2000-01-01", periods=40, freq="D")
DIMS = ("time", "lat", "lon")


def convert(field: xr.DataArray, name: str, unit: str | None) -> xr.DataArray:
    """What reading makes of a variable of one file."""
    label = "f.nc: v"
    return units.convert(raw_values.checked(field, name, label), name, unit, True, label)


def opened(path: Path) -> xr.Dataset:
    return zarr_zeros.opened("zarr", filename_or_obj=path, chunks=None, consolidated=False)


def field(values: np.ndarray, **attributes: object) -> xr.DataArray:
    return xr.DataArray(values.astype("f4"), {"time": TIME}, DIMS, attrs=attributes)


def rain() -> np.ndarray:
    values = np.random.default_rng(0).gamma(0.7, 8.0, (40, 5, 6))
    return np.where(values < 2, 0, values)


def warmth() -> np.ndarray:
    return np.random.default_rng(1).normal(12, 5, (40, 5, 6))


@pytest.mark.parametrize(
    ("name", "unit", "values", "code"),
    [
        ("pr", "mm", rain(), -9999.0),
        ("pr", "mm", rain(), -3.0),
        ("pr", "mm", rain(), 9.96921e36),
        ("pr", "mm", rain(), 999.9),
        ("tas", "degC", warmth(), -999.9),
        ("tas", "degC", warmth(), -99.9),
        ("uas", "m s-1", warmth() - 12, -99.0),
        ("orog", "m", warmth() * 50, -9999.0),
        ("hus850", "g kg-1", warmth() / 20 + 4, -32767.0),
    ],
)
def test_an_undeclared_code_is_named_with_its_raw_value(name, unit, values, code) -> None:
    coded = values.copy()
    coded[5:9, :2] = code
    words = f"{np.float32(code):.7g} in 4.0% of the values, first on 2000-01-06, looks like a "
    with pytest.raises(UserError, match="f.nc: v.*: declare it") as message:
        convert(field(coded), name, unit)
    assert words in str(message.value)
    convert(field(np.where(coded == code, np.nan, coded)), name, unit)


def test_a_single_code_among_outliers_is_named() -> None:
    values = warmth()
    values[5, 0, 0], values[6, 0, 0], values[7, 0, 0] = -9999.0, 240.0, 270.5
    with pytest.raises(UserError, match="-9999 in 0.1% of the values, first on 2000-01-06"):
        convert(field(values), "tas", "degC")


def test_values_that_vary_are_another_unit_and_rounded_extremes_are_weather() -> None:
    with pytest.raises(UserError, match="runs from .* set `units:`"):
        convert(field(warmth()), "tas", "K")
    hot = warmth()
    hot[3, :2] = 32.0
    convert(field(hot), "tas", "degC")
    pressure = np.round(np.random.default_rng(2).uniform(990, 999, (40, 5, 6)))
    convert(field(pressure), "psl", "hPa")
    dry = np.zeros((40, 5, 6))
    dry[3, :2] = 0.2
    convert(field(dry), "pr", "mm")


def test_saturated_codes_of_packed_numbers_are_named(tmp_path: Path) -> None:
    coded = np.rint(rain() / 0.01).astype("u2")
    coded[2:5, 0] = 65535
    encoding = {"v": {"_FillValue": None}}
    packed = xr.DataArray(coded, {"time": TIME}, DIMS, attrs={"scale_factor": 0.01})
    packed.to_dataset(name="v").to_netcdf(tmp_path / "packed.nc", encoding=encoding)
    with pytest.raises(UserError, match="655.35 in 1.5% of the values"):
        convert(xr.load_dataset(tmp_path / "packed.nc")["v"], "pr", "mm")


@pytest.mark.parametrize(
    "bounds",
    [
        {"valid_max": np.uint16(50000)},
        {"valid_range": np.array([0, 50000], "u2")},
        {"valid_min": 0.0, "valid_max": 500.0},
    ],
)
def test_the_declared_range_counts_in_the_unit_of_its_type(tmp_path, capsys, bounds) -> None:
    coded = np.rint(rain() / 0.01).astype("u2")
    coded[2:5, 0] = 65535
    attributes = {"scale_factor": 0.01, "units": "mm", **bounds}
    packed = xr.DataArray(coded, {"time": TIME}, DIMS, attrs=attributes)
    packed.to_dataset(name="v").to_netcdf(
        tmp_path / "packed.nc", encoding={"v": {"_FillValue": None}}
    )
    got = convert(xr.load_dataset(tmp_path / "packed.nc")["v"], "pr", None)
    np.testing.assert_array_equal(np.isnan(got), coded == 65535)
    np.testing.assert_allclose(
        got.where(coded < 65535, 0), np.where(coded < 65535, coded, 0) * 0.01, rtol=1e-5
    )
    assert "1.50% of the values (655.35) lie outside the declared range" in capsys.readouterr().out


def test_a_wrong_declared_range_is_refused() -> None:
    with pytest.raises(UserError, match="different values .* lie outside the range that the file"):
        raw_values.checked(field(rain(), valid_max=5.0), "pr", "f.nc: v")


def test_a_fraction_called_per_cent_is_refused() -> None:
    share = np.linspace(0, 1, 40 * 30).reshape(40, 5, 6)
    for name, unit, values in (
        ("land", "%", share),
        ("hurs", "%", share),
        ("hus850", "g kg-1", 0.008 * share),
        ("prw", "mm", 0.03 * share),
    ):
        with pytest.raises(UserError, match=f"no value of {name} exceeds .* true unit"):
            convert(field(values), name, unit)
    convert(field(0 * share), "land", "1")
    convert(field(0.3 * share), "land", "1")


@pytest.mark.parametrize(
    ("name", "unit", "level", "spread"),
    [
        ("ta850", "K", 5.0, 8.0),
        ("hus850", "1", 6.0, 2.0),
        ("zg500", "m", 55000.0, 900.0),
        ("zg500", "m", 560.0, 9.0),
        ("orog", "m", 6000.0, 2000.0),
        ("prw", "mm", 2000.0, 500.0),
        ("psl", "Pa", 1013.0, 9.0),
    ],
)
def test_every_variable_has_a_range(name, unit, level, spread) -> None:
    values = np.random.default_rng(3).normal(level, spread, (40, 5, 6))
    with pytest.raises(UserError, match="f.nc: v, read as"):
        convert(field(values), name, unit)


def test_a_geopotential_of_flat_terrain_is_no_height() -> None:
    low = np.random.default_rng(4).uniform(0, 3000, (40, 5, 6))
    named = field(low, standard_name="geopotential", long_name="Geopotential")
    with pytest.raises(UserError, match="'geopotential geopotential', .* set `units: m2 s-2`"):
        convert(named, "orog", "m")
    assert float(convert(named, "orog", "m2 s-2").max()) < 310
    height = field(low, standard_name="geopotential_height", long_name="Geopotential height")
    convert(height, "orog", "m")


def store(path: Path, packed: bool) -> np.ndarray:
    """A store of version 2 as zarr writes it by default: fill value 0, nothing declared."""
    root, values = zarr.open_group(path, mode="w", zarr_format=2), rain()
    stored = np.rint(values).astype("i2") if packed else values.astype("f4")
    attributes = {"scale_factor": 1.0} if packed else {}
    for name, data, dims, more in (
        ("pr", stored, list(DIMS), attributes),
        ("time", np.arange(40), ["time"], {"units": "days since 2000-01-01"}),
        ("lat", np.arange(5.0), ["lat"], {}),
        ("lon", np.arange(6.0), ["lon"], {}),
    ):
        array = root.create_array(name, shape=data.shape, dtype=data.dtype, fill_value=0)
        array[...] = data
        array.attrs.update({"_ARRAY_DIMENSIONS": dims, **more})
    return stored


def test_zeros_of_a_zarr_store_are_numbers(tmp_path: Path) -> None:
    stored = store(tmp_path / "rain.zarr", packed=False)
    dataset = opened(tmp_path / "rain.zarr")
    np.testing.assert_array_equal(dataset["pr"], stored)
    assert dataset["time"].values[0] == 0 and dataset["lat"].values[0] == 0


def test_dry_days_that_packing_calls_missing_are_refused(tmp_path: Path) -> None:
    store(tmp_path / "rain.zarr", packed=True)
    dataset = opened(tmp_path / "rain.zarr")
    with pytest.raises(UserError, match="marks 0 as missing, and so no value of pr is zero"):
        convert(dataset["pr"].load(), "pr", "mm")


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_stores_of_xarray_keep_what_they_declare(tmp_path: Path, zarr_format: int) -> None:
    values = rain()
    values[:3] = np.nan
    encoding = {"pr": {"dtype": "i2", "scale_factor": 0.1, "_FillValue": -9999}}
    field(values).to_dataset(name="pr").to_zarr(
        tmp_path / "x.zarr", zarr_format=zarr_format, encoding=encoding, consolidated=False
    )
    got = opened(tmp_path / "x.zarr")["pr"]
    np.testing.assert_allclose(got, values, atol=0.051)


@pytest.mark.parametrize(
    ("name", "unit", "values"),
    [
        ("pr", "mm", np.where(rain() > 20, rain(), 0.0)),
        ("land", "1", (warmth() > 12).astype(float)),
        ("orog", "m", np.where(warmth() > 12, 300 + warmth(), 0.0)),
    ],
)
def test_the_least_value_of_a_packed_file_is_no_code_if_it_is_ordinary(name, unit, values):
    scale = float(np.ptp(values)) / 65534
    packed = field(values)
    packed.encoding = {
        "dtype": np.dtype("i2"), "scale_factor": scale, "add_offset": 32767 * scale,
        "_FillValue": -32768,
    }  # fmt: skip
    np.testing.assert_allclose(convert(packed, name, unit), values, rtol=1e-6)
