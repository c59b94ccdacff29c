"""The front page beside summaries that cannot be read or are of another run."""

import json
from pathlib import Path

import pytest

import fabricated_results as made
from downbench.core.errors import UserError
from downbench.report.summary import ClaimSummary, DriverSummary, ExperimentSummary
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


def driver(name: str, label: str, fall: float) -> DriverSummary:
    """Return results of one model without scores and one claim."""
    claim = ClaimSummary(claim="A is better.", label=label, sentence="It is.")
    return DriverSummary(
        name=name, claims=(claim,), cells=(), labels={"a": "Model A"}, competing=("a",),
        ensembles=("a",), grain={}, late_falls={"a": fall},
    )  # fmt: skip


def test_claims_and_late_falls_are_those_of_each_driver(tmp_path: Path) -> None:
    drivers = (driver("perfect", "supported", 1.5), driver("reanalysis", "not applicable", 2.5))
    SUMMARY.model_copy(update={"drivers": drivers}).write(tmp_path / "exp1.json")
    text = page(tmp_path, "exp1")
    assert "1 claim with perfect: 1 supported; 1 claim with reanalysis: 1 not applicable." in text
    assert "Model A (trained on perfect) 1.5" in text
    assert "Model A (trained on reanalysis) 2.5" in text
    SUMMARY.model_copy(update={"drivers": drivers[1:]}).write(tmp_path / "exp1.json")
    assert "<b>1 claim: 1 not applicable.</b>" in page(tmp_path, "exp1")


def test_experiments_of_another_run_are_named(tmp_path: Path) -> None:
    SUMMARY.model_copy(update={"budget": "standard", "seed": 1}).write(tmp_path / "exp1.json")
    old = SUMMARY.model_copy(update={"name": "exp2", "budget": "tiny", "trial": True, "seed": 1})
    old.write(tmp_path / "exp2.json")
    text = page(tmp_path, "exp1", "exp2")
    assert "exp2 is of another run: budget tiny, seed 1." in text and "exp1 is of" not in text
    assert "Do not quote these numbers" in text and "<code>tiny</code>" in text
    text = page(tmp_path, "exp1")
    assert "another run" not in text and "Do not quote" not in text
