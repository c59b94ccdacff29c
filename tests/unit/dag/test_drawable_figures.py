"""`snakemake figures` draws what has scores, and names what has none."""

from dataclasses import replace
from pathlib import Path

import pytest
from snakemake.iocontainers import Wildcards

from downbench.core.config.loading import load
from downbench.dag.drawable_figures import DrawableFigures
from downbench.dag.evidence import ExperimentEvidence

ROOT = Path(__file__).parents[3]


@pytest.fixture
def project(tmp_path):
    project = load({"region": "synthetic"}, ROOT)
    return replace(project, results_dir=str(tmp_path))


def add_scores(project, experiment):
    values = {"region": "synthetic", "trained_on": "perfect", "experiment": experiment}
    job = Wildcards(fromdict={**values, "figure": "crps-skill"})
    for kind in ExperimentEvidence(project).figure(job).values():
        for path in kind.values():
            file = Path(path.replace("<results>", project.results_dir))
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()


def test_without_scores_nothing_is_drawn(project):
    figures = DrawableFigures(project)
    assert figures.files() == []
    notes = figures.notes()
    assert [note.partition(":")[0] for note in notes] == list(project.experiments)
    assert "left out all figures" in notes[0] and "`snakemake exp1`" in notes[0]


def test_an_experiment_with_scores_is_drawn_and_the_others_are_named(project):
    add_scores(project, "exp1")
    figures = DrawableFigures(project)
    assert len(figures.files()) == 2 * len(project.experiments["exp1"].figures)
    assert {path.split("/")[3] for path in figures.files()} == {"exp1"}
    assert [note.partition(":")[0] for note in figures.notes()] == ["exp2", "exp3"]


def test_a_figure_lacks_the_file_that_is_absent(project, tmp_path):
    add_scores(project, "exp1")
    table = tmp_path / "synthetic/perfect/scores/unet/perfect/test.csv"
    table.unlink()
    assert str(table) in DrawableFigures(project).notes()[0]
