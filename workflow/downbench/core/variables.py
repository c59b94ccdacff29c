"""The table of variables: units, valid range, kind, histogram, extremes and words of each name.

A name is that of CF and CMIP. A new variable is one row of `VARIABLES`; nothing else lists
variables. A row may lack what some metric needs; that metric then stops with an error that names
the variable and the field to add.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from downbench.core.errors import UserError

FILE = "workflow/downbench/core/variables.py"
RAIN = "pr"
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
EXPONENT = re.compile(r"(?<=[a-zA-Z])(-?\d+)")

Kind = Literal["intermittent", "continuous", "bounded"]


@dataclass(frozen=True)
class LinearBins:
    """Bins of one width; start, stop and width in the variable's unit."""

    start: float
    stop: float
    width: float


@dataclass(frozen=True)
class GeometricBins:
    """Bins from `start` to `stop` that grow by `ratio`, after a first one that begins at zero."""

    start: float
    stop: float
    ratio: float


@dataclass(frozen=True)
class Variable:
    """What the project knows about one variable.

    Attributes
    ----------
    name
        CF or CMIP name.
    long_name, short_name
        Words of reports and figures, in lower case.
    units
        Unit inside the project, in CF notation; sources convert to it.
    quantity
        Physical quantity; it decides which units a source can convert.
    low, high
        Valid range [units]; a value outside is an error of units or packing.
    kind
        `intermittent` (exact zeros, a wet-day threshold in mm day-1, skewed), `continuous`, or
        `bounded` (a share between physical limits).
    histogram
        Bins of pooled distributions, from which quantiles are interpolated.
    cell_bin_width
        Width of the bins of each cell's distribution [units], for variables that are not
        intermittent.
    smallest_bandwidth
        Lower limit of kernel bandwidths [units]: differences below it do not matter.
    transform
        `compressed` by the region's `rain_transform` for networks, or `linear`.
    golden_tolerance
        Allowed deviation of a bundle's golden outputs between machines [units].
    yearly_maximum, yearly_minimum
        Names of the yearly indices (ETCCDI), where the extreme has one.
    station_percentile
        Percentile that is compared with stations, next to the mean.
    colormap, increase_colormap, difference_colormap
        Matplotlib names for fields, for differences of one sign, and for differences about zero.
    level_hpa
        Pressure level [hPa]; None near the surface.
    """

    name: str
    long_name: str
    short_name: str
    units: str
    quantity: str
    low: float
    high: float
    kind: Kind = "continuous"
    histogram: LinearBins | GeometricBins | None = None
    cell_bin_width: float | None = None
    smallest_bandwidth: float | None = None
    transform: Literal["linear", "compressed"] = "linear"
    golden_tolerance: float | None = None
    yearly_maximum: str | None = None
    yearly_minimum: str | None = None
    station_percentile: str = "p95"
    colormap: str = "cividis"
    increase_colormap: str = "YlOrRd"
    difference_colormap: str = "RdBu_r"
    level_hpa: int | None = None

    @property
    def is_intermittent(self) -> bool:
        """Are there dry days, wet-day thresholds [mm day-1] and a skewed distribution?"""
        return self.kind == "intermittent"

    @property
    def is_near_surface_temperature(self) -> bool:
        """Is it an air temperature near the surface [K]?"""
        return self.quantity == "temperature" and self.level_hpa is None

    @property
    def can_be_target(self) -> bool:
        """Has the row all that a target variable needs?"""
        return None not in (self.histogram, self.smallest_bandwidth, self.golden_tolerance)

    @property
    def title(self) -> str:
        """Long name with a capital."""
        return self.long_name[:1].upper() + self.long_name[1:]

    @property
    def unit_symbol(self) -> str:
        """Unit for text, with superscripts: mm day⁻¹."""
        return EXPONENT.sub(lambda match: match[1].translate(SUPERSCRIPTS), self.units)

    @property
    def unit_mathtext(self) -> str:
        """Unit for figures, in matplotlib's mathtext: mm day$^{-1}$."""
        return EXPONENT.sub(r"$^{\1}$", self.units)

    def require(self, field: str) -> Any:
        """Return a field of the row that may be absent.

        Raises
        ------
        UserError
            When the row has no such value: naming variable, field and file.
        """
        value = getattr(self, field)
        if value is None:
            raise UserError(
                f"variable {self.name} has no `{field}`: add it to its row in {FILE}, "
                "or leave the variable out"
            )
        return value


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
        name, long_name, "humidity", "1", "specific humidity", -0.001, 0.1,
        histogram=LinearBins(0.0, 0.05, 2e-5), cell_bin_width=1e-4, smallest_bandwidth=1e-5,
        golden_tolerance=2e-5, colormap="YlGnBu", increase_colormap="YlGnBu",
        difference_colormap="BrBG", level_hpa=level_hpa,
    )  # fmt: skip


def _share(name: str, long_name: str, units: str, high: float) -> Variable:
    return Variable(name, long_name, "land", units, "area fraction", 0.0, high, kind="bounded")


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
        increase_colormap="YlGnBu", difference_colormap="BrBG",
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
    Variable("prw", "precipitable water", "water", "kg m-2", "water column", 0.0, 200.0),
    _specific_humidity("hus850", "specific humidity at 850 hPa", 850),
    Variable(
        "ta850", "temperature at 850 hPa", "temperature", "K", "temperature", 150.0, 350.0,
        level_hpa=850,
    ),
    Variable(
        "zg500", "height of the 500 hPa surface", "height", "m", "height", 3000.0, 7000.0,
        level_hpa=500,
    ),
    Variable("orog", "altitude", "altitude", "m", "height", -1000.0, 10000.0),
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


def variable(name: str, where: str = "") -> Variable:
    """Return the row of a variable; `where` is the file that a message starts with.

    Raises
    ------
    UserError
        When the table has no such row: naming the variable and the file to extend.
    """
    try:
        return VARIABLES[name]
    except UserError as error:
        raise UserError(f"{where}: {error}" if where else str(error)) from None


def near_surface_temperature(names: Iterable[str]) -> str | None:
    """Return the first air temperature near the surface among `names`; None without one."""
    return next((name for name in names if name in TEMPERATURES), None)
