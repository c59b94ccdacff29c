"""Humidity and wind through `evaluate`: quantiles, units and indices of variables of one row."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import scores_fixtures
from downbench.core import variables
from downbench.core.errors import UserError
from downbench.core.variables import VARIABLES
from downbench.scores.climate import cell_distributions, yearly_indices
from downbench.scores.climate.daily_series import daily_series
from downbench.scores.metrics import distribution
from downbench.scores.metrics.distribution import PERCENTILES
from downbench.steps.evaluate import main

EDGES = {"hurs": (20.0, 100.0), "huss": (0.002, 0.02), "sfcWind": (0.0, 20.0)}


def fields(low: float, high: float, days: int, members: int) -> np.ndarray:
    """Values (day, member, y, x) that spread evenly from `low` to `high`, in a random order."""
    size = days * members * 64
    values = np.random.default_rng(0).permutation(np.linspace(low, high, size))
    return values.reshape(days, members, 8, 8)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    folder, time = tmp_path_factory.mktemp("new"), pd.date_range("2001-01-01", periods=40)
    members = {name: fields(*ends, 40, 5) for name, ends in EDGES.items()}
    reference = {name: fields(*ends, 40, 1)[:, 0] for name, ends in EDGES.items()}
    pair = scores_fixtures.ensemble(time, **members), scores_fixtures.target(time, **reference)
    ensemble, target = scores_fixtures.write_stores(folder, pair)
    scores = folder / "scores.csv"
    main(
        ["--ensemble", str(ensemble), "--reference", str(target), "--scores", str(scores)]
        + ["--evaluation", scores_fixtures.settings().model_dump_json()]
    )
    return pd.read_csv(scores)


def rows(table: pd.DataFrame, variable: str, metric: str) -> pd.DataFrame:
    of_variable = table[(table["variable"] == variable) & (table["season"] == "all")]
    return of_variable[of_variable["metric"] == metric]


@pytest.mark.parametrize("suffix", ["", "_reference"])
@pytest.mark.parametrize("variable", EDGES)
def test_quantiles_are_those_of_the_values(table, variable: str, suffix: str) -> None:
    low, high = EDGES[variable]
    curve = rows(table, variable, f"quantile{suffix}").set_index("threshold")["value"]
    for percent in PERCENTILES:
        expected = low + (high - low) * percent / 100
        # Grid cells in the north are smaller by 0.4 %, and a bin is 0.1 % of the range or less.
        assert curve[percent] == pytest.approx(expected, abs=0.01 * (high - low))
    p99 = rows(table, variable, f"p99{suffix}")["value"].item()
    assert p99 == pytest.approx(low + 0.99 * (high - low), rel=0.005)


@pytest.mark.parametrize("variable", EDGES)
def test_scores_are_finite_and_of_the_size_of_the_variable(table, variable: str) -> None:
    low, high = EDGES[variable]
    crps = rows(table, variable, "crps").set_index("scale")["value"]
    # Independent uniform values: E|x − y| − ½ E|x − x′| = (high − low) / 6.
    assert crps[1] == pytest.approx((high - low) / 6, rel=0.05)
    likelihood = rows(table, variable, "log_likelihood_kde")["value"].item()
    assert likelihood == pytest.approx(-np.log(high - low), abs=0.5)


@pytest.mark.parametrize("variable", EDGES)
def test_neither_rain_nor_temperature_is_reported(table, variable: str) -> None:
    metrics = set(table[table["variable"] == variable]["metric"])
    assert not metrics & {"rx1day", "txx", "wet_day_frequency", "brier", "crps_wet", "rapsd_log"}


def test_yearly_indices_and_bins_of_cells_follow_the_table() -> None:
    time = pd.date_range("2001-01-01", periods=40)
    humidity = scores_fixtures.target(time, huss=fields(0.002, 0.02, 40, 1)[:, 0])["huss"]
    series = daily_series(humidity, 1)
    assert set(yearly_indices.yearly_indices(series, 1.0)) == {"mean"}
    borders = cell_distributions.edges(series)
    np.testing.assert_allclose(np.diff(borders), 1e-4, rtol=1e-6)
    assert borders[0] < 0.002 < 0.02 < borders[-1] and len(borders) < 200


def test_a_variable_without_bins_is_refused_by_name(monkeypatch, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="prw has no `histogram`.*core/variables.py"):
        distribution.edges("prw")
    time = pd.date_range("2001-01-01", periods=40)
    values = fields(250.0, 300.0, 40, 2)
    pair = (
        scores_fixtures.ensemble(time, tas=values),
        scores_fixtures.target(time, tas=values[:, 0]),
    )
    ensemble, target = scores_fixtures.write_stores(tmp_path, pair)
    bare = replace(VARIABLES["tas"], histogram=None)
    monkeypatch.setitem(variables.VARIABLES, "tas", bare)
    with pytest.raises(UserError, match="tas has no `histogram`"):
        main(
            ["--ensemble", str(ensemble), "--reference", str(target)]
            + ["--scores", str(tmp_path / "scores.csv")]
            + ["--evaluation", scores_fixtures.settings().model_dump_json()]
        )
