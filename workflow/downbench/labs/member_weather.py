"""The weather of each member against the target's: size, day, orientation and coverage."""

from collections.abc import Collection, Iterator, Mapping

import xarray as xr

from downbench.core.breaches import Breach, Breaches
from downbench.core.calendar import lag
from downbench.core.consistency import missing_zeros, report
from downbench.core.consistency.check_result import CheckResult
from downbench.core.consistency.series_pair import coarsened
from downbench.labs.member_breaches import listing
from downbench.labs.member_fields import MemberFields
from downbench.labs.member_repeats import without_weather

CLEARLY_OF_MEMBERS = 0.5
"""As `lag.CLEARLY`, of members beyond the first: chance has a try with each of them."""

FREE_OF_UNITS = ("common days", report.DAY, report.ORIENTATION)
OF_GAPS = (report.COVERAGE, missing_zeros.CHECK)


def compare(
    fields: Mapping[str, MemberFields],
    time: xr.DataArray,
    target: xr.Dataset,
    factor: int,
    shares_days: bool,
    sized: Collection[str],
    breaches: Breaches,
) -> list[str]:
    """Hold the block means of each member against those of the target.

    Parameters
    ----------
    fields
        Of each variable that is compared; a member that is known to be no sample is left out.
    time : (time,)
        Of the fields.
    target, factor, shares_days
        As in `consistency.report.results`.
    sized
        Variables in the unit of the target; of others, units are no matter of this check.
    breaches
        Takes what is wrong, of all members at once.

    Returns
    -------
    list of str
        Lines about the first member.
    """
    coarse, lines = coarsened(target, factor), []
    problems: dict[tuple[str, str], dict[int, str]] = {}
    total = max(field.contents.shape[1] for field in fields.values())
    for member in range(total):
        series = _member(fields, time, member, coarse)
        clearly = CLEARLY_OF_MEMBERS if member else lag.CLEARLY
        results = [*report.results(series, coarse, 1, shares_days=shares_days, clearly=clearly)]
        lines = lines or [f"member {member} against the target:", *(f"  {r}" for r in results)]
        for result in _counting(results, fields, sized):
            problems.setdefault((result.check, result.variable), {})[member] = result.problem
    for (check, name), by_member in problems.items():
        members, problem = tuple(by_member), next(iter(by_member.values()))
        words = f"{listing(members, total).rstrip(',')}: " if total > 1 else ""
        breaches.add(Breach(check, words + problem, (name,) if name else (), members))
    return lines


def _member(
    fields: Mapping[str, MemberFields], time: xr.DataArray, member: int, coarse: xr.Dataset
) -> xr.Dataset:
    """Return the block means of one member, (time, Y, X)."""
    grid = ("Y", "X")
    places = {name: (grid, coarse[name].values) for name in ("lat", "lon")}
    series = {
        name: (("time", *grid), field.coarse[:, member])
        for name, field in fields.items()
        if member not in without_weather(field)
    }
    return xr.Dataset(series, coords={"time": time, **places})


def _counting(
    results: list[CheckResult], fields: Mapping[str, MemberFields], sized: Collection[str]
) -> Iterator[CheckResult]:
    """Yield the problems that do not follow from an unknown unit or from missing values."""
    for result in (result for result in results if result.problem):
        name = result.variable
        is_of_unit = name not in sized and result.check not in FREE_OF_UNITS
        is_of_gaps = name in fields and fields[name].gaps.number and result.check in OF_GAPS
        if not is_of_unit and not is_of_gaps:
            yield result
