"""A figure is one module and one name: those of docs/add-a-figure.md, in a copy of the project."""

from pathlib import Path

import pytest

import copies
import guides

DRAW = """
import fabricated_results as made
from downbench.core.io.evidence import Evidence
from downbench.plots.inputs import FigureInputs
from downbench.plots.figures import bias_bars
from downbench.report.captions import caption, reading_order

models, variables = ["climatology", "corrdiff"], ["pr", "tasmax"]
comparison = made.comparison(variables)
evidence = Evidence(
    {"comparison": {"perfect": comparison}, "scores": dict.fromkeys(models, comparison)}
)
inputs = FigureInputs(made.EXPERIMENT, made.REGION, evidence)
print(len(bias_bars.draw(inputs).axes))
print(caption("bias-bars")[0], "-", reading_order()[reading_order().index("bias-bars") - 1])
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = copies.copy_project(tmp_path_factory.mktemp("figure") / "project")
    copies.shrink(copy)
    guides.follow("add-a-figure.md", copy)
    return copy


def test_it_is_planned_once_an_experiment_names_it(project: Path) -> None:
    experiments = project / "config/experiments.yaml"
    before = copies.planned(project, "exp1")["draw_figure"]
    copies.edit(experiments, lambda content: content["exp1"]["figures"].append("bias-bars"))
    drivers = before // len(copies.FIGURES)
    assert copies.planned(project, "exp1")["draw_figure"] == before + drivers


def test_it_is_drawn_and_has_its_place_on_the_page(project: Path) -> None:
    panels, words = guides.python(project, DRAW).splitlines()
    assert panels == "2" and words == "Bias of the mean - cost-skill"
