"""Units at the border (T15): every spelling converted, every lie caught."""

import re

import numpy as np
import pytest
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.rain_counts import RainCounts
from downbench.sources.files.rain_size import require_plausible_rain
from downbench.sources.files.units import convert


def rain(scale: float = 1.0) -> xr.DataArray:
    values = np.random.default_rng(0).gamma(0.7, 8.0, (50, 4, 4)) * scale
    return xr.DataArray(values, dims=("time", "lat", "lon"))


PER_MM_DAY = {
    1.0: "mm day-1, mm, kg m-2, mm d**-1, mm/d, mm day^-1, mm/day, mm per day, millimeters, MM, "
    "kg m**-2, kg/m^2, kg m-2 d-1, mm w.e., mm of water equivalent, mm day⁻¹, mm.d-1, [mm/day]",
    1 / 86400: "kg m-2 s-1, kg m**-2 s**-1, kg m^-2 s^-1, kg/m2/s, kg/(m^2 s), mm s-1, kg.m-2.s-1",
    1e-3: "m, m of water equivalent, m d-1, meters",
    1 / 24: "mm h-1, mm/hr, mm/h, mm hr-1, kg m-2 h-1",
    1 / 25.4: "inches, in, inch, inches/day",
    10.0: "0.1 mm, 0.1 mm/day",
    0.1: "cm",
}


@pytest.mark.parametrize(
    ("unit", "per_mm_day"),
    [(unit, scale) for scale, units in PER_MM_DAY.items() for unit in units.split(", ")],
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
        ("zg500", 9.80665 * 5600, "m**2 s**-2", 5600.0),
        ("zg500", 560.0, "gpdm", 5600.0),
        ("hus850", 8.0, "g kg**-1", 0.008),
        ("hus850", 0.008, "kg kg**-1", 0.008),
        ("land", 0.4, "(0 - 1)", 0.4),
        ("psl", 1013.0, "millibars", 101300.0),
        ("prw", 30.0, "mm", 30.0),
        ("prw", 30.0, "kg m**-2", 30.0),
        ("uas", 10.0, "knots", 5.14444),
        ("uas", 36.0, "km/h", 10.0),
        ("vas", -3.0, "m s**-1", -3.0),
        ("orog", 1000.0, "ft", 304.8),
        ("hurs", 0.5, "1", 50.0),
        *(("tas", 285.0, unit, 285.0) for unit in ("Kelvin", "degK", "deg K", "kelvins")),
        *(
            ("tas", 12.0, unit, 285.15)
            for unit in (
                "deg_C",
                "degrees_Celsius",
                "degrees C",
                "DegC",
                "celcius",
                "°C",
                "C",
                "℃",
            )
        ),
        ("tas", 50.0, "degF", 283.15),
    ],
)
def test_other_variables_are_converted(name, value, unit, wanted) -> None:
    got = convert(xr.DataArray([value]), name, unit, daily=True, label="f: v")
    assert float(got[0]) == pytest.approx(wanted, rel=1e-6)


def test_the_files_own_unit_is_taken_where_the_yaml_is_silent() -> None:
    field = xr.DataArray([10.0], attrs={"units": "Celsius"})
    assert float(convert(field, "tas", None, True, "f: t")[0]) == pytest.approx(283.15)


