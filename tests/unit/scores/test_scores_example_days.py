"""Days that the maps show: the extremes of each variable, and the median."""

import numpy as np

from downbench.scores.example_days import days_to_show

AREA = np.array([[1.0, 3.0]])


def fields(*means: float) -> np.ndarray:
    """Fields (day, 1, 2) with these area means."""
    return np.array(means)[:, None, None] + np.array([[3.0, -1.0]])


def test_each_variable_has_its_extreme_and_rain_the_typical_day() -> None:
    rain, warmth = fields(3, 0.2, 20, 5, 9), fields(280, 301, 275, 290, 299)
    days = days_to_show({"pr": rain, "tasmax": warmth}, AREA, 1.0)
    assert days == {"wettest": 2, "hottest": 1, "typical": 4}


def test_without_rain_the_typical_day_is_of_median_temperature() -> None:
    assert days_to_show({"tas": fields(280, 301, 290)}, AREA, 1.0) == {"hottest": 1, "typical": 2}


def test_days_without_values_are_never_shown() -> None:
    rain = fields(3, 50, 1)
    rain[1] = np.nan
    assert days_to_show({"pr": rain}, AREA, 1.0) == {"wettest": 0, "typical": 0}
