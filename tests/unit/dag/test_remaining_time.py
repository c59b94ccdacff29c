"""When a run is expected to end: at its start, and again while it runs."""

import logging
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from snakemake_interface_logger_plugins.common import LogEvent

from downbench.dag import reference_costs
from downbench.dag.job_costs import JobCost
from downbench.dag.remaining_time import (
    RemainingTime,
    RemainingTimeHandler,
    start_lines,
    time_and_end,
)
from downbench.dag.short_commands import SNAKEMAKE

NOON = datetime(2000, 1, 1, 12)


def job(number, rule, model="unet", minutes=None, region="tiny"):
    if minutes is not None:
        path = f"benchmarks/{rule}/{region}/perfect/{model}.tsv"
        write_benchmark(path, minutes)
    return Job(
        jobid=number,
        rule=SimpleNamespace(name=rule),
        output=(),
        wildcards_dict={"region": region, "model": model},
        resources=SimpleNamespace(get={}.get, mem_mb=1, runtime=1),
        threads=1,
        attempt=1,
        restart_times=0,
        benchmark=f"benchmarks/{rule}/{region}/perfect/{model}.tsv",
    )


def write_benchmark(path, minutes):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(f"s\tmax_rss\tcpu_time\n{minutes * 60}\t10\t{minutes * 120}\n")


class Job(SimpleNamespace):
    """A job that can be a key, as those of Snakemake."""

    __hash__ = object.__hash__


def dag_of(*jobs):
    """A graph in which each job waits for the one before it."""
    depending = {job: {later: set()} for job, later in pairwise(jobs)}

    def bfs(_, *some):
        for one in some:
            yield from jobs[jobs.index(one) :]

    return SimpleNamespace(jobs=jobs, needrun_jobs=lambda: jobs, bfs=bfs, depending=depending)


@pytest.fixture(autouse=True)
def in_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def restored_handlers():
    logger = logging.getLogger(SNAKEMAKE)
    before = list(logger.handlers)
    yield
    logger.handlers = before


def start_line(*jobs, cores=2, budget="b"):
    return next(start_lines(dag_of(*jobs), cores, budget), None)


def test_at_the_start_the_end_is_expected_from_earlier_runs():
    unet, target = job(1, "train_baselines", minutes=15), Job(jobid=2, benchmark=None)
    line = start_line(unet, target)
    assert line.startswith("expected: 15 min, until ")
    assert line.endswith(", from earlier runs, of any budget (jobs: 1)")
    assert start_line(unet, cores=None) is None  # on a cluster


def test_the_start_line_counts_what_was_measured_where(monkeypatch):
    costs = {("b", "evaluate", "unet"): (60, 1, 1)}
    monkeypatch.setattr(reference_costs, "_table", lambda: costs)
    new = job(2, "evaluate", region="synthetic")
    assert start_line(new).endswith("from runs on another machine (jobs: 1)")
    line = start_line(job(1, "train_baselines", minutes=15), new)
    assert line.endswith("of any budget (jobs: 1) and runs on another machine (jobs: 1)")


def test_jobs_of_unknown_duration_are_named_as_not_included():
    unet, new = job(1, "train_baselines", minutes=15), job(2, "evaluate")
    others = [job(3, "download", minutes=1), new]
    besides = "expected: 15 min besides downloads (1) and jobs that never ran (1), from"
    assert start_line(unet, *others).startswith(besides)
    assert start_line(*others) is None


def test_an_end_on_another_day_has_its_date():
    assert time_and_end(15.2, NOON) == "15 min, until 12:15"
    assert time_and_end(0.1, NOON) == "1 min, until 12:01"
    assert time_and_end(1500, NOON) == "25 h, until 2000-01-02 13:00"


class Run:
    """A run of jobs of some minutes, and its clock."""

    def __init__(self, cores=1, minutes=(10, 2, 4), independent=True, others=()):
        self.minutes = 0.0
        dag = dag_of(*(job(number, "evaluate", str(number)) for number in range(len(minutes))))
        if independent:
            dag.depending = {}
        costs = {n: JobCost(60 * m, 60 * m, 1, 1) for n, m in enumerate(minutes)}
        self.remaining = RemainingTime(
            dag, cores, costs, dict(others), clock=lambda: 60 * self.minutes
        )

    def event(self, event, **attributes):
        record = logging.makeLogRecord({"event": event, **attributes})
        return list(self.remaining.lines(record))

    def finish(self, number, done):
        assert self.event(LogEvent.JOB_FINISHED, job_id=number) == []
        return self.event(LogEvent.PROGRESS, done=done, total=4)


def test_the_pace_is_that_of_finished_jobs():
    run = Run()
    run.minutes = 60  # downloads
    assert run.remaining.left() == 16
    run.event(LogEvent.JOB_INFO, jobid=0)
    run.minutes = 65
    assert run.remaining.left() == pytest.approx(11)  # half of the first job
    run.minutes = 80
    assert run.remaining.text() == "at least 6 min"  # 20 min instead of 10
    [line] = run.finish(0, done=1)
    assert line.startswith("1 of 4 steps; left: 11 min, until ")
    assert run.remaining.left() == pytest.approx(6 * 22 / 12)


def test_short_jobs_before_a_long_one_change_no_pace():
    run = Run(cores=16, minutes=(20, 180), independent=False)
    assert run.remaining.left() == 200
    run.event(LogEvent.JOB_INFO, jobid=0)
    run.minutes = 20
    run.finish(0, done=1)
    assert run.remaining.left() == pytest.approx(180)


def test_a_chain_of_jobs_bounds_the_time():
    assert Run(cores=16, independent=False).remaining.left() == 16
    assert Run(cores=16).remaining.left() == 10


def test_a_download_is_no_longer_named_when_it_is_over():
    run = Run(others={7: "download"})
    assert run.remaining.text() == "16 min besides downloads (1)"
    run.finish(7, done=1)
    assert run.remaining.text().startswith("16 min, until ")


def test_lines_come_every_few_minutes_and_after_long_jobs():
    run = Run()
    run.event(LogEvent.JOB_INFO, jobid=1)
    run.minutes = 0.5
    assert run.finish(1, done=1) == []
    run.event(LogEvent.JOB_INFO, jobid=2)
    run.minutes = 1.6
    assert len(run.finish(2, done=2)) == 1
    assert run.event(LogEvent.PROGRESS, done=2, total=4) == []
    run.minutes = 4
    assert len(run.event(LogEvent.PROGRESS, done=2, total=4)) == 1
    assert len(run.finish(0, done=3)) == 0  # nothing that has a cost is left


def test_a_failed_job_and_those_that_wait_for_it_are_not_waited_for():
    run = Run()
    run.event(LogEvent.JOB_INFO, jobid=1)
    run.minutes = 5
    run.event(LogEvent.JOB_ERROR, jobid=1)
    assert run.remaining.left() == 10


def test_a_job_that_is_tried_again_is_waited_for():
    run = Run()
    run.event(LogEvent.JOB_INFO, jobid=1)
    run.minutes = 5
    run.remaining.dag.jobs[1].restart_times = 1
    run.event(LogEvent.JOB_ERROR, jobid=1)
    run.event(LogEvent.JOB_INFO, jobid=1)
    assert run.remaining.left() == 16


def test_an_error_in_the_messages_does_not_stop_the_run(capsys):
    logger = logging.Logger("snakemake")
    logger.addHandler(RemainingTimeHandler(Run().remaining))
    logger.info("", extra={"event": LogEvent.JOB_INFO})  # without its number
    assert "further messages are left out" in capsys.readouterr().err
