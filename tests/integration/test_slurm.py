"""The literal `snakemake --profile slurm` through real jobs, and through what clusters do to them.

Every fault hits a copy of one finished run in which one model is still to be made; each ends,
after the same command again where that is needed, in the scores of the undisturbed run.
"""

import os
import re
import shutil
import signal
import subprocess
import time
from functools import partial
from pathlib import Path

import psutil
import pytest

import copies
import one_node_slurm as slurm

MODEL = "bnn-dropout"
MODELS = ["climatology", MODEL]
# The profile waits 20 s before it asks for states, which is right for hours and long for seconds.
# In later runs that nobody stops, `slurm.environment` keeps it from waiting longer each time.
RUN = ["--profile", "slurm", "scores", "--slurm-init-seconds-before-status-checks", "3"]
OUTAGE_S = 30

pytestmark = pytest.mark.skipif(slurm.why_not() is not None, reason=str(slurm.why_not()))


@pytest.fixture(scope="module")
def cluster():
    with slurm.alone():
        yield


@pytest.fixture(scope="module")
def undisturbed(cluster, tmp_path_factory) -> Path:
    """A small exp1, with its page, made by jobs alone."""
    project = copies.copy_project(tmp_path_factory.mktemp("slurm").resolve() / "project")
    copies.shrink(project)
    copies.edit(project / "config/experiments.yaml", _few_models)
    done = copies.snakemake(project, "--profile", "slurm", "exp1", *RUN[3:])
    assert done.returncode == 0, done.stderr[-5000:]
    return project


def _few_models(experiments):
    left_out = {"challenger": None, "rival": None, "paired_claims": []}
    experiments["exp1"] |= {"models": MODELS, "reference_model": MODEL} | left_out


@pytest.fixture
def project(undisturbed, tmp_path):
    """A copy in which the model is still to be trained, drawn and scored."""
    project = copies.without(undisturbed, tmp_path.resolve() / "project", MODEL)
    yield project
    slurm.end(project)


@pytest.fixture(scope="module")
def held(undisturbed, tmp_path_factory):
    """Such a copy and its run, which is minutes over its time while other faults are tested."""
    folder = tmp_path_factory.mktemp("held").resolve()
    project = copies.without(undisturbed, folder / "project", MODEL)
    ask(project, training_minutes=1)
    run = start(project)
    training(project).suspend()  # as one that waits for a disk: SLURM ends it after the minute
    yield project, run
    slurm.end(project)


def start(project: Path) -> subprocess.Popen:
    """The run in the background, but one that hears Ctrl-C even where the tests do not."""
    return subprocess.Popen(
        ["snakemake", *RUN],
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        cwd=project,
        # Not at the pace of `slurm.environment`: while the plugin asks for states it cancels none.
        env=copies.environment(),
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=open(project / "run.log", "a"),
    )


def ask(project: Path, **amounts: float) -> None:
    """Give trainings these limits at their first attempt."""
    copies.edit(
        project / "config/default.yaml",
        lambda defaults: defaults["budgets"]["tiny"]["resources"].update(amounts),
    )


def message(project: Path) -> str:
    return (project / "run.log").read_text()


def training(project: Path) -> psutil.Process:
    """The step that trains in this folder, once it has saved its state."""
    state = project / f"results/tiny/perfect/state/{MODEL}"
    slurm.wait_for(lambda: any(state.rglob("*.ckpt")), "a training state")
    return next(
        process
        for process in psutil.process_iter(["cwd", "cmdline"])
        if process.info["cwd"] == str(project)
        and (process.info["cmdline"] or [])[1:3] == ["-m", "downbench.steps.train"]
    )


def assert_same_scores(project: Path, undisturbed: Path) -> None:
    assert copies.scores(project) == copies.scores(undisturbed)


def assert_resumed(project: Path) -> None:
    log = (project / f"logs/train_bayesian/tiny/perfect/{MODEL}.log").read_text()
    assert "Restored all states from the checkpoint" in log


def test_jobs_go_where_they_belong(undisturbed):
    jobs = slurm.jobs(undisturbed)
    assert {job["JobState"] for job in jobs} == {"COMPLETED"}
    assert len(jobs) <= 3 * len(MODELS) + 10
    networks = [job for job in jobs if re.search(r"(train|sample)_bayesian", job["StdOut"])]
    assert [job["Partition"] for job in networks] == ["gpu", "gpu"]
    assert all("gpu:1" in job["TresPerJob"] for job in networks)
    others = [job for job in jobs if job not in networks]
    assert {job["Partition"] for job in others} == {"cpu"}
    assert not any("TresPerJob" in job for job in others)
    assert (undisturbed / "results/tiny/report/index.html").exists()


