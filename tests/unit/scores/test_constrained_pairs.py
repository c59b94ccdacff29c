"""What obeying costs: known changes between two models come back, with the intervals of pairs."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import scores_fixtures
from downbench.core.config.experiment.paired_claims import PairedScore
from downbench.core.errors import UserError
from downbench.scores.evaluation import score
from downbench.scores.paired import daily_scores
from downbench.scores.paired.claim_scores import differences
from downbench.scores.paired.constrained_pairs import changes as changes_of
from downbench.scores.paired.model_pairs import pair_rows

PAIRS = [("softer", "plain")]


def written(ensemble: xr.Dataset, reference: xr.Dataset) -> xr.Dataset:
    """The daily file of one model."""
    scored = score(ensemble, reference.assign_attrs(factor=4), scores_fixtures.settings())
    statistics = {name: one.statistics for name, one in scored.items()}
    contexts = {name: one.context for name, one in scored.items()}
    return daily_scores.to_dataset(statistics, contexts).assign_coords(time=reference["time"])


@pytest.fixture(scope="module")
def files() -> dict[str, xr.Dataset]:
    """Softer: rain is 0.8 times that of plain, temperature departs half as far from its mean."""
    ensemble, reference = scores_fixtures.example(days=60, members=4)
    mean = ensemble["tasmax"].mean("member")
    softer = ensemble.assign(
        pr=ensemble["pr"] * 0.8, tasmax=mean + 0.5 * (ensemble["tasmax"] - mean)
    )
    return {"plain": written(ensemble, reference), "softer": written(softer, reference)}


@pytest.fixture(scope="module")
def changes(files: dict[str, xr.Dataset]) -> pd.DataFrame:
    return pair_rows(files, dict.fromkeys(files, 4), PAIRS, changes_of, scores_fixtures.settings())


def pick(table: pd.DataFrame, metric: str, variable: str = "pr") -> pd.DataFrame:
    rows = table[(table["metric"] == f"{metric}_versus_plain") & (table["variable"] == variable)]
    assert len(rows) and (rows["model"] == "softer").all()
    return rows


def test_a_fifth_less_rain_is_two_decibels_less_power_and_a_fifth_less_p99(
    changes: pd.DataFrame,
) -> None:
    power = pick(changes, "spectral_power_detail").iloc[0]
    assert power["value"] == pytest.approx(20 * np.log10(0.8), abs=1e-4)
    assert power["upper"] - power["lower"] < 1e-4  # pairs: every day loses the same
    heavy = pick(changes, "p99").iloc[0]
    assert heavy["value"] == pytest.approx(-0.2, abs=0.01)
    assert heavy["lower"] < -0.15 and heavy["upper"] < -0.15
    assert pick(changes, "wet_day_frequency").iloc[0]["value"] < 0


def test_a_narrower_ensemble_loses_spread_and_keeps_its_mean(changes: pd.DataFrame) -> None:
    loss = pick(changes, "spread_skill", "tasmax").iloc[0]
    assert -0.6 < loss["value"] < -0.4
    assert "p99_versus_plain" not in set(changes.query("variable == 'tasmax'")["metric"])


def test_distance_is_reported_per_octave_too(changes: pd.DataFrame) -> None:
    bands = pick(changes, "log_spectral_distance_band")
    assert (np.diff(np.log2(bands["scale"])) == pytest.approx(1)) and len(bands) >= 3
    power = pick(changes, "spectral_power_band")
    assert power["value"].to_numpy() == pytest.approx(20 * np.log10(0.8), abs=1e-4)
    whole = pick(changes, "log_spectral_distance").iloc[0]
    assert whole["value"] > 1 and np.isnan(whole["scale"])


def test_no_pairs_no_rows(files: dict[str, xr.Dataset]) -> None:
    settings = scores_fixtures.settings()
    assert pair_rows(files, dict.fromkeys(files, 4), [], changes_of, settings).empty


def claimed(files: dict[str, xr.Dataset], **score: object) -> pd.DataFrame:
    """Differences of one score between softer and plain."""
    scores = [PairedScore(margin_ratio=1, **score)]
    rows_of = partial(differences, scores=scores)
    return pair_rows(files, dict.fromkeys(files, 4), PAIRS, rows_of, scores_fixtures.settings())


def test_a_proper_score_gives_the_skill_of_its_means(files: dict[str, xr.Dataset]) -> None:
    table = claimed(files, score="crps", scale=2)
    assert set(table["metric"]) == {"crps_skill_versus_plain"} and set(table["scale"]) == {2}
    for variable, value in table.set_index("variable")["value"].items():
        softer, plain = (
            float(np.average(file[f"{variable}_crps"].sel(scale=2)))
            for file in (files["softer"], files["plain"])
        )
        assert value == pytest.approx(1 - softer / plain)
    assert (table["blocks"] > 2).all() and set(table["confidence"]) == {0.95}
    assert claimed(files, score="crps", scale=3).empty
    with pytest.raises(UserError, match="has several values per scale"):
        claimed(files, score="crps")
    with pytest.raises(ValueError, match="choose one of spectral_distance"):
        claimed(files, score="crpps")


def test_distances_see_what_they_name(files: dict[str, xr.Dataset]) -> None:
    spread = claimed(files, score="spread_skill_error").set_index("variable")["value"]
    ranks = claimed(files, score="rank_deviation").set_index("variable")["value"]
    assert spread["tasmax"] > 0.3 and ranks["tasmax"] > 0.1  # half of the spread is missing
    spectra = claimed(files, score="spectral_distance").set_index("variable")["value"]
    assert spectra["tasmax"] > 0.5 and "pr" in spectra
