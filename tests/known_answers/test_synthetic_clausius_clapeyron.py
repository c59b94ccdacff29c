"""The rate of rain with warmth that was set comes out again from the coarse series."""

import numpy as np

import synthetic_region as made

GROUPS, BINS, PERCENTILE = 8, 12, 95
STUDENT_97_5 = 2.365  # 7 degrees of freedom


def rate_percent_per_k(rain, anomaly):
    """Log of a wet-day percentile on the mean anomaly of equal-count bins (METHODS 9.4)."""
    order = np.argsort(anomaly)
    bins = np.array_split(order, BINS)
    warmth = [anomaly[b].mean() for b in bins]
    heavy = [np.log(np.percentile(rain[b], PERCENTILE)) for b in bins]
    return 100 * (np.exp(np.polyfit(warmth, heavy, 1)[0]) - 1)


def test_clausius_clapeyron_rate_is_recovered():
    truth = made.long_truth()
    group = truth.time.dt.year.values % GROUPS
    rates = []
    for number in range(GROUPS):
        rain = truth.pr.values[group == number].ravel()
        anomaly = truth.anomaly.values[group == number].ravel()
        rates.append(rate_percent_per_k(rain[rain > 0], anomaly[rain > 0]))
    half_width = STUDENT_97_5 * np.std(rates, ddof=1) / np.sqrt(GROUPS)
    wanted = made.whole_region().target.weather.cc_rate_percent_per_k
    assert abs(np.mean(rates) - wanted) < half_width
    assert half_width < 1.0
