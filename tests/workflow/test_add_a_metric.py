"""A metric is one file: the one of docs/add-a-metric.md, in a copy of the project."""

from pathlib import Path

import pandas as pd
import pytest

import copies
import guides

EVALUATE = """
from pathlib import Path
import scores_fixtures as made
from downbench.steps import evaluate

folder = Path("toy")
ensemble, target = made.write_stores(folder, made.example(days=40, members=3))
evaluate.main([
    "--ensemble", str(ensemble), "--reference", str(target), "--scores", "toy/scores.csv",
])
"""
PAGE = """
from downbench.report.columns import SCORES
print([column.heading for column in SCORES])
print([(column.words(), column.meaning) for column in SCORES if column.metric == "outside_range"])
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = copies.copy_project(tmp_path_factory.mktemp("metric") / "project")
    guides.follow("add-a-metric.md", copy)
    return copy


def test_it_is_scored_over_all_days_and_by_season(project: Path) -> None:
    (project / "toy").mkdir()
    guides.python(project, EVALUATE)
    scores = pd.read_csv(project / "toy/scores.csv")
    rows = scores[scores["metric"] == "outside_range"]
    assert set(rows["season"]) == {"all", "DJF"} and set(rows["variable"]) == {"pr", "tasmax"}
    warm = rows[(rows["variable"] == "tasmax") & (rows["season"] == "all")].iloc[0]
    assert warm["value"] == pytest.approx(2 / 4, abs=0.05)
    assert 0 <= warm["lower"] <= warm["value"] <= warm["upper"] <= 1
    order = list(dict.fromkeys(scores["metric"]))
    assert order[:2] == ["crps", "crps_wet"]


def test_it_is_a_column_of_the_page_with_its_meaning(project: Path) -> None:
    headings, entry = guides.python(project, PAGE).splitlines()
    assert "'Spread / error, robust', 'Outside the range', 'Spectral distance'" in headings
    assert "lies outside the range of the members." in entry


def test_it_is_in_the_table_of_the_docs(project: Path) -> None:
    page = project / "docs/methods/scores.md"
    guides.python(project, "from downbench.steps import export_tables; export_tables.main([])")
    assert "| `outside_range` ◦ | 1 | lower is better |" in page.read_text(encoding="utf-8")


def test_only_what_scores_or_shows_it_runs_again(project: Path, pristine: Path) -> None:
    code = (
        "from downbench.core.provenance import code_version as version\n"
        "print([version(f'downbench.steps.{s}') for s in ('evaluate', 'write_report')])\n"
        "print([version(f'downbench.steps.{s}') for s in ('train', 'sample', 'draw_figure')])"
    )
    with_metric, without = (guides.python(copy, code).splitlines() for copy in (project, pristine))
    assert with_metric[0] != without[0] and with_metric[1] == without[1]
