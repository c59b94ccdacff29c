"""`make cite`: one BibTeX entry for each citation."""

import shutil
from pathlib import Path

import pytest

from downbench.core.errors import UserError
from downbench.steps import cite

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch):
    monkeypatch.chdir(ROOT)


def keys(text: str) -> list[str]:
    return [line.partition("{")[2].rstrip(",") for line in text.splitlines() if line[:1] == "@"]


def test_a_region_cites_what_it_downloads(capsys):
    cite.main(["--region", "alps"])
    assert keys(capsys.readouterr().out) == [
        "era5-daily-statistics", "cerra", "cmip6-mpi-esm1-2-hr"
    ]  # fmt: skip


def test_a_region_is_cited_without_its_data(capsys, tmp_path, monkeypatch):
    shutil.copytree(ROOT / "config", tmp_path / "config")
    monkeypatch.chdir(tmp_path)
    cite.main(["--region", "iberia"])
    assert keys(capsys.readouterr().out) == [
        "e-obs", "ncep-ncar-reanalysis-1", "cmip5-cnrm-cm5", "value-eca-d", "euro-cordex-racmo22e"
    ]  # fmt: skip
    with pytest.raises(UserError, match="synthetic names no dataset"):
        cite.main(["--region", "synthetic"])


def test_a_paper_is_cited_once(capsys):
    cite.main([])
    text = capsys.readouterr().out
    assert text.count("title = {The ERA5 global reanalysis}") == 1
    assert "cordex-ml-bench" in keys(text)
