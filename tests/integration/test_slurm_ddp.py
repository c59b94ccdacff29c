"""A network trained by two processes in a real job of SLURM: two tasks, two GPUs, one job."""

import re
from pathlib import Path

import pandas as pd
import pytest

import copies
import one_node_slurm

BUNDLE = "results/tiny/perfect/models/unet"
QUICK = ["--slurm-init-seconds-before-status-checks", "3"]

pytestmark = pytest.mark.skipif(
    one_node_slurm.why_not() is not None, reason=str(one_node_slurm.why_not())
)


def by_processes(project: Path, count: int) -> None:
    def change(defaults: dict) -> None:
        defaults["budgets"]["tiny"]["resources"]["training_processes"] = count

    copies.edit(project / "config/default.yaml", change)


def curve(project: Path) -> pd.DataFrame:
    return pd.read_csv(project / BUNDLE / "training_curve.csv")


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A small project whose budget has two processes train together."""
    made = copies.copy_project(tmp_path_factory.mktemp("ddp") / "project")
    copies.shrink(made)
    by_processes(made, 2)
    return made


def test_two_tasks_of_one_job_learn_what_one_process_learns(project):
    with one_node_slurm.undisturbed():
        run = one_node_slurm.snakemake(project, "--profile", "slurm", BUNDLE, *QUICK)
    assert run.returncode == 0, run.stderr
    (job,) = one_node_slurm.of_rule(project, "train_baselines")
    assert (job["NumTasks"], job["Partition"]) == ("2", "gpu")
    assert job["TresPerJob"] == "gres:gpu:2"
    log = (project / "logs/train_baselines/tiny/perfect/unet.log").read_text()
    assert len(re.findall(r"process [12] of 2", log)) == 2, log
    together = curve(project)

    by_processes(project, 1)
    alone = copies.snakemake(
        project, "--profile", "profiles/local", BUNDLE, "--forcerun", "train_baselines"
    )
    assert alone.returncode == 0, alone.stderr
    pd.testing.assert_frame_equal(together, curve(project), rtol=0.03)
