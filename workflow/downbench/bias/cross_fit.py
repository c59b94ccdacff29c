"""Which years a quantile map is fitted on, and which fit maps which years (trap T11).

Fit 0 sees all calibration years. Fit i sees all but the i-th block of consecutive years, and maps
that block in the run that the map was fitted on: no year is mapped by a fit that saw it.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from downbench.core.errors import UserError

FULL = 0


def calibration_years(
    source: np.ndarray, reference: np.ndarray, wanted: Sequence[int] | None
) -> tuple[int, ...]:
    """Years to fit on: those wanted, or all that both series have.

    Parameters
    ----------
    source, reference : (time,) int
        Year of each time stamp of the model and of the reference.

    Raises
    ------
    UserError
        When the two have no year in common, or lack one that is wanted.
    """
    shared = sorted(map(int, np.intersect1d(source, reference)))
    absent = [str(year) for year in wanted or () if year not in shared]
    if absent:
        raise UserError(
            f"calibration_years: {', '.join(absent)} are not in both the historical run and the "
            f"reference, which share {_told(shared)}: leave them out"
        )
    if not shared:
        raise UserError(
            f"the historical run ({_told(sorted(set(map(int, source))))}) and the reference "
            f"({_told(sorted(set(map(int, reference))))}) share no year: a map cannot be fitted"
        )
    return tuple(sorted(wanted)) if wanted else tuple(shared)


def blocks(years: Sequence[int], count: int | None) -> tuple[tuple[int, ...], ...]:
    """Blocks of consecutive years, of equal length as nearly as can be; none without `count`."""
    if count is None:
        return ()
    if len(years) < 2 * count:
        raise UserError(
            f"cross_fit_blocks = {count}, but there are {len(years)} calibration years: use at "
            "most half as many blocks as years, or null"
        )
    return tuple(tuple(map(int, block)) for block in np.array_split(years, count))


def fits(
    years: Sequence[int], held_out: Sequence[Sequence[int]], labels: np.ndarray
) -> list[np.ndarray]:
    """Time stamps that each fit sees, (time,) bool each: the full fit first."""
    full = np.isin(labels, years)
    return [full, *(full & ~np.isin(labels, block) for block in held_out)]


def stretches(
    labels: np.ndarray, held_out: Sequence[Sequence[int]], period_years: int
) -> Iterator[tuple[int, np.ndarray]]:
    """Parts of a run that are mapped together, as (fit, indices of time stamps).

    A block of `held_out` goes with the fit that has not seen it. The other years go with the full
    fit, cut into stretches of equal length, at most `period_years` long.
    """
    for number, block in enumerate(held_out, start=1):
        index = np.flatnonzero(np.isin(labels, block))
        if index.size:
            yield number, index
    others = np.setdiff1d(labels, [year for block in held_out for year in block])
    if others.size:
        for stretch in np.array_split(others, -(-others.size // period_years)):
            yield FULL, np.flatnonzero(np.isin(labels, stretch))


def _told(years: Sequence[int]) -> str:
    return f"{years[0]}–{years[-1]}" if years else "no year"
