"""Years that a quantile mapping is fitted on, and the fit that corrects each year (trap T11).

Fit 0 uses all calibration years. Fit i uses all but the i-th block of consecutive years, and
corrects that block of the calibration run: no year is corrected by a fit that used it.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from downbench.core.errors import UserError

FULL = 0


def calibration_years(
    source: np.ndarray, reference: np.ndarray, requested: Sequence[int] | None
) -> tuple[int, ...]:
    """Return the years to fit on: the requested ones, or all that both series have.

    Parameters
    ----------
    source, reference : (time,) int
        Year of each time stamp of the model and of the reference.

    Raises
    ------
    UserError
        When the two have no year in common, or lack a requested one.
    """
    shared = sorted(map(int, np.intersect1d(source, reference)))
    absent = [str(year) for year in requested or () if year not in shared]
    if absent:
        raise UserError(
            f"calibration_years: {', '.join(absent)} are not in both the historical run and the "
            f"reference, which share {_span(shared)}: leave them out"
        )
    if not shared:
        raise UserError(
            f"the historical run ({_span(sorted(set(map(int, source))))}) and the reference "
            f"({_span(sorted(set(map(int, reference))))}) share no year: a map cannot be fitted"
        )
    return tuple(sorted(requested)) if requested else tuple(shared)


def blocks(years: Sequence[int], count: int | None) -> tuple[tuple[int, ...], ...]:
    """Return blocks of consecutive years of nearly equal length; none without `count`."""
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
    """Return the times that each fit uses, (time,) bool each, the full fit first."""
    full = np.isin(labels, years)
    return [full, *(full & ~np.isin(labels, block) for block in held_out)]


def periods(
    labels: np.ndarray, held_out: Sequence[Sequence[int]], period_years: int
) -> Iterator[tuple[int, np.ndarray]]:
    """Yield the parts of a run that are corrected together, as (fit, indices of times).

    A block of `held_out` is corrected by the fit that did not use it. The other years are
    corrected by the full fit, in periods of equal length, at most `period_years` long.
    """
    for number, block in enumerate(held_out, start=1):
        index = np.flatnonzero(np.isin(labels, block))
        if index.size:
            yield number, index
    rest = np.setdiff1d(labels, [year for block in held_out for year in block])
    if rest.size:
        for period in np.array_split(rest, -(-rest.size // period_years)):
            yield FULL, np.flatnonzero(np.isin(labels, period))


def _span(years: Sequence[int]) -> str:
    return f"{years[0]}–{years[-1]}" if years else "no year"
