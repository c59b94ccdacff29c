"""Which members hold fields that are no samples of their days: repeated, frozen, shuffled."""

import numpy as np

from downbench.labs.member_fields import MemberFields

FROZEN_DAYS = 5
"""Consecutive equal fields that no weather has."""

STEPWISE = 0.9
"""Share of days in such runs from which several of them are meant so, as of a climatology."""


def repeated(*fields: MemberFields) -> list[int]:
    """Return members that are the same as an earlier one on all days, in all of the variables."""
    columns = [column.tobytes() for column in np.concatenate([f.contents for f in fields]).T]
    is_dry = np.concatenate([field.is_uniform for field in fields]).all(axis=0)
    return [i for i, column in enumerate(columns) if column in columns[:i] and not is_dry[i]]


def frozen(field: MemberFields) -> dict[int, int]:
    """Return members of which a part stays the same for days, with the index of its first day."""
    runs, meant = _run_starts(field), stepwise(field)
    stuck = [int(i) for i in np.flatnonzero(runs.any(axis=0)) if i not in meant]
    return {i: int(np.argmax(runs[:, i])) for i in stuck}


def stepwise(field: MemberFields) -> list[int]:
    """Return members that stay the same for days all along, with several fields."""
    runs = _run_starts(field)
    in_run = np.zeros(field.contents.shape, bool)
    for day in range(FROZEN_DAYS):
        in_run[day : day + len(runs)] |= runs
    several = (np.diff(runs, axis=0, prepend=False) & runs).sum(axis=0) > 1
    return np.flatnonzero(several & (in_run.mean(axis=0) >= STEPWISE)).tolist()


def _run_starts(field: MemberFields) -> np.ndarray:
    """Return where a field is that of all of the next days, (time, member) bool."""
    if len(field.contents) < FROZEN_DAYS:
        return np.zeros((0, field.contents.shape[1]), bool)
    same = (field.contents[1:] == field.contents[:-1]) & ~field.is_uniform[1:]
    same &= field.follows[1:, None]
    return np.lib.stride_tricks.sliding_window_view(same, FROZEN_DAYS - 1, axis=0).all(axis=-1)


def shuffled(field: MemberFields) -> list[int]:
    """Return members that hold the fields of an earlier one in another order of days."""
    columns = [column.tobytes() for column in field.contents.T]
    ordered = [column.tobytes() for column in np.sort(field.contents, axis=0).T]
    return [
        i
        for i in range(len(columns))
        if any(ordered[i] == ordered[j] and columns[i] != columns[j] for j in range(i))
    ]


def without_weather(field: MemberFields) -> set[int]:
    """Return the members that cannot be compared with the target day by day."""
    return {*repeated(field), *frozen(field), *stepwise(field), *shuffled(field)}
