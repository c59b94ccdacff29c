"""The steps measure_bias_contribution and gather_driver_chain."""

import json

import pandas as pd
import pytest

import fabricated_climates
from downbench.core.errors import UserError
from downbench.scores.climate.driver_chain import ADDED_BIAS, BASELINE, REMOVED_BIAS, RESIDUAL_BIAS
from downbench.scores.verdicts.climate_models import verdicts
from downbench.steps import gather_driver_chain, measure_bias_contribution

MODELS, DRIVERS = ("unet", "corrdiff"), ("perfect", "gcm-historical", "gcm-historical-corrected")
RUNS = json.dumps({
    "runs": {
        "gcm": {
            "historical": "gcm-historical", "future": "gcm-future",
            "corrected": {
                "perfect": {
                    "historical": "gcm-historical-corrected", "future": "gcm-future-corrected",
                }
            },
        }
    }
})  # fmt: skip
ABOUT = ["--climate-runs", RUNS, "--trained-on", "perfect"]


def run(folder, drivers=DRIVERS) -> pd.DataFrame:
    """The gathered table of the climates of these drivers, and what was measured of them."""
    fields, tables = [], []
    for name in [f"{model}/{driver}" for model in MODELS for driver in drivers]:
        path = folder / name.replace("/", "-")
        found, scores = fabricated_climates.fields(*name.split("/"))
        found.to_netcdf(path.with_suffix(".nc"))
        scores.to_csv(path.with_suffix(".csv"), index=False)
        fields.append(f"{name}={path.with_suffix('.nc')}")
        tables.append(f"{name}={path.with_suffix('.csv')}")
    contribution, table = str(folder / "contribution.csv"), str(folder / "exp3.csv")
    asked = ["--bias-removed-percent", "50", "--table", contribution]
    measure_bias_contribution.main([*ABOUT, "--fields", *fields, *asked])
    gather_driver_chain.main(
        [*ABOUT, "--climate", *tables, "--bias-contribution", contribution, "--table", table]
    )
    return pd.read_csv(table)


def test_the_claims_read_what_was_measured(tmp_path):
    table = run(tmp_path)
    rows = table[table["part"] == "bias_contribution"]
    assert len(rows) == 2 * 2 * 4 and set(rows["run"]) == {"gcm"}
    for stage, metrics in (
        ("raw", {BASELINE, ADDED_BIAS}),
        ("corrected", {REMOVED_BIAS, RESIDUAL_BIAS}),
    ):
        assert set(rows.loc[rows["stage"] == stage, "metric"]) == metrics
    assert (rows["lower"] <= rows["value"]).all() and (rows["value"] <= rows["upper"]).all()
    fails, corrected, *_ = verdicts(table, fabricated_climates.EXPERIMENT)
    for claim in (fails, corrected):
        assert claim.label != "not applicable" and len(claim.sentences) == 5


def test_a_climate_that_is_missing_is_named(tmp_path):
    with pytest.raises(UserError, match="no file of unet/gcm-historical-corrected"):
        run(tmp_path, DRIVERS[:2])
