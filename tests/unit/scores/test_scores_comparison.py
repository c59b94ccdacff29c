"""Paired comparison and costs."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.training_record import TrainingRecord
from downbench.scores.paired.comparison import (
    ReferenceModels,
    common_days,
    refuse_other_days,
    skill_rows,
)
from downbench.scores.paired.compute_costs import CostSources, cost_rows
from downbench.scores.paired.training_curves import curve_rows
from downbench.scores.table import COLUMNS
from downbench.steps.compare import main
from scores_fixtures import settings

REFERENCES = ReferenceModels("climatology", "unet-dressed")
EXPERIMENT = {"reference_model": "unet-dressed", "climatology_model": "climatology"}


def daily(crps: np.ndarray, weight: np.ndarray | None = None, variable: str = "pr") -> xr.Dataset:
    days = len(crps)
    weight = np.ones(days) if weight is None else weight
    return xr.Dataset(
        {
            f"{variable}_crps": (("time", "scale"), np.asarray(crps, float)[:, None]),
            f"{variable}_crps_weight": (("time", "scale"), weight[:, None]),
        },
        {"time": pd.date_range("2001-01-01", periods=days), "scale": [1]},
    )


def weather(days: int = 200) -> np.ndarray:
    return np.random.default_rng(0).gamma(1.0, 2.0, days)


def pick(table: pd.DataFrame, model: str, metric: str, season: str = "all") -> pd.Series:
    rows = table[
        (table["model"] == model) & (table["metric"] == metric) & (table["season"] == season)
    ]
    assert len(rows) == 1
    return rows.iloc[0]


def compared(**crps: np.ndarray) -> pd.DataFrame:
    files = common_days({name.replace("_", "-"): daily(values) for name, values in crps.items()})
    return skill_rows(files, dict.fromkeys(files, 8), REFERENCES, settings())


def test_skill_is_that_of_the_means() -> None:
    """Trap T8: the mean of the daily skills, 0.25, is not the skill of the mean scores."""
    table = compared(climatology=np.array([1.0, 9.0] * 20), corrdiff=np.array([1.0, 4.5] * 20))
    assert pick(table, "corrdiff", "crps_skill_climatology")["value"] == pytest.approx(0.45)


def test_pairs_are_much_sharper_than_separate_intervals() -> None:
    """Trap T28: 3 % better every day is certain, though the weather makes both means unsure."""
    mean = weather()
    table = compared(climatology=mean, unet_dressed=mean * 0.8, corrdiff=mean * 0.776)
    row = pick(table, "corrdiff", "crps_skill_dressed")
    assert row["value"] == pytest.approx(0.03)
    assert row["upper"] - row["lower"] < 1e-9
    assert pick(table, "corrdiff", "crps_skill_versus_unet-dressed")["value"] == row["value"]


def test_versus_is_reported_at_the_finest_scale_wherever_it_stands() -> None:
    both = [np.full(40, 1.0), np.full(40, 2.0)]
    files = {}
    for name, factor in (("climatology", 1.0), ("corrdiff", np.array([0.5, 1.0]))):
        made = xr.concat(
            [daily(one * f) for one, f in zip(both, factor * np.ones(2), strict=True)], "scale"
        )
        files[name] = made.assign_coords(scale=[2, 1])
    row = pick(
        skill_rows(files, dict.fromkeys(files, 8), REFERENCES, settings()),
        "corrdiff",
        "crps_skill_versus_climatology",
    )
    assert (row["scale"], row["value"]) == (1, pytest.approx(0.0))


def test_ratio_to_the_oracle() -> None:
    table = compared(climatology=weather() * 2, oracle=weather(), corrdiff=weather() * 1.1)
    assert pick(table, "corrdiff", "crps_ratio_oracle")["value"] == pytest.approx(1.1)
    assert pick(table, "oracle", "crps_ratio_oracle", "JJA")["value"] == pytest.approx(1)


def test_only_days_that_all_models_have() -> None:
    """Trap T29."""
    files = common_days(
        {"a": daily(weather(50)), "b": daily(weather(50)).isel(time=slice(10, 40))}
    )
    assert {one.sizes["time"] for one in files.values()} == {30}
    with pytest.raises(UserError, match="in common"):
        common_days(
            {"a": daily(weather(9)).isel(time=[0, 1]), "b": daily(weather(9))[{"time": [5]}]}
        )


def without(day: int, days: int = 200) -> np.ndarray:
    """Weights (days,) of a model that has nothing but missing values on one day."""
    weight = np.ones(days)
    weight[day] = 0.0
    return weight


def test_a_day_that_one_model_lacks_counts_for_none() -> None:
    """Trap T29: its stamp is there, its values are not. Left to the others alone, one day of
    extreme weather would be all the skill there is."""
    extreme = np.where(np.arange(200) == 7, 500.0, weather())
    lacking = np.where(np.arange(200) == 7, np.nan, weather())
    given = {"climatology": daily(extreme), "corrdiff": daily(lacking, without(7))}
    files = common_days(given)
    assert {one.sizes["time"] for one in files.values()} == {199}
    table = skill_rows(files, dict.fromkeys(files, 8), REFERENCES, settings())
    row = pick(table, "corrdiff", "crps_skill_climatology")
    assert (row["value"], row["times"]) == (pytest.approx(0.0), 199)
    with pytest.raises(UserError, match="'climatology': its scores hold 1 days .* 2001-01-08"):
        refuse_other_days(given, files)


def test_a_day_that_the_truth_lacks_is_no_matter() -> None:
    given = {name: daily(weather(), without(7)) for name in ("climatology", "corrdiff")}
    files = common_days(given)
    refuse_other_days(given, files)
    assert files["corrdiff"].sizes["time"] == 200


def test_no_day_that_counts_for_all_is_refused() -> None:
    weights = np.eye(2)
    with pytest.raises(UserError, match="in common"):
        common_days({name: daily(weather(2), weights[i]) for i, name in enumerate("ab")})


@pytest.mark.parametrize("share", [0.9, 0.99999])
def test_other_cells_are_refused(share: float) -> None:
    """Cells cannot be hidden: a single one in a large region is too many."""
    with pytest.raises(UserError, match=f"{share:.4%} of the area"):
        common_days({"a": daily(weather(9)), "b": daily(weather(9), np.full(9, share))})
    rounded = daily(weather(9), np.full(9, 1 - 1e-9))
    common_days({"a": daily(weather(9)), "b": rounded})


def test_no_ratio_to_a_score_that_is_rounding() -> None:
    """Where the oracle knows the block means, the ratio of theirs is no number."""
    scales = {"oracle": [1.0, 1e-7], "corrdiff": [1.1, 0.3]}
    files = {
        name: xr.concat([daily(weather() * factor) for factor in factors], "scale").assign_coords(
            scale=[1, 8]
        )
        for name, factors in scales.items()
    }
    table = skill_rows(files, dict.fromkeys(files, 8), REFERENCES, settings())
    ratios = table[table["metric"] == "crps_ratio_oracle"]
    assert set(ratios["scale"]) == {1} and ratios["value"].notna().all()


def test_cells_of_a_single_day_are_no_matter_of_the_total() -> None:
    """Half of the area on one day of 200 is a quarter per cent of all."""
    half = 1 - 0.5 * (1 - without(7))
    with pytest.raises(UserError, match="pr, 2001-01-08.*: model 'b' was scored on 50.0000%"):
        common_days({"a": daily(weather()), "b": daily(weather(), half)})


def test_costs_are_core_seconds_with_those_of_the_bases(tmp_path: Path) -> None:
    results = tmp_path / "results/synthetic/perfect"
    for name, place, core in (
        ("unet", "train_baselines/synthetic/perfect/unet", 100.0),
        ("corrdiff", "train_generative/synthetic/perfect/corrdiff", 120.5),
        ("", "sample_generative/synthetic/perfect/corrdiff/perfect/test", 80.0),
    ):
        file = tmp_path / f"benchmarks/{place}.tsv"
        file.parent.mkdir(parents=True)
        # Wall time is what other jobs on the machine make of it.
        file.write_text(f"s\tcpu_time\n{7 * core}\t{core}\n")
        if name:
            folder = results / "models" / name
            folder.mkdir(parents=True)
            record = {"parameters": 5, "samples": 40, "flop": 3e12, "sampling_flop": 2e9}
            TrainingRecord(**record, accelerators=0, late_fall=0.03).write(folder)
    scores = pd.DataFrame({"members": [16, 16], "times": [10, 5]})
    path, benchmarks = results / "scores/corrdiff/perfect/test.csv", tmp_path / "benchmarks"
    sources = CostSources(["corrdiff", "unet"], ["corrdiff"])
    rows = cost_rows(path, scores, benchmarks, sources).set_index("metric")["value"]
    assert rows.to_dict() == pytest.approx(
        {
            "training_cpu_s": 220.5,
            "sampling_cpu_s_per_member_day": 0.5,
            "training_accelerator_s": np.nan,
            "parameters": 5,
            "training_samples": 80,
            "training_tflop": 6,
            "sampling_gflop_per_member_day": 2,
            "training_late_fall": 3,
        },
        nan_ok=True,
    )
    sources = CostSources(["corrdiff", "never-trained"], ["corrdiff"])
    rows = cost_rows(path, scores, benchmarks, sources).set_index("metric")["value"]
    assert np.isnan(rows["training_cpu_s"])
    sources = CostSources(["corrdiff", "unet"], ["corrdiff"], elsewhere=["corrdiff"])
    rows = cost_rows(path, scores, benchmarks, sources).set_index("metric")["value"]
    assert np.isnan(rows["training_cpu_s"]) and rows["parameters"] == 5


def test_a_learning_curve_counts_samples(tmp_path: Path) -> None:
    assert curve_rows(tmp_path, 16, 10).empty
    record = {"parameters": 5, "samples": 640, "flop": 3e12, "sampling_flop": 2e9}
    TrainingRecord(**record, accelerators=0, late_fall=None).write(tmp_path)
    curve = tmp_path / "training_curve.csv"
    curve.write_text("step,train_loss,validation_loss\n10,0.5,0.4\n20,0.3,0.2\n")
    rows = curve_rows(tmp_path, 16, 10)
    assert rows[["metric", "scale", "value"]].to_numpy().tolist() == [
        ["validation_loss", 320, 0.4], ["validation_loss", 640, 0.2]
    ]  # fmt: skip
    curve.write_text("step,validation_loss\n10,<html>\n")
    with pytest.raises(UserError, match="not a training curve"):
        curve_rows(tmp_path, 16, 10)


def test_step_writes_the_table(tmp_path: Path) -> None:
    scores, files = [], []
    for number, model in enumerate(("climatology", "unet-dressed")):
        folder = tmp_path / f"results/tiny/perfect/scores/{model}/perfect"
        folder.mkdir(parents=True)
        row = dict.fromkeys(COLUMNS, np.nan) | {
            "variable": "pr",
            "metric": "bias",
            "season": "all",
        }
        row |= {"value": 1.0, "members": 8, "times": 60}
        curve = row | {"metric": "rank_histogram"}
        pd.DataFrame([row, curve], columns=list(COLUMNS)).to_csv(folder / "test.csv", index=False)
        daily(weather(60) + 1 - 0.5 * number).to_netcdf(folder / "test-daily.nc")
        scores.append(f"{model}={folder / 'test.csv'}")
        files.append(f"{model}={folder / 'test-daily.nc'}")
    out = tmp_path / "comparison.csv"
    arguments = ["--experiment", json.dumps(EXPERIMENT), "--scores", *scores, "--daily", *files]
    arguments += ["--benchmarks", str(tmp_path), "--comparison", str(out)]
    main([*arguments, "--evaluation", settings().model_dump_json()])
    table = pd.read_csv(out)
    assert tuple(table.columns) == ("model", *COLUMNS, "blocks", "confidence")
    assert pick(table, "unet-dressed", "bias")["value"] == 1
    assert "rank_histogram" not in set(table["metric"])
    assert pick(table, "unet-dressed", "crps_skill_climatology")["value"] > 0
    daily(weather(60), without(3, 60)).to_netcdf(folder / "test-daily.nc")
    with pytest.raises(UserError, match="'climatology': its scores hold 1 days"):
        main([*arguments, "--evaluation", settings().model_dump_json()])
    with pytest.raises(UserError, match="NAME=PATH"):
        main([*arguments[:2], "--scores", "nonsense", *arguments[5:]])
