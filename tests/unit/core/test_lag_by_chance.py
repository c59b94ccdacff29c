"""Rain of few days or few wet days is not called shifted, nor of another size, by chance."""

import numpy as np

from downbench.core.calendar import lag
from downbench.core.consistency import size


def test_rain_gains_more_than_chance_before_it_is_called_shifted():
    by_lag = {-1: 0.1, 0: 0.3, 1: 0.5}
    assert lag.better_lag(by_lag) == 1
    assert lag.better_lag(by_lag, lag.gain_of_chance("pr", 60)) == 0
    assert lag.better_lag(by_lag, lag.gain_of_chance("pr", 400)) == 1
    assert lag.gain_of_chance("tas", 60) == 0


def test_two_skewed_series_of_sixty_days_are_seldom_called_shifted():
    rng = np.random.default_rng(1)
    days, calls = np.arange(60), 0
    for _ in range(200):
        common, first, second = rng.gamma(0.3, size=(3, 60))
        by_lag = lag.lagged(days, common + 1.5 * first, common + 1.5 * second)
        calls += lag.better_lag(by_lag, lag.gain_of_chance("pr", 60)) != 0
    assert calls <= 4


def test_few_wet_days_have_no_size():
    rain = np.zeros((400, 2, 2))
    rain[:20, 0] = 5.0
    assert size.has_few_wet_days("pr", rain, 2 * rain)
    assert not size.has_few_wet_days("tas", rain, rain)
    rain[:60, 0] = 5.0
    assert not size.has_few_wet_days("pr", np.zeros_like(rain), rain)
