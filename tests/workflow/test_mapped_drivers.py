"""Quantile maps in the DAG: planned on demand, and strangers to every other series."""

import re

import pytest
import yaml

import copies

CORRECTED = ("gcm-historical-corrected", "gcm-future-corrected")


def plan(project) -> str:
    targets = [f"results/synthetic/drivers/{name}.zarr" for name in CORRECTED]
    done = copies.snakemake(project, *targets, "-n", "--printshellcmds")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_both_runs_are_mapped_by_one_fit(pristine):
    planned = plan(pristine)
    assert (
        planned.count("rule fit_correction:") == 1 and planned.count("rule correct_driver:") == 2
    )
    fit = re.search(r"steps\.fit_correction .* --source (\S+) --reference (\S+)", planned)
    assert fit[1].endswith("drivers/gcm-historical.zarr")
    assert fit[2].endswith("drivers/perfect.zarr")
    assert re.search(r"--driver \S+/gcm-future\.zarr --driver-name gcm-future ", planned)


def test_maps_reach_no_other_step(pristine, tmp_path):
    """Whoever adds or changes a map makes no series and no training again."""
    project = copies.copy_project(tmp_path / "project")
    file = project / "config/regions/synthetic.yaml"
    kept = {name: commands(project, name) for name in ("perfect", "gcm-future")}
    assert "correct" not in "".join(kept.values())
    copies.edit(file, without_maps)
    assert {name: commands(project, name) for name in kept} == kept
    section = yaml.safe_load((pristine / "config/regions/synthetic.yaml").read_text())
    assert set(section["drivers"]) > set(CORRECTED)


@pytest.fixture
def with_data(pristine, tmp_path):
    """A copy of the project and a folder with empty files for Iberia."""
    project = copies.copy_project(tmp_path / "project")
    section = yaml.safe_load((project / "config/regions/iberia.yaml").read_text())
    for path in section["origins"]:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    return project, ["--config", "region=iberia", f"data_dir={tmp_path}"]


def test_a_free_run_from_files_reaches_no_other_series_and_no_training(with_data):
    project, given = with_data
    future = "cnrm-cm5-rcp85"
    kept = {name: commands(project, name, given) for name in ("reanalysis", "cnrm-cm5-historical")}
    own = commands(project, future, given)
    assert "rcp85" in own and "rcp85" not in "".join(kept.values())
    copies.edit(project / "config/regions/iberia.yaml", with_other_method(future))
    assert {name: commands(project, name, given) for name in kept} == kept
    assert commands(project, future, given) != own


def with_other_method(driver: str):
    return lambda region: region["drivers"][driver]["variables"]["tas"].update(
        method="conservative"
    )


def commands(project, driver: str, given=("--config", "region=synthetic")) -> str:
    """Command lines that lead to a driver and to the statistics of models trained with it."""
    region = given[1].removeprefix("region=")
    targets = [f"results/{region}/drivers/{driver}.zarr"]
    targets += [f"results/{region}/perfect/transforms.json"]
    done = copies.snakemake(project, *targets, "-n", "--printshellcmds", *given)
    assert done.returncode == 0, done.stderr
    return "\n".join(sorted(re.findall(r"OMP_NUM_THREADS=.*", done.stdout)))


def without_maps(region):
    region["corrections"] = {}
    del region["climate"]["runs"]["gcm"]["corrected"]
    for name in CORRECTED:
        del region["drivers"][name]
