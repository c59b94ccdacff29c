"""Choices of few years of a series, spread over it as those of an ensemble are.

An ensemble is drawn for years that are spread evenly over its run (`core.whole_months`), so a
trend does not set them apart from all its years. Years chosen at random would be warmer or colder
by it: at 0.08 K a year, eight of 34 by 0.25 K. Here one year is chosen of each of as many
stretches of equal length.
"""

import numpy as np

PARTS = 40


def parts_of_years(years: int, drawn: int, rng: np.random.Generator) -> np.ndarray:
    """Forty choices of so many years, (choice, year): 1 where a year is among them.

    Parameters
    ----------
    years
        How many there are, in the order of time.
    drawn
        How many to choose, fewer than there are. Where that is more than half of them, those that
        are left over are chosen so.
    """
    if drawn > years - drawn:
        return 1 - parts_of_years(years, years - drawn, rng)
    stretch = np.arange(years) * drawn // years
    # The highest of a stretch's random numbers wins.
    luck = rng.random((PARTS, years))
    found = np.zeros((PARTS, years))
    for number in range(drawn):
        there = np.flatnonzero(stretch == number)
        found[np.arange(PARTS), there[luck[:, there].argmax(axis=1)]] = 1
    return found


def wider_apart(years: int, drawn: int) -> float:
    """Variance of part minus whole, of so many independent years each, over part minus rest.

    A floor compares a part of the truth with the rest of it, a model of so few years is compared
    with the whole. Few years left over have more weather of their own: with two of ten a distance,
    which grows as the root of the variance, would be 1.7 times too large.
    """
    whole, rest = 1 / drawn + 1 / years, 1 / drawn + 1 / (years - drawn)
    return whole / rest
