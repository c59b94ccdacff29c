"""The table of variables: complete rows, words, units, and errors that name the fix."""

import math

import pytest

from downbench.core.errors import UserError
from downbench.core.variable import GeometricBins, LinearBins
from downbench.core.variables import (
    RAIN,
    TARGETS,
    TEMPERATURES,
    VARIABLES,
    long_name,
    near_surface_temperature,
    unit_symbol,
    variable,
)


def test_rain_and_temperatures_keep_their_bins() -> None:
    assert VARIABLES[RAIN].histogram == GeometricBins(0.01, 5000.0, 1.01)
    assert {VARIABLES[name].histogram for name in TEMPERATURES} == {LinearBins(170.0, 350.0, 0.1)}
    assert VARIABLES[RAIN].yearly_maximum == "rx1day"
    assert {VARIABLES[name].yearly_maximum for name in TEMPERATURES} == {"txx"}


def test_rain_alone_is_intermittent_and_compressed() -> None:
    assert [name for name, row in VARIABLES.items() if row.is_intermittent] == [RAIN]
    assert [name for name, row in VARIABLES.items() if row.transform == "compressed"] == [RAIN]


@pytest.mark.parametrize("name", VARIABLES)
def test_every_row_has_words_a_unit_and_a_range(name: str) -> None:
    row = VARIABLES[name]
    assert row.name == name and row.units and row.low < row.high
    assert row.long_name[0].islower() and row.title[0].isupper()


@pytest.mark.parametrize("name", TARGETS)
def test_the_bins_of_a_target_hold_its_values(name: str) -> None:
    row = VARIABLES[name]
    bins = row.require("histogram")
    assert bins.start <= max(row.low, 0.0) + 0.01 or bins.start <= row.low
    bandwidth = row.require("smallest_bandwidth")
    assert 0 < bandwidth < bins.stop and row.require("golden_tolerance") > 0
    assert row.is_intermittent or row.require("cell_bin_width") > 0


def test_units_are_written_with_superscripts() -> None:
    assert VARIABLES[RAIN].unit_symbol == "mm day⁻¹"
    assert VARIABLES[RAIN].unit_mathtext == "mm day$^{-1}$"
    assert VARIABLES["tas"].unit_symbol == VARIABLES["tas"].unit_mathtext == "K"
    assert VARIABLES["cell_area"].unit_symbol == "m²"
    assert VARIABLES["huss"].unit_symbol == "1" and VARIABLES["hurs"].unit_symbol == "%"


def test_an_unknown_name_is_refused_with_the_file_to_extend() -> None:
    message = "(?s)in.nc: variable 'tasmx'.*did you mean 'tasmax'.*core/variables.py"
    with pytest.raises(UserError, match=message):
        variable("tasmx", "in.nc")
    with pytest.raises(UserError, match="variable 'snow'"):
        VARIABLES["snow"]
    assert "snow" not in VARIABLES
    assert (long_name("snow"), unit_symbol("snow")) == ("snow", "")


def test_a_field_that_a_row_lacks_is_named() -> None:
    assert not VARIABLES["orog"].can_be_target
    with pytest.raises(UserError, match="orog has no `histogram`: add it to its row"):
        VARIABLES["orog"].require("histogram")


def test_the_first_near_surface_temperature() -> None:
    assert near_surface_temperature(["pr", "ta850", "tas", "tasmax"]) == "tas"
    assert near_surface_temperature(["pr", "hurs"]) is None
    assert math.isclose(VARIABLES["tas"].golden_tolerance, 0.02)
