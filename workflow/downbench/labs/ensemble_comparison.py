"""What is wrong with the samples of an ensemble: members, missing values, weather, wet days."""

import numpy as np
import xarray as xr

from downbench.core.breaches import Breach, Breaches
from downbench.core.consistency import size
from downbench.core.variables import VARIABLES
from downbench.labs import member_breaches, member_weather
from downbench.labs.member_fields import MemberFields, collected
from downbench.sources.files.ensemble_breaches import Samples

MISSING, WET_DAYS = "missing values", "wet days"
LARGEST_ODDS_RATIO = 10.0
"""Of wet to dry values against the target: drizzle of a smooth model stays below."""

ALL_WET = 0.999
"""Share of wet values that members of no weather have: each has dry days somewhere."""

FEWEST_DAYS, RAREST = 30, 0.01
"""Days, and share of wet and of dry values of the target, from which shares are compared."""


def compare(
    samples: Samples, target: xr.Dataset | None, factor: int, shares_days: bool, breaches: Breaches
) -> list[str]:
    """Look at the members of an ensemble, and hold them against the target.

    Parameters
    ----------
    samples
        With a dataset.
    target : (time, y, x)
        With the days of the samples, unless the driver has days of its own; None for members
        alone.
    factor
        Fine cells along one side of a coarse one.
    shares_days
        Has the driver the days of the target? A run of a climate model has not, and is compared
        by its climatology.
    breaches
        Takes what is wrong.

    Returns
    -------
    list of str
        Lines about the first member.
    """
    dataset, lines = samples.dataset, []
    partner = target if samples.on_target else None
    fields = {
        str(name): collected(field, partner, factor, shares_days)
        for name, field in dataset.data_vars.items()
    }
    for breach in member_breaches.breaches(fields, dataset["time"].values):
        breaches.add(breach)
    sized = [name for name in samples.sized if name in fields]
    for name in sized:
        _add_missing(name, fields[name], breaches)
    of_weather = {name: fields[name] for name in samples.comparable if name in fields}
    if partner is not None and of_weather:
        lines = member_weather.compare(
            of_weather, dataset["time"], partner, factor, shares_days, sized, breaches
        )
    wrong = {name for b in breaches.items if b.check == size.CHECK for name in b.variables}
    for name in sized:
        if VARIABLES[name].is_intermittent and name not in wrong:
            lines += _wet_days(name, fields[name], breaches)
    return [*lines, *member_breaches.notes(fields)]


def _add_missing(name: str, field: MemberFields, breaches: Breaches) -> None:
    if not field.gaps.number:
        return
    day, member, cells = field.gaps.first
    words = (
        f"{name}: {field.gaps.number} values are missing where the target has one, first {day}, "
        f"member {member} counted from 0, {cells} cells: give it a value in each cell"
    )
    breaches.add(Breach(MISSING, words, (name,)))


def _wet_days(name: str, field: MemberFields, breaches: Breaches) -> list[str]:
    """Report members that are wet everywhere on all days; return a line about an unusual share."""
    share, partner = field.wet.share, field.target_wet.share
    if len(field.means) < FEWEST_DAYS or np.isnan(share):
        return []
    words = f"{share:.0%} of the values of {name} are 1 mm day-1 or more"
    if share >= ALL_WET and field.contents.shape[1] > 1 and not partner > 1 - RAREST:
        fix = "write zeros as 0, and undo every transform of the rain"
        breaches.add(Breach(WET_DAYS, f"{words}: {fix}", (name,)))
    elif RAREST < partner < 1 - RAREST:
        ratio = _odds(share) / _odds(partner)
        is_unusual = not 1 / LARGEST_ODDS_RATIO <= ratio <= LARGEST_ODDS_RATIO
        return [f"{words}, of the target {partner:.0%}"] if is_unusual else []
    return []


def _odds(share: float) -> float:
    return max(share, 1e-9) / max(1 - share, 1e-9)
