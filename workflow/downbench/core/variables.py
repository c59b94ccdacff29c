"""The table of variables: units, valid range, kind, histogram, extremes and words of each name.

A name is that of CF and CMIP. A new variable is one row of `VARIABLES`; nothing else lists
variables. A row may lack what some metric needs; that metric then stops with an error that names
the variable and the field to add.
"""

import difflib
from collections.abc import Iterable

from downbench.core.errors import UserError
from downbench.core.variable import FILE, GeometricBins, LinearBins, Variable

RAIN = "pr"


def _temperature(name: str, long_name: str, percentile: str = "p95") -> Variable:
    return Variable(
        name, long_name, "temperature", "K", "temperature", 180.0, 340.0,
        histogram=LinearBins(170.0, 350.0, 0.1), cell_bin_width=0.5, smallest_bandwidth=0.05,
        golden_tolerance=0.02, yearly_maximum="txx", yearly_minimum="txn",
        station_percentile=percentile,
    )  # fmt: skip


def _wind(name: str, long_name: str, low: float) -> Variable:
    return Variable(
        name, long_name, "wind", "m s-1", "wind", low, 100.0,
        histogram=LinearBins(low, 100.0, 0.05), cell_bin_width=0.1, smallest_bandwidth=0.01,
        golden_tolerance=0.02, colormap="viridis", difference_colormap="PuOr_r",
    )  # fmt: skip


def _specific_humidity(name: str, long_name: str, level_hpa: int | None = None) -> Variable:
    # Spectral models leave values just below zero.
    return Variable(
        name, long_name, "humidity", "1", "specific humidity", -0.001, 0.06,
        histogram=LinearBins(0.0, 0.05, 2e-5), cell_bin_width=1e-4, smallest_bandwidth=1e-5,
        golden_tolerance=2e-5, colormap="YlGnBu", increase_colormap="YlGnBu",
        difference_colormap="BrBG", level_hpa=level_hpa, smallest_peak=5e-5,
    )  # fmt: skip


def _share(name: str, long_name: str, units: str, high: float) -> Variable:
    return Variable(
        name, long_name, "land", units, "area fraction", 0.0, high, kind="bounded",
        smallest_peak=0.0101 * high,
    )  # fmt: skip


ROWS = (
    Variable(
        RAIN, "rain", "rain", "mm day-1", "precipitation", 0.0, 5000.0,
        kind="intermittent", histogram=GeometricBins(0.01, 5000.0, 1.01),
        smallest_bandwidth=0.1, transform="compressed", golden_tolerance=0.05,
        yearly_maximum="rx1day", station_percentile="p99", colormap="YlGnBu",
        increase_colormap="YlGnBu", difference_colormap="BrBG",
    ),
    _temperature("tasmax", "daily maximum temperature"),
    _temperature("tas", "daily mean temperature", "p05"),
    _temperature("tasmin", "daily minimum temperature", "p05"),
    Variable(
        "hurs", "relative humidity", "humidity", "%", "relative humidity", 0.0, 150.0,
        kind="bounded", histogram=LinearBins(0.0, 150.0, 0.1), cell_bin_width=0.5,
        smallest_bandwidth=0.1, golden_tolerance=0.1, colormap="YlGnBu",
        increase_colormap="YlGnBu", difference_colormap="BrBG", smallest_peak=1.5,
    ),
    _specific_humidity("huss", "specific humidity"),
    _wind("sfcWind", "wind speed", 0.0),
    _wind("uas", "eastward wind", -100.0),
    _wind("vas", "northward wind", -100.0),
    Variable(
        "psl", "sea-level pressure", "pressure", "Pa", "pressure", 85000.0, 110000.0,
        histogram=LinearBins(80000.0, 112000.0, 10.0), cell_bin_width=50.0,
        smallest_bandwidth=5.0, golden_tolerance=5.0,
    ),
    Variable(
        "prw", "precipitable water", "water", "kg m-2", "water column", -0.5, 120.0,
        smallest_peak=0.15,
    ),
    _specific_humidity("hus850", "specific humidity at 850 hPa", 850),
    Variable(
        "ta850", "temperature at 850 hPa", "temperature", "K", "temperature", 190.0, 330.0,
        level_hpa=850,
    ),
    Variable(
        "zg500", "height of the 500 hPa surface", "height", "m", "height", 4200.0, 6300.0,
        level_hpa=500,
    ),
    Variable("orog", "altitude", "altitude", "m", "height", -500.0, 8900.0),
    _share("land", "share of land", "1", 1.0),
    _share("sftlf", "share of land", "%", 100.0),
    Variable("cell_area", "cell area", "area", "m2", "area", 1.0, 1e12),
)  # fmt: skip


class Table(dict[str, Variable]):
    """Rows by name; an unknown name is a `UserError` that says what to do."""

    def __missing__(self, name: str) -> Variable:
        near = difflib.get_close_matches(name, self, n=1)
        hint = f"did you mean '{near[0]}'? " if near else ""
        raise UserError(
            f"variable '{name}' is not in the table of variables; {hint}"
            f"use one of {', '.join(self)}, or add a row to {FILE}"
        )


VARIABLES = Table((row.name, row) for row in ROWS)
TARGETS = tuple(row.name for row in ROWS if row.can_be_target)
TEMPERATURES = tuple(row.name for row in ROWS if row.is_near_surface_temperature)


def variable(name: str, source: str = "") -> Variable:
    """Return the row of a variable; `source` is the file that a message starts with.

    Raises
    ------
    UserError
        When the table has no such row: naming the variable and the file to extend.
    """
    try:
        return VARIABLES[name]
    except UserError as error:
        raise UserError(f"{source}: {error}" if source else str(error)) from None


def near_surface_temperature(names: Iterable[str]) -> str | None:
    """Return the first air temperature near the surface among `names`; None without one."""
    return next((name for name in names if name in TEMPERATURES), None)


def long_name(name: str) -> str:
    """Return the words for a variable; an unknown name stands for itself."""
    return VARIABLES[name].long_name if name in VARIABLES else name


def unit_symbol(name: str) -> str:
    """Return the unit for text; empty for an unknown name."""
    return VARIABLES[name].unit_symbol if name in VARIABLES else ""


def title(name: str) -> str:
    """Return the words for a variable with a capital; an unknown name stands for itself."""
    return VARIABLES[name].title if name in VARIABLES else name
