"""The step that compares: tables of laws are joined, and arms are priced against their own."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import scores_fixtures
from downbench.core.errors import UserError
from downbench.scores.table import COLUMNS
from downbench.steps import evaluate
from downbench.steps.compare import main

EXPERIMENT = {
    "reference_model": "plain",
    "climatology_model": "plain",
    "constrained_models": [{"model": "lawful", "unconstrained": "plain", "method": "loss"}],
    "challenger": "lawful",
    "rival": "plain",
    "paired_claims": [
        {"scores": [{"score": "crps", "scale": n, "margin_percent": 1} for n in (1, 2)]}
    ],
}


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders of two models with scores, daily file and table of laws."""
    folders = {}
    for model, factor in (("plain", 1.0), ("lawful", 0.9)):
        folder = folders[model] = tmp_path_factory.mktemp(model)
        ensemble, reference = scores_fixtures.example(days=30, members=3)
        ensemble = ensemble.assign(pr=ensemble["pr"] * factor)
        paths = scores_fixtures.write_stores(folder, (ensemble, reference))
        evaluate.main([
            "--ensemble", str(paths[0]), "--reference", str(paths[1]),
            "--scores", str(folder / "s.csv"), "--daily", str(folder / "d.nc"),
            "--evaluation", scores_fixtures.settings().model_dump_json(),
        ])  # fmt: skip
        row = dict.fromkeys(COLUMNS, np.nan) | {"variable": "pr", "season": "all", "value": factor}
        laws = [row | {"metric": name} for name in ("mass_violation_rate", "cc_rate_binned")]
        pd.DataFrame(laws, columns=list(COLUMNS)).to_csv(folder / "laws.csv", index=False)
    return folders


def arguments(scored: dict[str, Path], out: Path) -> list[str]:
    scores, daily = ([f"{m}={f / name}" for m, f in scored.items()] for name in ("s.csv", "d.nc"))
    return [
        "--experiment", json.dumps(EXPERIMENT), "--scores", *scores, "--daily", *daily,
        "--benchmarks", str(out.parent), "--comparison", str(out),
        "--evaluation", scores_fixtures.settings().model_dump_json(),
    ]  # fmt: skip


def test_laws_and_prices_are_in_the_comparison(scored: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "c.csv"
    laws = [f"{model}={folder / 'laws.csv'}" for model, folder in scored.items()]
    main([*arguments(scored, out), "--physics", *laws])
    table = pd.read_csv(out)
    assert tuple(table.columns) == ("model", *COLUMNS, "blocks", "confidence")
    rates = table[table["metric"] == "mass_violation_rate"].set_index("model")["value"]
    assert rates.to_dict() == {"plain": 1.0, "lawful": 0.9}
    assert (table["metric"] == "cc_rate_binned").sum() == 2
    heavy = table[table["metric"] == "p99_versus_plain"]
    assert list(heavy["model"]) == ["lawful"]
    assert heavy["value"].iloc[0] == pytest.approx(-0.1, abs=0.01)
    claimed = table[(table["model"] == "lawful") & (table["metric"] == "crps_skill_versus_plain")]
    assert sorted(claimed.query("variable == 'pr'")["scale"]) == [1, 2]


def test_without_laws_it_compares_all_the_same(scored: dict[str, Path], tmp_path: Path) -> None:
    main(arguments(scored, tmp_path / "c.csv"))
    metrics = set(pd.read_csv(tmp_path / "c.csv")["metric"])
    assert "mass_violation_rate" not in metrics and "crps_skill_versus_plain" in metrics


def test_an_absent_table_of_laws_is_reported(scored: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nowhere.csv: no such file; .* check_physics"):
        main(
            [*arguments(scored, tmp_path / "c.csv"), "--physics", f"plain={tmp_path}/nowhere.csv"]
        )
