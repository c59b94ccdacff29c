"""Experiment 2 on a small project: from one command to its page, and what runs again."""

import csv
import re
import shutil

import pytest

import copies

FRONT_PAGE = {"summarise_experiment": 1, "write_front_page": 1}
VERDICTS = {"compare", "write_report", *FRONT_PAGE}


@pytest.fixture(scope="module")
def constrained(finished, tmp_path_factory):
    """Return the small project in which exp1 was finished first, then exp2."""
    project = copies.without(finished, tmp_path_factory.mktemp("constrained") / "project")
    copies.add_physics(project)
    planned = copies.planned(project, "exp2")
    assert (planned["train_baselines"], planned["train_generative"]) == (1, 2)
    assert planned["evaluate"] == len(copies.LAWFUL)
    done = copies.snakemake(project, "--profile", "profiles/local", "exp2")
    assert done.returncode == 0, done.stderr[-5000:]
    return project


@pytest.fixture
def copy(constrained, tmp_path):
    """A copy that a test may change."""
    return copies.without(constrained, tmp_path / "project")


def rates(project, metric, threshold):
    """Violation rates by model, from the comparison."""
    path = project / "results/tiny/perfect/comparison/exp2/perfect/test.csv"
    rows = list(csv.DictReader(path.open()))
    return {
        row["model"]: float(row["value"])
        for row in rows
        if row["metric"] == metric and row["variable"] == "pr" and row["threshold"] == threshold
    }


def test_after_exp1_only_constrained_models_are_trained_and_nothing_is_left(constrained):
    for experiment in ("exp2", "exp1"):
        assert copies.planned(constrained, experiment) == {}


def test_both_pages_are_complete_and_link_to_each_other(constrained, finished):
    report = constrained / "results/tiny/report"
    first, second = ((report / name).read_text() for name in ("exp1.html", "exp2.html"))
    alone = (finished / "results/tiny/report/exp1.html").read_text()
    pages = re.compile("<!--pages-->.*?<!--/pages-->", re.DOTALL)
    assert 'href="exp2.html"' in first and 'href="exp1.html"' in second
    front = (report / "index.html").read_text()
    assert all(f'<h3><a href="{name}.html">' in front for name in ("exp1", "exp2"))
    assert "exp2 not run" not in front
    assert "exp2.html" not in alone
    assert pages.sub("", first) == pages.sub("", alone)  # experiment 1 stays as it was
    assert second.count('class="claim"') == 3
    assert "by construction" in second and "Cost of the constraint" in second
    assert second.count("<figure ") == 5


def test_a_layer_conserves_mass_and_the_reference_has_a_rate_of_its_own(constrained):
    models = rates(constrained, "mass_violation_rate", "5")
    assert models["unet-hard"] == 0 < models["unet"]
    assert set(models) == {*copies.LAWFUL, *copies.MODELS} - {"bnn-dropout"}
    assert set(rates(constrained, "mass_violation_rate_reference", "5").values()) == {0.0}
    beyond = rates(constrained, "rain_beyond_budget_cells_reference", "5")
    assert set(beyond.values()) == {0.0}


def test_a_tolerance_checks_again_and_scores_nothing(copy):
    def wider(defaults):
        defaults["evaluation"]["physics"]["rain_tolerance_mm_day"] = 0.2

    copies.edit(copy / "config/default.yaml", wider)
    jobs = copies.planned(copy, "exp2")
    assert set(jobs) == {"check_physics", "draw_figure"} | VERDICTS
    assert copies.planned(copy, "exp1") == {}


def test_a_claim_is_judged_again_without_anything_else(copy):
    copies.edit(
        copy / "config/experiments.yaml", lambda e: e["exp2"]["claims"].update(guided_percent=9)
    )
    assert copies.planned(copy, "exp2") == {"write_report": 1, **FRONT_PAGE}


def test_editing_a_law_checks_again_and_leaves_experiment_1_alone(copy):
    path = copy / "workflow/downbench/physics/violation_rate.py"
    path.write_text(path.read_text() + "\nEDITED = True\n")
    jobs = copies.planned(copy, "exp2")
    assert jobs["check_physics"] == len({*copies.LAWFUL, *copies.MODELS}) - 1
    assert not [rule for rule in jobs if rule.startswith(("train", "sample", "evaluate"))]
    assert copies.planned(copy, "exp1") == {}


def test_other_guidance_trains_nothing(copy):
    copies.edit(
        copy / "config/models.yaml",
        lambda m: m["corrdiff-guided"]["physics"]["guidance"].update(error_k=0.2),
    )
    jobs = copies.planned(copy, "exp2")
    assert jobs["train_generative"] == jobs["sample_generative"] == jobs["evaluate"] == 1
    assert "train_baselines" not in jobs  # the one job copies the weights of corrdiff


def test_figures_of_laws_come_from_tables_alone(copy):
    region = copy / "results/tiny"
    for folder in ("perfect/models", "perfect/ensembles", "drivers", "target.zarr"):
        shutil.rmtree(region / folder)
    (region / "figures/exp2/perfect/violations-sharpness.png").unlink()
    assert copies.planned(copy, "figures") == {"draw_figure": 1}
    done = copies.snakemake(copy, "figures")
    assert done.returncode == 0, done.stderr[-3000:]
    assert not (region / "perfect/models").exists()


def test_exp2_needs_no_exp1(finished, tmp_path):
    project = copies.without(finished, tmp_path / "project")
    copies.add_physics(project)
    shutil.rmtree(project / "results/tiny/report")
    shutil.rmtree(project / "results/tiny/figures")
    jobs = copies.planned(project, "exp2")
    assert jobs["write_report"] == 1 and jobs["draw_figure"] == 5
