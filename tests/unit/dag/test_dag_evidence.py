"""Manifests of the rules: declared inputs and the JSON that a step gets say the same."""

import json
import re
from pathlib import Path

import pytest

from downbench.core.errors import UserError
from downbench.dag import evidence

PATHS = {
    "scores": {"unet": "<results>/unet.csv", "bcsd": "<results>/bcsd.csv"},
    "physics": {},
    "hydrology": {"unet/gcm": "<results>/flow.nc"},
}


def test_inputs_are_the_paths_of_each_kind_that_has_any() -> None:
    assert evidence.evidence_files(lambda wildcards: PATHS)(None) == {
        "scores": ["<results>/unet.csv", "<results>/bcsd.csv"],
        "hydrology": ["<results>/flow.nc"],
    }


def test_the_manifest_has_the_paths_of_the_job_in_the_same_order() -> None:
    resolved = {"scores": ["r/unet.csv", "r/bcsd.csv"], "hydrology": ["r/flow.nc"]}
    text = evidence.manifest(lambda wildcards: PATHS)(None, resolved)
    kinds = json.loads(text)
    assert kinds == {
        "scores": {"unet": "r/unet.csv", "bcsd": "r/bcsd.csv"},
        "hydrology": {"unet/gcm": "r/flow.nc"},
    }
    assert list(kinds["scores"]) == ["unet", "bcsd"]


def test_a_manifest_too_long_for_a_command_is_refused() -> None:
    many = {"scores": {f"model-{number}": "x" * 100 for number in range(2000)}}
    with pytest.raises(UserError, match="split the experiment"):
        evidence.manifest(lambda wildcards: many)(None, {"scores": list(many["scores"].values())})


def test_the_picture_of_the_rules_is_present_in_any_working_folder(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Path(evidence._rule_graph("exp1")["exp1"]).is_file()
    assert evidence._rule_graph("no-experiment") == {}


def test_pages_and_figures_are_in_the_report_of_snakemake() -> None:
    rules = (evidence.DOCS.parent / "workflow/rules/figures.smk").read_text()
    assert re.search(r"png=report\(\s*paths\.fill\(paths\.FIGURE", rules)
    assert re.search(r"report=report\(\s*paths\.fill\(paths\.PAGE", rules)
