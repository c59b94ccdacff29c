"""The table of a shift: what is there is seen beyond its null, what is not there is not."""

import numpy as np
import pytest

import planted_shifts
from downbench.core.errors import UserError
from downbench.scores.evaluation_settings import evaluation_settings
from downbench.scores.shift import coarse_days, predictor_shift
from downbench.scores.table import COLUMNS

EVALUATION = evaluation_settings(None)
SETTINGS = EVALUATION.shift.model_copy(update={"permutations": 30, "most_days": 400})
BOOTSTRAP = EVALUATION.bootstrap.model_copy(update={"replicates": 60})


def measured(driver, reference=None):
    pair = predictor_shift.DriverPair(reference or planted_shifts.series(0), driver)
    return predictor_shift.measure(pair, pair, SETTINGS, BOOTSTRAP, 1).set_index(
        ["variable", "metric", "season"]
    )


def test_a_planted_shift_lies_beyond_the_null_and_the_other_predictor_does_not() -> None:
    table = measured(planted_shifts.changed(planted_shifts.series(1), tas=lambda t: t + 3))
    for variable, metric in (("tas", "wasserstein_normalised"), ("all", predictor_shift.AUC)):
        value, null = (
            table.loc[(variable, metric, "all")],
            table.loc[(variable, f"{metric}_null", "all")],
        )
        assert value["value"] > null["upper"] and value["lower"] > null["value"]
    assert table.loc[("tas", "wasserstein", "JJA"), "value"] == pytest.approx(3, abs=0.5)
    rain, null = (
        table.loc[("pr", "wasserstein", "all")],
        table.loc[("pr", "wasserstein_null", "all")],
    )
    assert rain["value"] < 2 * null["upper"]


def test_the_same_climate_stays_within_the_null() -> None:
    table = measured(planted_shifts.series(2))
    joint, null = (
        table.loc[("all", f"{predictor_shift.AUC}{end}", "all")] for end in ("", "_null")
    )
    assert null["lower"] - 0.03 <= joint["value"] <= null["upper"] + 0.03
    assert null["value"] == pytest.approx(0.5, abs=0.05)


def test_the_table_has_the_columns_of_scores_and_a_row_for_each_season() -> None:
    table = measured(planted_shifts.series(3)).reset_index()
    assert set(table.columns) == set(COLUMNS)
    assert set(table["season"]) == {"all", "DJF", "JJA"}
    assert set(table["variable"]) == {"pr", "tas", "all"}
    assert (table["lower"] >= 0).all() and table["value"].notna().all()


def test_one_year_tells_nothing() -> None:
    with pytest.raises(UserError, match="two years"):
        measured(planted_shifts.series(4, years=1))


def test_cells_that_the_training_driver_lacks_are_compared_in_neither() -> None:
    training, other = planted_shifts.series(5), planted_shifts.series(6)
    training.fields["pr"][:, 0] = np.nan
    both = coarse_days.on_common_cells(training, other, "run")
    assert [days.fields["pr"].shape[1] for days in both] == [planted_shifts.CELLS - 1] * 2
    assert measured(both[1], both[0]).notna()["value"].all()
    with pytest.raises(UserError, match="run: pr has no value in 1 of the 6 coarse cells"):
        coarse_days.on_common_cells(other, training, "run")