def test_a_unit_that_overrules_that_of_the_file_is_reported(capsys) -> None:
    celsius = xr.DataArray([10.0], attrs={"units": "K"})
    convert(celsius, "tas", "degC", True, "f: t")
    assert (
        "f: t: `units: degC` overrules the file's attribute units 'K'" in capsys.readouterr().out
    )
    convert(celsius.assign_attrs(units="Celsius"), "tas", "degC", True, "f: t")
    assert not capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "unit", "field", "message"),
    [
        ("tas", "furlong", xr.DataArray([280.0]), "no conversion of units 'furlong'"),
        ("tas", None, xr.DataArray([280.0]), "gives no units"),
        ("tas", None, xr.DataArray([280.0], attrs={"units": " "}), "gives no units"),
        *(
            ("pr", unit, rain(), f"no conversion of units '{re.escape(unit)}' to 'mm day-1'")
            for unit in (
                "K",
                "mm/3h",
                "W m-2",
                "mm day",
                "kg m-3",
                "dBZ",
                "mm day-1 day-1",
                "m2",
                "mm (3h)-1",
            )
        ),
        ("uas", "m", rain(), "no conversion of units 'm' to 'm s-1'"),
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


def require_rain(values, **options):
    """Check an array of rain."""
    require_plausible_rain(RainCounts.of(values), len(values), **options)


YEAR = np.resize(rain().values, (366, *rain().shape[1:]))


@pytest.mark.parametrize(
    ("unit", "scale"),
    [("m", 1e-3), ("kg m-2 s-1", 1 / 86400), ("inches", 1 / 25.4), ("inches", 0.1)],
)
def test_a_year_of_rain_in_another_unit_is_reported_with_that_unit(unit, scale) -> None:
    require_rain(YEAR, daily=True, label="f: pr")
    with pytest.raises(UserError, match=f"f: pr: the median of rain .*ordinary rain in {unit}"):
        require_rain(scale * YEAR, daily=True, label="f: pr")


def test_rain_that_is_too_large_is_reported() -> None:
    for values in (rain(100.0).values, 20.0 * YEAR):
        with pytest.raises(UserError, match="f: pr: the median of rain"):
            require_rain(values, daily=True, label="f: pr")


def test_a_dry_season_is_no_wrong_unit() -> None:
    require_rain(rain(1e-3).values[:90], daily=True, label="f: pr")
    with pytest.raises(UserError, match="the median of rain"):
        require_rain(rain(1e-3).values[:90], daily=False, label="an event")


DRY = np.where(np.random.default_rng(1).random(YEAR.shape) < 0.04, YEAR, 0.0)
DRY_PLACES = {
    "desert with some storms": (DRY, False),
    "desert that drizzles": (np.minimum(DRY, 8.0) + 0.01 * (YEAR > 4), False),
    "year without a wet day": (np.where(DRY > 2, 0.2, 0.0), False),
    "year without rain": (0.0 * DRY, False),
    "polar snow": (YEAR / 20, True),
    "a flood of a few days": (rain(8.0).values[:5], False),
}


@pytest.mark.parametrize("place", DRY_PLACES)
def test_dry_and_cold_regions_and_floods_pass(place) -> None:
    values, polar = DRY_PLACES[place]
    require_rain(values, daily=True, label="f: pr", polar=polar)


def test_traces_below_zero_are_clipped_and_counted(capsys) -> None:
    packed = rain().where(rain() > 1, 0.0) - 3e-18
    result = convert(packed, "pr", "mm day-1", daily=True, label="f: pr")
    assert float(result.min()) == 0.0
    np.testing.assert_allclose(result, packed, atol=1e-6)
    low = xr.where(rain() > 1, rain(), -0.005)
    assert float(convert(low, "pr", "mm day-1", daily=True, label="f: pr").min()) == 0.0
    assert f"f: pr: {int((rain() <= 1).sum())} traces of pr" in capsys.readouterr().out
    convert(rain(), "pr", "mm day-1", daily=True, label="f: pr")
    assert not capsys.readouterr().out


def test_negative_rain_is_refused_as_such() -> None:
    with pytest.raises(UserError, match=r"f: pr: pr is negative in .*rain cannot be"):
        convert(rain() - 0.5, "pr", "mm day-1", daily=True, label="f: pr")


def test_a_share_of_a_little_more_than_all_is_all() -> None:
    share = xr.DataArray(np.array([0.0, 0.4, 1.00004], np.float32))
    assert convert(share, "land", "1", daily=True, label="f: l").values.max() == 1.0
    with pytest.raises(UserError, match="land runs from 0 to 1.2"):
        convert(share * 1.2, "land", "1", daily=True, label="f: l")
