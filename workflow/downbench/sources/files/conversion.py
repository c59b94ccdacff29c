"""The conversion of one series to the contract's unit: it sees all values before it is used."""

from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from downbench.core.rain_counts import RainCounts
from downbench.core.time_parts import mapped
from downbench.core.variable import Variable
from downbench.core.variables import RAIN
from downbench.sources.files import plausible_values
from downbench.sources.files.extremes import Extremes
from downbench.sources.files.traces import Traces


@dataclass
class Conversion:
    """Scale and offset of a series, and what its values are like.

    Attributes
    ----------
    row : Variable
        What the table says about the variable.
    scale, offset : float
        They turn values of the file into the contract's unit.
    unit : str
        Unit of the file.
    label : str
        File and variable, for messages.
    extremes, traces, rain
        Of the values so far, in the contract's unit; of rain also the number of values by size.
    valid : int array, or 0
        Number of times with a value in each cell.
    """

    row: Variable
    scale: float
    offset: float
    unit: str
    label: str
    extremes: Extremes = field(default_factory=Extremes)
    rain: RainCounts = field(default_factory=RainCounts)
    valid: np.ndarray | int = 0

    def __post_init__(self) -> None:
        """Begin to count traces."""
        self.traces = Traces(self.row)

    @property
    def as_read(self) -> str:
        """Return file, variable and unit, for messages."""
        return f"{self.label}, read as '{self.unit}'"

    def add(self, part: xr.DataArray) -> None:
        """Look at the values of the file at further times."""
        values = self.converted(part.values)
        self.extremes.add(values)
        self.traces.add(values)
        if self.row.name == RAIN:
            self.rain.add(values)
        if "time" in part.dims:
            self.valid = self.valid + np.isfinite(values).sum(axis=part.dims.index("time"))

    def of(self, raw: xr.DataArray) -> xr.DataArray:
        """Return the series in the contract's unit, float32, lazy where the file's is.

        Raises
        ------
        UserError
            When the values cannot be in that unit.
        """
        plausible_values.refuse_codes(self, raw)
        plausible_values.refuse_geopotential(raw, self.row, self.unit, self.as_read)
        self.traces.report(self.label)
        plausible_values.require(self)
        in_unit = mapped(raw, self._limited, np.float32)
        in_unit.encoding = {}
        return in_unit.assign_attrs(units=self.row.units)

    def converted(self, values: np.ndarray) -> np.ndarray:
        """Return values of the file in the contract's unit, float32."""
        in_unit = values * self.scale
        in_unit += self.offset
        return in_unit.astype(np.float32, copy=False)

    def _limited(self, values: np.ndarray) -> np.ndarray:
        return self.traces.limited(self.converted(values))
