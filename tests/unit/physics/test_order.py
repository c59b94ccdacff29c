"""Order of the day's temperatures (trap T17: variables shifted against each other)."""

import numpy as np

from downbench.physics.order import ordered_names, out_of_order

MEAN = np.array([280.0, 281.0, 282.0, np.nan])


def test_names_come_in_the_order_of_the_law() -> None:
    assert ordered_names(["pr", "tasmax", "tas"]) == ("tas", "tasmax")
    assert ordered_names({"pr": 0}) == ()


def test_each_neighbour_is_compared() -> None:
    day = {"tasmin": MEAN - 5, "tas": MEAN, "tasmax": MEAN + [5, -0.1, 0, 5]}
    assert out_of_order(day).tolist() == [False, True, False, False]
    day["tasmin"][2] = 282.5
    assert out_of_order(day).tolist() == [False, True, True, False]
    del day["tas"]
    assert out_of_order(day).tolist() == [False, False, True, False]
