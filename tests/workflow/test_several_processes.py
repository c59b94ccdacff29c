"""What a budget with several processes asks of a cluster, and that others ask for nothing more."""

import re

import pytest

import copies

ASKED = ("processes=4", "nodes=1", "tasks_per_node=4", "mpi=srun", "gpu=4")


def resources(pristine, budget: str) -> dict[str, str]:
    """The line of resources of every training, by model."""
    done = copies.snakemake(
        pristine, "--profile", "slurm", "exp1", "-n", "--config", f"budget={budget}"
    )
    assert done.returncode == 0, done.stderr
    jobs = re.findall(r"rule train_\w+:\n(?:\s+.*\n)*?\s+resources: .*", done.stdout)
    named = {
        re.search(r"model=([\w-]+)", job)[1]: job.rpartition("resources: ")[2] for job in jobs
    }
    assert {"corrdiff", "bnn-dropout", "unet", "bcsd"} <= named.keys()
    return named


def test_networks_of_the_large_budget_are_trained_by_four_tasks_of_one_job(pristine):
    for model, line in resources(pristine, "large").items():
        network = model in ("unet", "unet-dressed", "corrdiff", "bnn-dropout")
        assert all((asked in line) == network for asked in ASKED), (model, line)


@pytest.mark.parametrize("budget", ["demo", "standard"])
def test_one_process_asks_for_no_tasks(pristine, budget):
    for line in resources(pristine, budget).values():
        assert not any(asked in line for asked in ASKED), line
