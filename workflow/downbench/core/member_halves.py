"""Two halves of an ensemble whose random numbers are separate: even and odd members.

A fair score is fair to independent members only. Members of which each is an exact sample, but
which are chosen together – stratified, antithetic or quasi-random –, are farther apart than
independent ones, and gain 1 / M of the spread term ½E|x − x'|. Taken across two halves that are
seeded separately, that term has the right expectation whatever the dependence inside a half.
"""

import numpy as np

ATTRIBUTE = "member_halves"
ALTERNATE = "alternate"
"""Members 0, 2, 4 … and members 1, 3, 5 … do not share random numbers."""
FEWEST_MEMBERS = 4


def halves(members: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the even and the odd members of (…, member, y, x) with the member axis second."""
    return members[:, ::2], members[:, 1::2]


def can_be_halved(members: int) -> bool:
    """Are there halves of the same size, of two members or more?"""
    return members >= FEWEST_MEMBERS and members % 2 == 0


def are_separate(attribute: object, members: int) -> bool:
    """Can the spread of an ensemble be taken across its halves?"""
    return attribute == ALTERNATE and can_be_halved(members)
