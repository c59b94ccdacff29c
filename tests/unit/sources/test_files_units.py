"""Units at the border (T15): every spelling converted, every lie caught."""

import numpy as np
import pytest
import xarray as xr

from downbench.core.errors import UserError
from downbench.sources.files.rain_size import require_plausible_rain
from downbench.sources.files.units import convert


def rain(scale: float = 1.0) -> xr.DataArray:
    values = np.random.default_rng(0).gamma(0.7, 8.0, (50, 4, 4)) * scale
    return xr.DataArray(values, dims=("time", "lat", "lon"))


@pytest.mark.parametrize(
    ("unit", "per_mm_day"),
    [
        ("mm day-1", 1.0),
        ("mm", 1.0),
        ("kg m-2 s-1", 1 / 86400),
        ("mm s-1", 1 / 86400),
        ("m", 1e-3),
        ("mm h-1", 1 / 24),
        ("kg m-2", 1.0),
    ],
)
def test_rain_of_any_unit_becomes_mm_day(unit, per_mm_day) -> None:
    got = convert(rain(per_mm_day), "pr", unit, daily=True, label="f: pr")
    np.testing.assert_allclose(got, rain(), rtol=1e-5)
    assert got.attrs["units"] == "mm day-1" and got.dtype == np.float32


@pytest.mark.parametrize(
    ("name", "value", "unit", "wanted"),
    [
        ("tas", 12.0, "degC", 285.15),
        ("tasmax", 285.0, "K", 285.0),
        ("psl", 1013.0, "hPa", 101300.0),
        ("huss", 8.0, "g kg-1", 0.008),
        ("land", 40.0, "%", 0.4),
        ("orog", 1.2, "km", 1200.0),
        ("zg500", 9.80665 * 5600, "m2 s-2", 5600.0),
    ],
)
def test_other_variables_are_converted(name, value, unit, wanted) -> None:
    got = convert(xr.DataArray([value]), name, unit, daily=True, label="f: v")
    assert float(got[0]) == pytest.approx(wanted, rel=1e-6)


def test_the_files_own_unit_is_taken_where_the_yaml_is_silent() -> None:
    field = xr.DataArray([10.0], attrs={"units": "Celsius"})
    assert float(convert(field, "tas", None, True, "f: t")[0]) == pytest.approx(283.15)


@pytest.mark.parametrize(
    ("name", "unit", "field", "message"),
    [
        ("tas", "furlong", xr.DataArray([280.0]), "no conversion of units 'furlong'"),
        ("tas", None, xr.DataArray([280.0]), "gives no units"),
        ("snow", "mm", xr.DataArray([1.0]), "variable 'snow' is not in the table"),
        ("tas", "K", xr.DataArray([12.0]), "true unit"),
        ("pr", "kg m-2 s-1", rain(1.0), "true unit"),
    ],
)
def test_impossible_values_are_reported_with_file_and_variable(name, unit, field, message) -> None:
    with pytest.raises(UserError, match=message) as told:
        convert(field, name, unit, daily=True, label="some.nc: variable 'v'")
    assert "some.nc: variable 'v'" in str(told.value)


def test_a_depth_is_no_rate_unless_values_are_daily() -> None:
    with pytest.raises(UserError, match="no conversion of units 'mm'"):
        convert(rain(), "pr", "mm", daily=False, label="f: pr")


def test_rain_of_the_wrong_size_is_reported() -> None:
    require_plausible_rain(rain().values, daily=True, label="f: pr")
    year = np.resize(rain().values, (366, *rain().shape[1:]))
    for values in (1e-3 * year, rain(100.0).values):
        with pytest.raises(UserError, match="f: pr: the median of rain"):
            require_plausible_rain(values, daily=True, label="f: pr")


def test_a_dry_season_is_no_wrong_unit() -> None:
    require_plausible_rain(rain(1e-3).values[:90], daily=True, label="f: pr")
    with pytest.raises(UserError, match="the median of rain"):
        require_plausible_rain(rain(1e-3).values[:90], daily=False, label="an event")
