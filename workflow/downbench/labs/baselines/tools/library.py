"""Past days kept by a baseline that samples from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from downbench.bias.day_of_year import day_numbers, near
from downbench.core.errors import UserError
from downbench.core.rng import generator
from downbench.core.spatial.grids import fill_from_nearest
from downbench.core.variables import VARIABLES
from downbench.labs.baselines.tools import dataset_arrays


@dataclass(frozen=True)
class Library:
    """Fine fields of training days.

    Kept as float16 departures from `centre` to halve the bundle: the rounding is below 0.05 % of
    a rain rate and below 0.02 K of a temperature within 32 K of its cell's mean.

    `days` : (n,) day numbers; `departures` : (n, y, x) by variable; `centre` : (y, x) by variable,
    zero for rain. Cells that were never valid are NaN.
    """

    days: np.ndarray
    departures: Mapping[str, np.ndarray]
    centre: Mapping[str, np.ndarray]

    def take(self, name: str, days: np.ndarray) -> np.ndarray:
        """Return fields of days by index: (len(days), y, x) float32, physical unit."""
        return self.departures[name][days].astype(np.float32) + self.centre[name]

    def of_season(self, day: int, half_window: int) -> np.ndarray:
        """Indices of the days within `half_window` days of the day number `day`."""
        days = np.flatnonzero(near(self.days, day, half_window))
        if days.size == 0:
            raise UserError(
                f"no training day lies within {half_window} days of day {day + 1} of the year: "
                "sample days of the seasons that the model was trained on, or widen window_days"
            )
        return days

    def arrays(self) -> dict[str, np.ndarray]:
        """Named arrays to write to a bundle."""
        named = {"library.days": self.days}
        for name in self.departures:
            named[f"library.departures.{name}"] = self.departures[name]
            named[f"library.centre.{name}"] = self.centre[name]
        return named


def build(target: xr.Dataset, is_seasonal: bool, most_days: int | None, seed: int) -> Library:
    """Keep the training days of `target` (time, y, x), or `most_days` of them chosen at random.

    A cell that is missing on single days takes its nearest valid neighbour's value there.
    """
    kept = _kept(target.sizes["time"], most_days, seed)
    days = day_numbers(target["time"], is_seasonal)[kept]
    departures, centre = {}, {}
    for name in dataset_arrays.variables(target):
        values = dataset_arrays.array(target.isel(time=kept), name)
        valid = dataset_arrays.valid_cells(values)
        filled = np.where(valid, fill_from_nearest(values), np.nan)
        centre[name] = _centre(name, filled, valid)
        departures[name] = (filled - centre[name]).astype(np.float16)

    return Library(days, departures, centre)


def _centre(name: str, values: np.ndarray, valid: np.ndarray) -> np.ndarray:
    if VARIABLES[name].is_intermittent:
        return np.where(valid, np.float32(0.0), np.float32(np.nan))
    return values.mean(axis=0, dtype=np.float64).astype(np.float32)


def _kept(times: int, most: int | None, seed: int) -> np.ndarray:
    if most is None or most >= times:
        return np.arange(times)
    return np.sort(generator("library", seed).choice(times, most, replace=False))


def from_arrays(arrays: Mapping[str, np.ndarray]) -> Library:
    """The library that `Library.arrays` named."""

    def part(prefix: str) -> dict[str, np.ndarray]:
        return {n.removeprefix(prefix): a for n, a in arrays.items() if n.startswith(prefix)}

    return Library(arrays["library.days"], part("library.departures."), part("library.centre."))


def sample(candidates: np.ndarray, members: int, keys: Sequence[str | int]) -> np.ndarray:
    """One candidate per member, each once before any comes twice, (members,) int.

    `keys` name model, seed and date. From the same candidates, the first m of M
    members are those of an ensemble of m.
    """
    shuffled = generator(*keys).permutation(candidates)
    return np.resize(shuffled, members)
