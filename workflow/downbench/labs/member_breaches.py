"""Members that are no samples of their own: repeated, frozen, or in another order."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from downbench.core.breaches import Breach
from downbench.labs.member_fields import MemberFields
from downbench.labs.member_repeats import FROZEN_DAYS, frozen, repeated, shuffled, stepwise

REPEATED, FROZEN, PERMUTED = "repeated members", "frozen members", "permuted members"
FEWEST_DAYS, FEWEST_MEMBERS = 60, 3
CLEAR, NEXT = 3.0, 0.6
"""By how much the best correlation exceeds the next, in units of 1 / √days, and the largest share
of it that the next may have: half for three independent members in another order. Members that
differ systematically correlate with several others."""

LISTED = 5


def breaches(fields: Mapping[str, MemberFields], dates: np.ndarray) -> Iterator[Breach]:
    """Yield what shows that members are not independent samples of their days.

    Parameters
    ----------
    fields
        Of each variable.
    dates : (time,)
        Time stamps, for messages.
    """
    common = repeated(*fields.values())
    if common:
        yield _repeated(tuple(fields), common, next(iter(fields.values())).contents.shape[1])
    for name, field in fields.items():
        yield from _of_variable(name, field, dates)
    names = list(fields)
    for name in names[1:]:
        yield from _reordered(names[0], name, fields)


def notes(fields: Mapping[str, MemberFields]) -> Iterator[str]:
    """Yield what may be meant so: members equal in some variables, or constant for days."""
    for name, field in fields.items():
        cases = {
            "the same as an earlier member": repeated(field),
            f"constant for {FROZEN_DAYS} days or more, as a climatology": stepwise(field),
        }
        for words, members in cases.items():
            if members:
                yield f"{name}: {words}: {listing(members, field.contents.shape[1]).rstrip(',')}"


def listing(members: Sequence[int], total: int) -> str:
    """Return members as text, such as `members 1 and 2 of 10, counted from 0,`."""
    if len(members) == total > 1:
        return f"all {total} members"
    shown = ", ".join(map(str, members[:LISTED])) + (" …" if len(members) > LISTED else "")
    return f"member{'s' * (len(members) > 1)} {shown} of {total}, counted from 0,"


def _repeated(names: tuple[str, ...], members: list[int], total: int) -> Breach:
    verb = "is" if len(members) == 1 else "are"
    message = (
        f"{listing(members, total)} {verb} the same as an earlier one: sample each with random "
        "numbers of its own, or drop it"
    )
    return Breach(REPEATED, message, names, tuple(members))


def _of_variable(name: str, field: MemberFields, dates: np.ndarray) -> Iterator[Breach]:
    stuck = frozen(field)
    first = str(dates[min(stuck.values())])[:10] if stuck else ""
    cases = (
        (
            FROZEN,
            list(stuck),
            f"the same on {FROZEN_DAYS} days or more in a row, first from {first}: sample these "
            "days again",
        ),
        (
            PERMUTED,
            shuffled(field),
            "an earlier one with its days in another order: sample each for its own days",
        ),
    )
    total = field.contents.shape[1]
    for check, members, words in cases:
        if members:
            verb = "is" if len(members) == 1 else "are"
            message = f"{listing(members, total)} {verb} {words}"
            yield Breach(check, message, (name,), tuple(members))


def _reordered(first: str, second: str, fields: Mapping[str, MemberFields]) -> Iterator[Breach]:
    """Report members of two variables that fit each other in another order.

    Compared are changes from day to day of deviations of the domain means from those of the
    ensemble: weather that a member adds to both variables correlates. Where it does not, nothing
    shows.
    """
    means = [fields[name].means for name in (first, second)]
    days, total = means[0].shape
    if means[1].shape != means[0].shape or days < FEWEST_DAYS or total < FEWEST_MEMBERS:
        return
    order = _order(_correlations(*means), days)
    moved = np.flatnonzero(order != np.arange(total)).tolist()
    if moved:
        pairs = ", ".join(f"{i} and {order[i]}" for i in moved[:LISTED])
        message = (
            f"{listing(moved, total)} of {first} fit other members of {second} ({pairs}): write "
            "both variables in one order of members"
        )
        yield Breach(PERMUTED, message, (first, second), tuple(moved))


def _order(correlations: np.ndarray, days: int) -> np.ndarray:
    """Return which member fits each, (member,); each itself where that is not clear."""
    fit, members = np.abs(correlations), np.arange(len(correlations))
    order = fit.argmax(axis=1)
    second, best = np.sort(fit, axis=1)[:, -2:].T
    is_clear = (best - second > CLEAR / np.sqrt(days)) & (second < NEXT * best)
    signs = np.sign(correlations[members, order])
    is_permutation = np.unique(order).size == order.size and (signs == signs[0]).all()
    return order if is_permutation and is_clear.all() else members


def _correlations(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the correlations of changes of all members of one variable with all of another."""
    changes = [np.diff(means, axis=0) for means in (first, second)]
    valid = np.isfinite(changes).all(axis=(0, 2))
    parts = []
    for means in (change[valid] for change in changes):
        deviation = means - means.mean(axis=1, keepdims=True)
        deviation = deviation - deviation.mean(axis=0)
        scale = np.sqrt((deviation**2).sum(axis=0))
        parts.append(deviation / np.where(scale > 0, scale, np.inf))
    return parts[0].T @ parts[1]
