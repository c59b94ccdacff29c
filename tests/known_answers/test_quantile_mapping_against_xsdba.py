"""The same numbers as xsdba at the same settings: window by window, quantiles in mid-bins.

xsdba needs numba and is no dependency of the project: the test is skipped where it is not
installed. With groups, xsdba interpolates between months or days of the year in the plane of value
and group; here a window has its own map. So each window is compared with xsdba given its days.
"""

import numpy as np
import pytest
import xarray as xr

import coarse_series
from downbench.bias.day_of_year import day_numbers, near
from downbench.bias.mapping_apply import apply
from downbench.bias.mapping_fit import fit

xsdba = pytest.importorskip("xsdba", reason="xsdba is not installed (pip install xsdba)")

CLASSES = {
    "eqm": xsdba.EmpiricalQuantileMapping,
    "dqm": xsdba.DetrendedQuantileMapping,
    "qdm": xsdba.QuantileDeltaMapping,
}
KINDS = {"tas": "+", "pr": "*"}
YEARS, QUANTILES = 20, 50
ABSOLUTE = 1e-4
"""[K] and [mm day-1]."""


def run(first_year: int, seed: int, warmth_k: float = 0.0, factor: float = 1.0) -> xr.Dataset:
    """Rain that never stops, so that no random trace comes into play, and temperature."""
    at = coarse_series.time(first_year, YEARS)
    wet = 0.2 + factor * coarse_series.rain(at, seed, wet_share=1.0)
    return coarse_series.series(at, tas=coarse_series.temperature(at, seed) + warmth_k, pr=wet)


def theirs(method: str, name: str, days: list[np.ndarray], of: list[xr.Dataset]) -> np.ndarray:
    """xsdba's answer for the chosen days of reference, historical run and future, (days, Y, X)."""
    reference, historical, future = (
        one[name].astype(float).isel(time=np.flatnonzero(chosen)).drop_vars(("lat", "lon"))
        for one, chosen in zip(of, days, strict=True)
    )
    kind = {"kind": KINDS[name], "group": "time", "nquantiles": QUANTILES}
    fitted = CLASSES[method].train(reference, historical, **kind)
    extra = {"detrend": 0} if method == "dqm" else {}
    found = fitted.adjust(future, interp="linear", extrapolation="constant", **extra)
    return found.transpose("time", "Y", "X").values


@pytest.fixture(scope="module")
def runs() -> list[xr.Dataset]:
    return [run(1981, 1), run(1981, 2, 1.5, 0.7), run(2041, 3, 4.0, 0.9)]


def ours(runs: list[xr.Dataset], method: str, name: str, window: dict) -> np.ndarray:
    mapping = coarse_series.mapping(
        method=method,
        variables={name: "additive" if name == "tas" else "multiplicative"},
        quantiles=QUANTILES,
        interpolate="factors",
        tail_cap=1e9,
        rain=coarse_series.RAIN | {"small_mm_day": 1e-9},
        **window,
    )
    reference, historical, future = runs
    fitted = fit(historical, reference, mapping, 1)
    return apply(future, fitted, mapping, "future")[name].values


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("method", CLASSES)
def test_months(runs, method, name) -> None:
    got = ours(runs, method, name, {"window_days": None})
    for month in (1, 7):
        days = [one["time"].dt.month.values == month for one in runs]
        want = theirs(method, name, days, runs)
        np.testing.assert_allclose(got[days[2]], want, rtol=0, atol=ABSOLUTE)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("method", CLASSES)
def test_15_days_to_either_side(runs, method, name) -> None:
    got = ours(runs, method, name, {"window_days": 31, "window_step_days": 1})
    for day in (0, 182):
        numbers = [day_numbers(one["time"], seasonal=True) for one in runs]
        days = [near(number, day, 15) for number in numbers]
        central = numbers[2][days[2]] == day
        want = theirs(method, name, days, runs)[central]
        np.testing.assert_allclose(got[numbers[2] == day], want, rtol=0, atol=ABSOLUTE)
