"""The front page beside summaries that cannot be read or are of another run."""

import json
from pathlib import Path

import pytest

import fabricated_results as made
from downbench.core.errors import UserError
from downbench.report.summary import ExperimentSummary
from downbench.steps.write_front_page import main

SUMMARY = ExperimentSummary(name="exp1", title="First", hypothesis="It rains.", drivers=())


def page(folder: Path, *names: str, budget: str = "standard") -> str:
    """Write the front page of the summaries in a folder; return its text."""
    run = {"budget": budget, "seed": 1}
    main([
        "--region", json.dumps(made.REGION), "--run", json.dumps(run),
        "--summaries", *(str(folder / f"{name}.json") for name in names),
        "--report", str(folder / "index.html"),
    ])  # fmt: skip
    return (folder / "index.html").read_text()


@pytest.mark.parametrize("spoilt", ["", "{", '{"name": "exp2", "of_another_version": 1}'])
def test_an_unreadable_summary_is_named_on_the_page(tmp_path: Path, spoilt: str, capsys) -> None:
    SUMMARY.write(tmp_path / "exp1.json")
    (tmp_path / "exp2.json").write_text(spoilt)
    text = page(tmp_path, "exp1", "exp2")
    assert "<b>exp2</b> is left out" in text and "First" in text
    assert "exp2.json: not a readable summary" in capsys.readouterr().err


def test_without_any_readable_summary_there_is_no_page(tmp_path: Path) -> None:
    (tmp_path / "exp2.json").write_text("{")
    with pytest.raises(UserError, match="not a readable summary"):
        page(tmp_path, "exp2")
