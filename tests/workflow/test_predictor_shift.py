"""Predictor shift in the DAG: along the chain of exp3, and no concern of any other experiment."""

import copies


def rules(project, target: str) -> str:
    done = copies.snakemake(project, target, "-n", "--printshellcmds")
    assert done.returncode == 0, done.stderr
    return done.stdout


def commands(project) -> set[str]:
    return {line for line in rules(project, "exp3").splitlines() if "downbench.steps" in line}


def test_every_driver_of_the_chain_is_measured_from_the_training_driver(pristine):
    planned = rules(pristine, "exp3")
    chain = ["perfect", "gcm-historical", "gcm-future"]
    chain += [f"{name}-corrected" for name in chain[1:]]
    for driver in chain:
        assert f"--days results/synthetic/shift/perfect/{driver}-days.nc" in planned
    assert planned.count("steps.measure_shift") == len(chain)


def test_settings_of_the_shift_reach_no_other_rule(pristine, tmp_path):
    assert "measure_shift" not in rules(pristine, "exp1")
    project = copies.copy_project(tmp_path / "project")
    before = commands(project)
    copies.edit(
        project / "config/default.yaml", lambda d: d["evaluation"]["shift"].update(neighbours=7)
    )
    changed = before ^ commands(project)
    assert changed and all("steps.measure_shift" in line for line in changed)
