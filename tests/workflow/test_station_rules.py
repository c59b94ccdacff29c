"""Stations and regional models in the DAG: planned with experiment 3, strangers to the rest."""

import re
from pathlib import Path

import pytest

import copies
from downbench.core.config.loading import load
from downbench.core.errors import UserError


def commands(project, *targets: str) -> list[str]:
    done = copies.snakemake(project, *targets, "-n", "--printshellcmds")
    assert done.returncode == 0, done.stderr
    return sorted(re.findall(r"OMP_NUM_THREADS=.*", done.stdout))


def test_experiment_3_scores_every_model_at_stations(pristine):
    jobs = copies.planned(pristine, "exp3")
    models = load({}, pristine).view("exp3", "perfect").transferred
    # Test days of the training driver, the raw and the mapped run of the past.
    assert jobs["score_stations"] == 3 * len(models)
    assert jobs["prepare_stations"] == 1
    assert "prepare_stations" not in copies.planned(pristine, "exp1")


def test_stations_touch_neither_data_nor_training(pristine, tmp_path):
    project = copies.copy_project(tmp_path / "project")
    target = "results/synthetic/perfect/scores/unet/perfect/test.csv"
    before = commands(project, target)
    file = project / "config/regions/synthetic.yaml"
    copies.edit(
        file, lambda region: region["stations"]["synthetic"].update(count=5, lapse_k_per_km=0)
    )
    assert commands(project, target) == before
    assert "station" not in "".join(before)


def test_without_stations_the_experiment_goes_on(pristine, tmp_path):
    project = copies.copy_project(tmp_path / "project")
    copies.edit(project / "config/regions/synthetic.yaml", lambda region: region.pop("stations"))
    assert not {"score_stations", "prepare_stations"} & set(copies.planned(project, "exp3"))


def test_regional_models_are_rows_of_their_own(pristine):
    try:
        folder = Path(load({"region": "iberia"}, copies.ROOT).region.data_dir).resolve()
    except UserError as absent:
        pytest.skip(f"the data of iberia are not here: {str(absent).splitlines()[0]}")
    here = ("--config", "region=iberia", f"data_dir={folder}")
    jobs = copies.planned(pristine, "exp3", *here)
    assert jobs["prepare_rcm"] == 2 and jobs["score_stations_rcm"] == 1
