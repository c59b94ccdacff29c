"""Which coarse cells does a series lack, where the target has values?"""

from dataclasses import dataclass

import numpy as np

SHOWN = 6


@dataclass(frozen=True)
class Coverage:
    """Coarse cells with a value of the target.

    cells : number of them
    places : of those without any value of the series, (latitude, longitude) [degrees]
    missing_share : of the values in the other cells, the share that is missing [1]
    """

    cells: int
    places: tuple[tuple[float, float], ...]
    missing_share: float

    @property
    def is_poor(self) -> bool:
        """Are more than half of the cells missing?"""
        return 2 * len(self.places) > self.cells

    def __str__(self) -> str:
        """Return the number and the places as text."""
        text = f"{len(self.places)} of {self.cells} coarse cells missing"
        if self.places:
            places = [f"{lat:.2f}° N {lon:.2f}° E" for lat, lon in self.places[:SHOWN]]
            text += f" ({', '.join(places)}{' …' if len(self.places) > SHOWN else ''})"
        if self.missing_share > 0:
            text += f", {self.missing_share:.2%} of the values elsewhere"
        return text


def coverage(
    series: np.ndarray, has_target: np.ndarray, lat: np.ndarray, lon: np.ndarray
) -> Coverage:
    """Return the coverage of the coarse cells that the target has values in.

    Parameters
    ----------
    series : (time, Y, X)
        NaN where missing.
    has_target : (Y, X) bool
        Cells in which the target ever has a value.
    lat, lon : (Y, X)
        Centres [degrees].
    """
    valid = np.isfinite(series)
    covered = valid.any(axis=0)
    lacking, shared = has_target & ~covered, has_target & covered
    places = tuple(zip(lat[lacking].tolist(), lon[lacking].tolist(), strict=True))
    missing = 1.0 - float(valid[:, shared].mean()) if shared.any() else 0.0
    return Coverage(int(has_target.sum()), places, missing)
