"""What one pass over the members of a variable collects: block means are held, fields are not."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr
from tqdm import tqdm

from downbench.core.calendar.dates import day_numbers
from downbench.core.contract_values import WET_MM_DAY
from downbench.core.spatial.grids import block_mean, valid_cells
from downbench.core.time_parts import along_time

DAY_SLACK = 0.01


@dataclass
class Gaps:
    """Values that are missing where the target has one.

    number : of values
    first : time, member and number of cells of the first field with a gap; None without one
    """

    number: int = 0
    first: tuple[str, int, int] | None = None

    def add(self, lacking: np.ndarray, times: np.ndarray) -> None:
        """Look at further times, (time, member, y, x) bool."""
        self.number += int(lacking.sum())
        if self.first is None and lacking.any():
            day, member = map(int, np.argwhere(lacking.any(axis=(2, 3)))[0])
            self.first = (str(times[day])[:10], member, int(lacking[day, member].sum()))


@dataclass
class WetValues:
    """Numbers of values of 1 mm day-1 and more, and of all values."""

    wet: int = 0
    all: int = 0

    def add(self, values: np.ndarray) -> None:
        """Count further values, NaN where missing [mm day-1]."""
        self.wet += int((values >= WET_MM_DAY).sum())
        self.all += int(np.isfinite(values).sum())

    @property
    def share(self) -> float:
        """Share of wet values [1], NaN without any value."""
        return self.wet / self.all if self.all else np.nan


@dataclass(frozen=True)
class MemberFields:
    """A variable of an ensemble, without its fine fields.

    contents : (time, member) int, equal where all values of two fields are
    is_uniform : (time, member) bool, is one value in all cells, as on a dry day?
    follows : (time,) bool, is it the day after the time before?
    means : (time, member) mean over the domain, in the variable's unit; NaN without a value
    coarse : (time, member, Y, X) block means; None without a target
    gaps : where the target has a value
    wet, target_wet : of the ensemble and of the target on its days
    """

    contents: np.ndarray
    is_uniform: np.ndarray
    follows: np.ndarray
    means: np.ndarray
    coarse: np.ndarray | None
    gaps: Gaps
    wet: WetValues
    target_wet: WetValues


def collected(
    field: xr.DataArray, target: xr.Dataset | None, factor: int, shares_days: bool
) -> MemberFields:
    """Look at every value of a variable once.

    Parameters
    ----------
    field : (time, member, y, x)
        In memory, or lazy in parts along time.
    target : (time, y, x)
        On the same cells, with `cell_area` [m2].
    factor
        Fine cells along one side of a coarse one.
    shares_days
        Has it the target's days? Else it needs a value in each cell in which the target has one.
    """
    gaps, wet, target_wet, rows = Gaps(), WetValues(), WetValues(), []
    area = None if target is None else target["cell_area"].values
    for part in _parts(field):
        values, times = part.values, part["time"].values
        wet.add(values)
        if target is not None:
            partner = _partner(target[field.name], times, shares_days)
            gaps.add(np.isnan(values) & np.isfinite(partner), times)
            if shares_days:
                target_wet.add(partner)
        rows.append(
            (*_summary(values), None if area is None else block_mean(values, factor, area))
        )
    contents, is_uniform, means, coarse = zip(*rows, strict=True)
    follows = np.r_[False, np.abs(np.diff(day_numbers(field["time"])) - 1) < DAY_SLACK]
    block_means = None if area is None else np.concatenate(coarse)
    arrays = (np.concatenate(contents), np.concatenate(is_uniform), follows)
    return MemberFields(*arrays, np.concatenate(means), block_means, gaps, wet, target_wet)


def _parts(field: xr.DataArray) -> Iterator[xr.DataArray]:
    """Yield the parts of a field; those of a large one with a bar of their progress."""
    number = 1 if field.chunks is None else len(field.chunksizes["time"])
    bar = {"desc": f"checking {field.name}", "unit": "part", "disable": number == 1}
    return iter(tqdm(along_time(field), total=number, **bar))


def _partner(target: xr.DataArray, times: np.ndarray, shares_days: bool) -> np.ndarray:
    """Return the target's values of the same days, or its cells with a value: (time, 1, y, x)."""
    if not shares_days:
        return np.where(valid_cells(target), 0.0, np.nan)[None, None]
    return target.sel(time=times).values[:, None]


def _summary(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return content, uniformity and mean of each field, (time, member)."""
    fields = np.ascontiguousarray(values).reshape(*values.shape[:2], -1)
    contents = np.array([[hash(field.tobytes()) for field in day] for day in fields])
    finite = np.isfinite(fields)
    count, total = finite.sum(axis=-1), np.where(finite, fields, 0).sum(axis=-1, dtype=np.float64)
    least = np.where(finite, fields, np.inf).min(axis=-1)
    most = np.where(finite, fields, -np.inf).max(axis=-1)
    means = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return contents.reshape(values.shape[:2]), ~(least < most), means
