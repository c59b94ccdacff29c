"""The page docs/add-an-experiment.md, done as it says."""

import re

import pytest
import yaml

import copies

PAGE = (copies.ROOT / "docs/add-an-experiment.md").read_text()
ENTRY = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[1]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory):
    project = copies.copy_project(tmp_path_factory.mktemp("mine") / "project")
    entry = yaml.safe_load(ENTRY)
    copies.edit(project / "config/experiments.yaml", lambda found: found.update(entry))
    return project


@pytest.mark.parametrize("target", ["mine", "all"])
def test_the_new_experiment_is_planned(project, target):
    done = copies.snakemake(project, target, "-n")
    assert done.returncode == 0, done.stderr
    assert "results/synthetic/report/mine.html" in done.stdout
    for figure in yaml.safe_load(ENTRY)["mine"]["figures"]:
        assert f"results/synthetic/figures/mine/perfect/{figure}.png" in done.stdout


def test_it_trains_no_model_of_another_experiment(project):
    jobs = copies.planned(project, "mine")
    models = yaml.safe_load(ENTRY)["mine"]["models"]
    assert jobs["train_baselines"] == jobs["evaluate"] == len(models)
    assert "train_generative" not in jobs
