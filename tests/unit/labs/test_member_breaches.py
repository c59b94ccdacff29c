"""Members that are no samples of their own, and members that only look so."""

from types import SimpleNamespace

import numpy as np
import pytest

from downbench.labs import member_breaches

DAYS = 365
DATES = np.datetime64("2005-01-01") + np.arange(DAYS)


def fields(**means: np.ndarray) -> dict:
    """Members of different fields on all days, with these domain means (time, member)."""
    return {
        name: of_contents(np.arange(mean.size).reshape(mean.shape), mean)
        for name, mean in means.items()
    }


def of_contents(contents, means=None, is_uniform=None) -> SimpleNamespace:
    shape = contents.shape
    return SimpleNamespace(
        contents=contents,
        is_uniform=np.zeros(shape, bool) if is_uniform is None else is_uniform,
        follows=np.r_[False, np.ones(shape[0] - 1, bool)],
        means=np.zeros(shape) if means is None else means,
    )


def checks(of_variables: dict) -> list[str]:
    return [b.check for b in member_breaches.breaches(of_variables, DATES)]


@pytest.mark.parametrize("members", [3, 4, 5])
def test_members_that_differ_by_shared_weather_are_in_no_other_order(members) -> None:
    noise = np.random.default_rng(members)
    for _ in range(100):
        shared = noise.normal(size=(DAYS, 2))
        pr, tasmax = (
            shared @ noise.normal(size=(2, members)) + 0.1 * noise.normal(size=(DAYS, members))
            for _ in range(2)
        )
        assert checks(fields(pr=pr, tasmax=tasmax)) == []


@pytest.mark.parametrize("members", [3, 16])
def test_members_with_weather_of_their_own_show_their_order(members) -> None:
    noise = np.random.default_rng(0)
    weather, others = noise.normal(size=(2, DAYS, members))
    tasmax = 0.3 * others - weather
    assert checks(fields(pr=weather, tasmax=tasmax)) == []
    swapped = tasmax[:, [1, 0, *range(2, members)]]
    assert checks(fields(pr=weather, tasmax=swapped)) == ["permuted members"]


def test_a_member_without_rain_is_repeated_if_its_other_variables_are() -> None:
    days = np.arange(10)[:, None]
    tasmax = of_contents(days + np.array([0, 100, 100]))
    dry = of_contents(np.zeros((10, 3), int), is_uniform=np.ones((10, 3), bool))
    (breach,) = member_breaches.breaches({"pr": dry, "tasmax": tasmax}, DATES)
    assert (breach.check, breach.members) == ("repeated members", (2,))
    assert list(member_breaches.breaches({"pr": dry}, DATES)) == []


def test_a_climatology_is_no_stuck_member() -> None:
    days = np.arange(DAYS)
    steps = np.c_[days // 30, days // 30 + 100, days + 200]
    monthly = {"tasmax": of_contents(steps)}
    assert checks(monthly) == []
    words = "constant for 5 days or more, as a climatology: members 0, 1 of 3"
    assert list(member_breaches.notes(monthly)) == [f"tasmax: {words}, counted from 0"]
    for stuck in (np.minimum(days, 200), np.full(DAYS, 7)):
        steps[:, 0] = stuck
        (breach,) = member_breaches.breaches({"tasmax": of_contents(steps)}, DATES)
        assert (breach.check, breach.members) == ("frozen members", (0,))
