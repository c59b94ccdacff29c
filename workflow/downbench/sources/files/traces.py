"""Traces beyond a physical limit, such as packed rain just below zero, become the limit."""

from dataclasses import dataclass

import numpy as np

from downbench.core.errors import UserError
from downbench.core.variable import Variable

TRACES = {
    "precipitation": 0.01,
    "water column": 0.01,
    "wind": 0.01,
    "relative humidity": 0.01,
    "area fraction": 1e-4,
}
"""Largest trace of a quantity in the unit of its variable; of %, a hundred times as large."""


@dataclass
class Traces:
    """Traces of a variable below zero, and of shares above one, that are set to that limit.

    Packing in integers and spectral models leave such values. Their number is reported.

    Attributes
    ----------
    row : Variable
        What the table says about the variable; values are in its unit.
    number, least
        Of traces so far, and the smallest of them.
    values, negative, lowest
        Number of all values and of those below any trace, and the smallest of these.
    """

    row: Variable
    number: int = 0
    least: float = np.inf
    values: int = 0
    negative: int = 0
    lowest: float = np.inf

    @property
    def high(self) -> float:
        """Return the upper limit, infinite where there is none."""
        return self.row.high if self.row.kind == "bounded" else np.inf

    def add(self, values: np.ndarray) -> None:
        """Count the traces of further values of any shape."""
        self.values += values.size
        if self.row.quantity not in TRACES or not values.size:
            return
        beyond = values[self._are(values)]
        negative = values[values < -largest_trace(self.row)]
        self.number, self.negative = self.number + beyond.size, self.negative + negative.size
        self.least = min(self.least, float(beyond.min(initial=np.inf)))
        self.lowest = min(self.lowest, float(negative.min(initial=np.inf)))

    def limited(self, values: np.ndarray) -> np.ndarray:
        """Return values with their traces at the limit."""
        if not self.number:
            return values
        return np.where(self._are(values), np.clip(values, self.row.low, self.high), values)

    def report(self, label: str) -> None:
        """Print the number of traces, if there are any.

        Raises
        ------
        UserError
            When rain is negative beyond a trace.
        """
        row = self.row
        if row.low == 0.0 and row.is_intermittent and self.negative:
            raise UserError(
                f"{label}: {row.name} is negative in {self.negative} of {self.values} values, "
                f"down to {self.lowest:.4g} {row.units}: rain cannot be; look for an undeclared "
                "missing value (declare `_FillValue`), or for differences of sums"
            )
        if self.number:
            print(
                f"{label}: {self.number} traces of {row.name} beyond its limit (down to "
                f"{self.least:.3g} {row.units}) are set to the limit"
            )

    def _are(self, values: np.ndarray) -> np.ndarray:
        low, high, trace = self.row.low, self.high, largest_trace(self.row)
        below = (values < low) & (values >= low - trace)
        return below | ((values > high) & (values <= high + trace))


def largest_trace(row: Variable) -> float:
    """Return what may lie beyond the limits of a variable as a trace [its units]."""
    return TRACES.get(row.quantity, 0.0) * (100.0 if row.units == "%" else 1.0)
