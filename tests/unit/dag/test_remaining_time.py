"""When a run is expected to end: at its start, and again while it runs."""

import logging
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from snakemake_interface_logger_plugins.common import LogEvent

from downbench.dag import reference_costs
from downbench.dag.job_costs import JobCost
from downbench.dag.remaining_time import (
    RemainingTime,
    RemainingTimeHandler,
    announced,
    until,
)
from downbench.dag.short_commands import SNAKEMAKE

NOON = datetime(2000, 1, 1, 12)


def job(number, rule, model="unet", minutes=None):
    if minutes is not None:
        path = f"benchmarks/{rule}/tiny/perfect/{model}.tsv"
        write_benchmark(path, minutes)
    return SimpleNamespace(
        jobid=number,
        rule=SimpleNamespace(name=rule),
        output=(),
        wildcards_dict={"region": "tiny", "model": model},
        resources=SimpleNamespace(get={}.get, mem_mb=1, runtime=1),
        benchmark=f"benchmarks/{rule}/tiny/perfect/{model}.tsv",
    )


def write_benchmark(path, minutes):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(f"s\tmax_rss\tcpu_time\n{minutes * 60}\t10\t{minutes * 120}\n")


def dag_of(*jobs):
    """A graph in which each job waits for the one before it."""

    def bfs(_, *some):
        for one in some:
            yield from jobs[jobs.index(one) :]

    return SimpleNamespace(jobs=jobs, needrun_jobs=lambda: jobs, bfs=bfs, depending=None)


@pytest.fixture(autouse=True)
def in_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def restored_handlers():
    logger = logging.getLogger(SNAKEMAKE)
    before = list(logger.handlers)
    yield
    logger.handlers = before


def test_at_the_start_the_end_is_expected_from_earlier_runs(monkeypatch):
    unet, new = job(1, "train_baselines", minutes=15), job(2, "evaluate")
    target = SimpleNamespace(benchmark=None)
    line = next(announced(dag_of(unet, new, target), 2, ""))
    assert line.startswith("expected: 15 min, until ")
    assert line.endswith("from earlier runs, of any budget, of 1 of the 2 jobs")
    monkeypatch.setattr(reference_costs, "_table", lambda: {("b", "evaluate", "unet"): (60, 1, 1)})
    line = next(announced(dag_of(unet, new), 2, "b"))
    assert line.endswith("from runs on another machine of 2 of the 2 jobs")
    waiting = dag_of(unet, job(3, "download"))
    assert "besides 1 downloads, from" in next(announced(waiting, 2, ""))
    assert list(announced(dag_of(new), 2, "")) == []
    assert list(announced(dag_of(unet), None, "")) == []  # on a cluster


def test_an_end_on_another_day_has_its_date():
    assert until(15.2, NOON) == "15 min, until 12:15"
    assert until(0.1, NOON) == "1 min, until 12:01"
    assert until(1500, NOON) == "25 h, until 2000-01-02 13:00"


class Run:
    """A run of three jobs of 10, 2 and 4 minutes on one core, and its clock."""

    def __init__(self):
        self.minutes = 0.0
        self.jobs = [job(number, "evaluate", str(number)) for number in range(3)]
        costs = {n: JobCost(60 * m, 60 * m, 1, 1) for n, m in enumerate((10, 2, 4))}
        self.remaining = RemainingTime(dag_of(*self.jobs), 1, costs, lambda: 60 * self.minutes)

    def event(self, event, **attributes):
        record = logging.makeLogRecord({"event": event, **attributes})
        return list(self.remaining.lines(record))

    def finish(self, number, done):
        assert self.event(LogEvent.JOB_FINISHED, job_id=number) == []
        return self.event(LogEvent.PROGRESS, done=done, total=4)


def test_the_pace_of_the_run_counts():
    run = Run()
    run.event(LogEvent.JOB_INFO, jobid=0)
    run.minutes = 5
    assert run.remaining.paced() == pytest.approx(11)  # as expected: half of the first job
    run.minutes = 20
    assert run.remaining.paced() == pytest.approx(6 * 22 / 12)  # 20 min instead of 10
    [line] = run.finish(0, done=1)
    assert line.startswith("1 of 4 steps; left: 11 min, until ")


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
    run.event(LogEvent.JOB_ERROR, jobid=1)
    assert run.remaining.left() == 10


def test_an_error_in_the_messages_does_not_stop_the_run(capsys):
    logger = logging.Logger("snakemake")
    logger.addHandler(RemainingTimeHandler(Run().remaining))
    logger.info("", extra={"event": LogEvent.JOB_INFO})  # without its number
    assert "further messages are left out" in capsys.readouterr().err
