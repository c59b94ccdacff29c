"""Change of a climate: planted changes come out, and the uncertainties are told apart."""

import numpy as np
import pytest
import xarray as xr

import climates
from downbench.scores.climate import climate_change, climate_comparison, climate_fields
from downbench.scores.climate.climate_change import PeriodPair

AREA = np.ones((6, 6))
STATIC = xr.Dataset({"cell_area": (("y", "x"), AREA)})
PAST, FUTURE = climates.days(1981, 8, (1, 7)), climates.days(2051, 8, (1, 7))


def fields(values: np.ndarray, time, name: str) -> xr.Dataset:
    one = climates.series(values, time, name)
    truth = climates.series(climates.weather(PAST, 1, name=name), PAST, name)
    both = climate_comparison.compare(one, truth, AREA, climates.settings(), paired=False)
    return climate_fields.fields_dataset([both], STATIC)


def pair(name: str, alter, members: int = 3, seed: int = 2) -> PeriodPair:
    """The same weather in both periods, altered in the future."""
    values = climates.weather(PAST, seed, members=members, name=name)
    return PeriodPair(fields(values, PAST, name), fields(alter(values), FUTURE, name))


def table(mine: PeriodPair, raw: PeriodPair | None, name: str) -> dict[str, np.ndarray]:
    return {
        row.metric: row.value for row in climate_change.rows(mine, raw, name, climates.settings())
    }


def test_a_planted_warming_is_the_change_of_every_quantity():
    found = table(pair("tasmax", lambda t: t + 3), None, "tasmax")
    for quantity in ("mean", "p95", "p99", "txx"):
        assert found[f"change_{quantity}"][0] == pytest.approx(3, abs=0.05)
    assert "signal_ratio_mean" not in found


def test_rain_changes_by_a_ratio():
    found = table(pair("pr", lambda r: 1.2 * r), None, "pr")
    for quantity in ("mean", "p95", "p99", "rx1day"):
        assert found[f"relative_change_{quantity}"][0] == pytest.approx(20, abs=0.5)


def test_half_of_a_signal_is_half_kept():
    raw, mine = pair("tasmax", lambda t: t + 4), pair("tasmax", lambda t: t + 2)
    found = table(mine, raw, "tasmax")
    assert found["signal_ratio_mean"][0] == pytest.approx(0.5, abs=0.01)
    assert found["signal_difference_mean"][0] == pytest.approx(-2, abs=0.01)
    # Drawn by the same years, the ratio is far surer than either change.
    assert np.std(found["signal_ratio_mean"][1:]) < 0.2 * np.std(found["change_mean"][1:]) + 0.05


def test_members_years_and_their_uncertainty_are_apart():
    """Members that differ by a constant: their spread is that, and years add nothing to it."""

    def apart(values):
        return values + 3 + np.array([-1.0, 0.0, 1.0])[None, :, None, None]

    found = table(pair("tasmax", apart), None, "tasmax")
    assert found["change_mean_members"][0] == pytest.approx(1, abs=0.01)
    assert found["change_mean_years"][0] < 0.3
    alone = table(pair("tasmax", lambda t: t + 3, members=1), None, "tasmax")
    assert np.isnan(alone["change_mean_members"][0])


def test_members_that_disagree_on_the_sign_are_counted():
    def apart(values):
        return values + np.array([-1.0, 1.0, 1.0])[None, :, None, None]

    made = climate_change.maps(pair("tasmax", apart), "tasmax")
    agreement = made["tasmax_agreement_mean"][1]
    np.testing.assert_allclose(agreement, 2 / 3, rtol=1e-6)
    assert made["tasmax_change_mean"][1].shape == (3, 6, 6)