@pytest.mark.usefixtures("held")
def test_a_failed_rule_stops_no_other_and_tells_why(undisturbed, project):
    for folder in ("models", "ensembles", "scores"):
        shutil.rmtree(project / "results/tiny/perfect" / folder / "climatology")
    broken = project / "workflow/downbench/labs/bayesian/mc_dropout.py"
    sound = broken.read_text()
    broken.write_text(sound + '\nraise SystemExit("broken on purpose")\n')
    failed = slurm.snakemake(project, *RUN, "--retries", "0")
    assert failed.returncode != 0
    assert "broken on purpose" in failed.stderr + failed.stdout
    assert (project / "results/tiny/perfect/scores/climatology/perfect/test.csv").exists()
    broken.write_text(sound)
    assert copies.planned(project, "scores") == dict.fromkeys(
        ["train_bayesian", "sample_bayesian", "score_density", "evaluate", "compare"], 1
    )
    again = slurm.snakemake(project, *RUN)
    assert again.returncode == 0, again.stderr[-3000:]
    assert_same_scores(project, undisturbed)


def test_a_job_over_its_memory_gets_more(undisturbed, project):
    ask(project, training_memory_gb=0.5)
    run = start(project)
    assert run.wait(slurm.PATIENCE_S) == 0, message(project)[-3000:]
    jobs = slurm.of_rule(project, "train_bayesian")
    assert jobs[0]["JobState"] in ("FAILED", "OUT_OF_MEMORY")  # the latter where cgroups fence it
    assert jobs[-1]["JobState"] == "COMPLETED"
    assert [job["MinMemoryNode"] for job in jobs] == ["500M", "1000M"]
    assert_same_scores(project, undisturbed)


def test_a_cancelled_job_is_tried_again(undisturbed, project):
    run = start(project)
    training(project)
    job = slurm.of_rule(project, "train_bayesian")[0]["JobId"]
    slurm.call("scancel", job)
    assert run.wait(slurm.PATIENCE_S) == 0, message(project)[-3000:]
    jobs = slurm.of_rule(project, "train_bayesian")
    assert [job["JobState"] for job in jobs] == ["CANCELLED", "COMPLETED"]
    assert_resumed(project)
    assert_same_scores(project, undisturbed)


def test_snakemake_interrupted(undisturbed, project):
    run = start(project)
    training(project)
    os.kill(run.pid, signal.SIGINT)
    assert run.wait(slurm.PATIENCE_S) != 0
    assert slurm.last_states(project, "train_") == ["CANCELLED"]
    finish(project, undisturbed)
    assert_resumed(project)


def test_snakemake_terminated(undisturbed, project):
    run = start(project)
    training(project)
    os.kill(run.pid, signal.SIGTERM)
    assert run.wait(slurm.PATIENCE_S) != 0
    assert slurm.last_states(project, "train_") == ["COMPLETED"]
    assert not (project / f"results/tiny/perfect/ensembles/{MODEL}").exists()
    finish(project, undisturbed)


def test_snakemake_killed(undisturbed, project):
    run = start(project)
    training(project)
    recover(project, run)
    finish(project, undisturbed)
    assert_resumed(project)


def recover(project: Path, run: subprocess.Popen) -> None:
    """What docs/workflow.md says: end the orphaned jobs by the id of their run, then unlock."""
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    run_id = re.findall(r"SLURM run ID: (\S+)", message(project))[-1]
    slurm.call("scancel", "--name", run_id)
    slurm.wait_for(lambda: not slurm.call("squeue", "-h", "--name", run_id), "the jobs' end")
    for profile in ("slurm", "profiles/local"):
        assert "--unlock" in copies.snakemake(project, "--profile", profile, "scores").stderr
    assert copies.snakemake(project, "--unlock").returncode == 0


def finish(project: Path, undisturbed: Path) -> None:
    again = slurm.snakemake(project, *RUN)
    assert again.returncode == 0, again.stderr[-3000:]
    assert_same_scores(project, undisturbed)


def test_a_job_over_its_time_resumes_with_more(undisturbed, held):
    project, run = held
    assert run.wait(slurm.PATIENCE_S) == 0, message(project)[-3000:]
    jobs = slurm.of_rule(project, "train_bayesian")
    assert (jobs[0]["JobState"], jobs[-1]["JobState"]) == ("TIMEOUT", "COMPLETED")
    assert [job["TimeLimit"] for job in jobs[:2]] == ["00:01:00", "00:02:00"]
    assert_resumed(project)
    assert_same_scores(project, undisturbed)


def test_a_node_daemon_that_restarts_loses_no_job(undisturbed, project):
    run = start(project)
    training(project)
    slurm.stop("slurmd")
    slurm.start("slurmd")
    assert run.wait(slurm.PATIENCE_S) == 0, message(project)[-3000:]
    assert len(slurm.of_rule(project, "train_bayesian")) == 1
    assert_same_scores(project, undisturbed)


def test_half_a_minute_without_any_status(undisturbed, project):
    run = start(project)
    training(project)
    slurm.stop("slurmctld")
    time.sleep(OUTAGE_S)
    slurm.start("slurmctld")
    if slurm.accounts():
        assert run.wait(slurm.PATIENCE_S) == 0, message(project)[-3000:]
        assert_same_scores(project, undisturbed)
    else:  # the plugin turns to sacct, gets no answer, and forgets its jobs: docs/cluster.md
        recover(project, run)
        finish(project, undisturbed)
