"""The range that a file declares for a variable: what lies outside is missing (CF 2.5.1)."""

from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.time_parts import mapped

MOST_CODES = 16
"""Different values outside the range up to which they count as codes of missing values."""


@dataclass
class DeclaredRange:
    """The range of one file's variable, and what lies outside of the parts that pass by.

    Attributes
    ----------
    low, high : float
        In decoded units, infinite where the file declares none.
    label : str
        File and variable, for messages.
    codes
        The different values outside.
    outside, values
        Number of values outside, and of all.
    """

    low: float
    high: float
    label: str
    codes: np.ndarray = field(default_factory=lambda: np.empty(0))
    outside: int = 0
    values: int = 0

    @property
    def is_open(self) -> bool:
        """Is no value outside?"""
        return bool(np.isinf([self.low, self.high]).all())

    def of(self, values: xr.DataArray) -> xr.DataArray:
        """Return a field without its values outside, part by part where it is lazy."""
        if self.is_open:
            return values
        return mapped(values, self._inner, np.result_type(values.dtype, 0.0))

    def add(self, values: np.ndarray) -> None:
        """Count the values of a part that lie outside.

        Raises
        ------
        UserError
            When so many different ones lie outside that they are no codes of missing values.
        """
        if self.is_open:
            return
        outside = self._is_outside(values)
        self.values, self.outside = self.values + values.size, self.outside + int(outside.sum())
        self.codes = np.unique(np.concatenate([self.codes, values[outside]]))
        if self.codes.size > MOST_CODES:
            raise UserError(
                f"{self.label}: {self.codes.size} different values ({self._span()}) lie outside "
                f"the range that the file declares, {self.low:.6g} to {self.high:.6g} (valid_min, "
                "valid_max, valid_range): correct the attribute, or mask these values in the file"
            )

    def report(self) -> None:
        """Print how many values lie outside, if any do."""
        if self.outside:
            print(
                f"{self.label}: {self.outside / self.values:.2%} of the values ({self._span()}) "
                f"lie outside the declared range {self.low:.6g} to {self.high:.6g} and count as "
                "missing"
            )

    def _inner(self, values: np.ndarray) -> np.ndarray:
        outside = self._is_outside(values)
        return np.where(outside, np.nan, values) if outside.any() else values

    def _is_outside(self, values: np.ndarray) -> np.ndarray:
        return (values < self.low) | (values > self.high)

    def _span(self) -> str:
        first, last = f"{self.codes[0]:.6g}", f"{self.codes[-1]:.6g}"
        return first if self.codes.size == 1 else f"{first} to {last}"


def declared_range(field: xr.DataArray, label: str) -> DeclaredRange:
    """Return the range that the attributes of a decoded field declare, with its encoding.

    Bounds of the type of packed integers are packed; bounds of another type are not.
    """
    attributes, encoding = field.attrs, field.encoding
    bounds = attributes.get(
        "valid_range",
        (attributes.get("valid_min", -np.inf), attributes.get("valid_max", np.inf)),
    )
    scale, offset = (encoding.get(k, v) for k, v in (("scale_factor", 1), ("add_offset", 0)))
    try:
        ends = [
            float(bound) * float(scale) + float(offset)
            if np.asarray(bound).dtype.kind in "iu"
            else float(bound)
            for bound in bounds
        ]
    except (TypeError, ValueError):
        print(f"the declared range {bounds!r} of '{field.name}' holds no numbers: not used")
        return DeclaredRange(-np.inf, np.inf, label)
    slack = 0.5 * abs(float(scale)) if "scale_factor" in encoding else 0.0
    return DeclaredRange(min(ends) - slack, max(ends) + slack, label)
