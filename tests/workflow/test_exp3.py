"""Experiment 3 on a small project: from one command to its page, and what runs again."""

import csv
import shutil

import pytest

import copies
from downbench.core.config.loading import load
from downbench.core.errors import UserError

RESULTS = "results/tiny/perfect"


@pytest.fixture(scope="module")
def transferred(tmp_path_factory):
    """A small project in which exp3 ran to its end."""
    project = copies.copy_project(tmp_path_factory.mktemp("transferred") / "project")
    copies.shrink(project)
    copies.add_transfer(project)
    done = copies.snakemake(project, "--profile", "profiles/local", "exp3")
    assert done.returncode == 0, done.stderr[-5000:]
    return project


@pytest.fixture
def project(transferred, tmp_path):
    """A copy that a test may change."""
    return copies.without(transferred, tmp_path / "project")


def rows(project, **values):
    path = project / RESULTS / "driver-chain/exp3.csv"
    table = csv.DictReader(path.open())
    return [row for row in table if all(row[name] == value for name, value in values.items())]


def value(project, **values):
    (row,) = rows(project, season="all", **values)
    return float(row["value"])


def test_then_nothing_is_left_to_do_and_the_page_is_complete(transferred):
    assert copies.planned(transferred, "exp3") == {}
    page = (transferred / "results/tiny/report/exp3.html").read_text()
    assert page.count('class="claim"') == 4
    for title in ("Climate: Rain", "Change: Daily maximum temperature", "Warm years: Rain"):
        assert title in page
    assert "UNet, corrected gcm" in page and "truth of the run" in page


def test_no_day_of_a_free_run_is_paired(project):
    """The step refuses a paired score and gives the reason."""
    target = f"{RESULTS}/scores/unet/gcm-historical/climate.csv"
    done = copies.snakemake(project, "--profile", "profiles/local", target)
    assert done.returncode != 0
    assert "is a free-running GCM" in done.stderr + done.stdout


def test_the_prescribed_bias_is_found_and_corrected(transferred):
    """The run is 1.5 K too warm, and so are interpolation and network with it."""
    for model in ("bilinear", "unet"):
        biases = {
            stage: value(
                transferred, part="climate", model=model, stage=stage, period="present",
                variable="tasmax", metric="mean_bias",
            )
            for stage in ("raw", "corrected")
        }  # fmt: skip
        assert abs(biases["raw"] - 1.5) < 1.0
        assert abs(biases["corrected"]) < abs(biases["raw"]) - 0.5


def test_the_change_is_that_of_the_trend(transferred):
    """Seventy years at 0.8 K a decade: raw, corrected and in the pseudo-reality run."""
    changes = rows(transferred, part="change", variable="tasmax", metric="change_mean")
    assert len(changes) == 5  # two models under two runs, and the pseudo-reality run
    for row in changes:
        assert abs(float(row["value"]) - 5.6) < 1.5, row
    kept = rows(
        transferred, part="change", model="bilinear", stage="raw", metric="signal_ratio_mean"
    )
    assert {float(row["value"]) for row in kept} == {1.0}


def test_a_single_field_has_no_spread_between_members(transferred):
    spread = rows(transferred, part="change", model="unet", metric="change_mean_members")
    assert spread and {row["value"] for row in spread} == {""}


def test_another_sampled_year_trains_nothing(project):
    def more(defaults):
        defaults["budgets"]["tiny"]["climate"]["years"] = 2

    copies.edit(project / "config/default.yaml", more)
    jobs = copies.planned(project, "exp3")
    assert jobs["sample_baselines"] == 10 and jobs["sample_pseudo_reality"] == 2
    assert not [rule for rule in jobs if rule.startswith(("train", "prepare", "evaluate"))]


def test_a_tolerance_is_judged_again_without_anything_else(project):
    copies.edit(
        project / "config/experiments.yaml",
        lambda e: e["exp3"].update(tolerances={"signal_deviation_percent": 30}),
    )
    assert copies.planned(project, "exp3") == dict.fromkeys(
        ("write_report", "summarise_experiment", "write_front_page"), 1
    )


def test_editing_an_index_scores_climates_again_and_samples_nothing(project):
    path = project / "workflow/downbench/scores/climate/yearly_indices.py"
    path.write_text(path.read_text() + "\nEDITED = True\n")
    jobs = copies.planned(project, "exp3")
    assert jobs["score_climate"] == 10 and jobs["score_climate_pseudo_reality"] == 2
    assert not [rule for rule in jobs if rule.startswith(("train", "sample", "evaluate"))]


def test_the_page_comes_from_tables_alone(project):
    for folder in ("models", "ensembles"):
        shutil.rmtree(project / RESULTS / folder)
    (project / "results/tiny/report/exp3.html").unlink()
    assert copies.planned(project, "exp3") == {"write_report": 1}


def test_a_region_without_runs_has_no_such_experiment():
    try:
        project = load({"region": "alps-radar"}, copies.ROOT)
    except UserError as absent:
        pytest.skip(f"the data of alps-radar are not here: {str(absent).splitlines()[0]}")
    assert "exp3" not in project.experiments and "exp1" in project.experiments
