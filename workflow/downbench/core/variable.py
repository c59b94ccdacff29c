"""What the table of variables says about one variable."""

import re
from dataclasses import dataclass
from typing import Any, Literal

from downbench.core.errors import UserError

FILE = "workflow/downbench/core/variables.py"
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
    smallest_peak
        The largest value of a file exceeds it [units], unless all are zero: a fraction called
        per cent, or grams called kilograms, do not; None where no unit shows by it.
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
    smallest_peak: float | None = None

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
