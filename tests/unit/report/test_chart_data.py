"""Scores and scripts of the interactive chart."""

import base64
import gzip
import json
from pathlib import Path

import numpy as np
import pandas as pd

import fabricated_results as made
from downbench.dag import chart_library
from downbench.report.chart_data import OF_REFERENCE, chart_data
from downbench.report.chart_library import NAMES, ChartLibrary


def test_scores_lie_by_variable_metric_season_and_place() -> None:
    data = chart_data({"perfect": made.comparison(["pr", "tasmax"])}, made.EXPERIMENT)
    json.dumps(data, allow_nan=False)
    rain = data["scores"]["perfect"]["pr"]
    assert list(rain["crps"]["all"]) == ["scale 1", "scale 2", "scale 4", "scale 8"]
    assert rain["crps"]["all"]["scale 1"][0] == [0, 1.2, 1.14, 1.26]
    assert list(rain["twcrps"]["all"]) == ["threshold 95", "threshold 99"]
    assert [model["label"] for model in data["models"]] == list(made.LABELS.values())
    assert (
        data["metrics"]["spread_skill"]["ideal"] == 1 and data["metrics"]["crps"]["ideal"] is None
    )
    assert data["variables"]["tasmax"]["unit"] == "K"
    assert not [name for name in data["metrics"] if "versus" in name or "reference" in name]


def test_the_reference_has_a_line_where_the_nearest_is_best() -> None:
    data = chart_data({"perfect": made.comparison(["pr"])}, made.EXPERIMENT)
    lines = data["scores"]["perfect"]["pr"]["p99"]["all"][""]
    assert lines[-1] == [OF_REFERENCE, 40.0, None, None]


def test_rows_without_a_number_are_left_out() -> None:
    rows = [{"model": "unet"} | made.row("pr", "crps", np.nan),
            {"model": "bcsd"} | made.row("pr", "crps", 1.0) | {"lower": np.nan}]  # fmt: skip
    data = chart_data({"perfect": pd.DataFrame(rows)}, made.EXPERIMENT)
    assert data["scores"]["perfect"]["pr"]["crps"]["all"][""] == [[2, 1.0, None, 1.05]]


def test_drivers_without_a_score_are_left_out() -> None:
    tables = {"perfect": made.comparison(["pr"]), "reanalysis": made.comparison(["pr"])[:0]}
    assert list(chart_data(tables, made.EXPERIMENT)["scores"]) == ["perfect"]
    del tables["perfect"]
    assert chart_data(tables, made.EXPERIMENT) == {}


def test_the_library_is_complete_or_absent(tmp_path: Path) -> None:
    assert ChartLibrary.read(None) is None and ChartLibrary.read(tmp_path) is None
    for name in NAMES:
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.js").write_text(name)
        (tmp_path / name / "LICENSE").write_text("BSD")
    library = ChartLibrary.read(tmp_path)
    assert gzip.decompress(base64.b64decode(library.content)).split(b"\n;\n") == [
        name.encode() for name in NAMES
    ]
    assert library.licences == ("BSD",)
    (tmp_path / "vega" / "LICENSE").unlink()
    assert ChartLibrary.read(tmp_path) is None


def test_snakemake_brings_the_library() -> None:
    assert ChartLibrary.read(chart_library.folder()) is not None
