"""The command `downbench`: what it runs, prints and refuses."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from downbench.commands import pages, plan, workflow_calls
from downbench.commands.app import app
from downbench.core.errors import UserError
from downbench.dag.job_costs import JobCost, minutes
from downbench.dag.planned_jobs import PlannedJob
from downbench.dag.reference_costs import ANOTHER_MACHINE

ROOT = Path(__file__).parents[3]
LOCAL = ["--profile", "profiles/local"]


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch):
    monkeypatch.chdir(ROOT)


@pytest.fixture
def calls(monkeypatch):
    """Command lines that the process becomes; each of them ends with status 3."""
    commands = []

    def execv(path, command):
        assert path == sys.executable
        commands.append(command)
        raise SystemExit(3)

    monkeypatch.setattr(os, "execv", execv)
    return commands


@pytest.mark.parametrize(
    ("words", "call"),
    [
        ("exp1", ["exp1", *LOCAL]),
        ("exp1 exp2 -n", ["exp1", "exp2", *LOCAL, "--dry-run"]),
        (
            "exp1 --region iberia --budget tiny -C seed=2 --cores 4",
            ["exp1", *LOCAL, "--cores", "4", "--config", "region=iberia", "budget=tiny", "seed=2"],
        ),
        ("exp1 --profile slurm", ["exp1", "--profile", "slurm"]),
        ("exp1 --forcerun evaluate", ["exp1", *LOCAL, "--forcerun", "evaluate"]),
        ("results/a/target.zarr", ["results/a/target.zarr", *LOCAL]),
    ],
)
def test_run_prints_the_call_of_snakemake_and_has_its_exit_status(words, call, calls):
    result = CliRunner().invoke(app, ["run", *words.split()])
    assert result.exit_code == 3
    assert calls == [[sys.executable, "-m", "snakemake", *call]]
    assert f"+ snakemake {' '.join(call)}" in result.stderr


@pytest.mark.parametrize(
    ("words", "step", "passed"),
    [
        (["evaluate", "e.nc", "t.nc"], "evaluate",
         ["--ensemble", "e.nc", "--reference", "t.nc", "--scores", "scores.csv"]),
        (["add", "e.nc", "--name", "mine", "--write"], "add_ensemble",
         ["e.nc", "--name", "mine", "--write"]),
        (["add", "--help"], "add_ensemble", ["--help"]),
        (["validate-submission", "e.nc", "--json"], "validate_submission", ["e.nc", "--json"]),
    ],
)  # fmt: skip
def test_steps_get_their_words(words, step, passed, monkeypatch):
    arguments = []
    module = SimpleNamespace(main=arguments.extend)
    monkeypatch.setitem(sys.modules, f"downbench.steps.{step}", module)
    monkeypatch.setattr(f"downbench.steps.{step}", module, raising=False)
    assert CliRunner().invoke(app, words).exit_code == 0
    assert arguments == passed


def test_an_unknown_target_is_refused_with_those_that_exist(calls):
    result = CliRunner().invoke(app, ["run", "exp4"])
    assert isinstance(result.exception, UserError) and calls == []
    assert "did you mean 'exp3'? choose one of exp1, exp2, exp3, all" in str(result.exception)


@pytest.mark.parametrize("words", ["--forcerun write_report exp1", "-k exp1"])
def test_options_before_the_experiment_are_refused(words, calls):
    result = CliRunner().invoke(app, ["run", *words.split()])
    assert isinstance(result.exception, UserError) and calls == []
    assert f"downbench run exp1 {words.split()[0]} …" in str(result.exception)


def test_another_folder_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match="change to the folder of the project"):
        workflow_calls.targets()


def test_values_are_yaml_as_for_snakemake():
    values = workflow_calls.values("iberia", None, ["seed=2", "data_dir=a=b"])
    assert values == {"region": "iberia", "seed": 2, "data_dir": "a=b"}


def test_the_address_of_a_page_or_what_exists(tmp_path):
    folder = tmp_path / "iberia/report"
    folder.mkdir(parents=True)
    defaults = {"results_dir": str(tmp_path), "region": "iberia"}
    with pytest.raises(UserError, match="downbench run exp1"):
        pages.address(defaults, None, "index", None)
    (folder / "exp2.html").touch()
    assert pages.address(defaults, None, "exp2", None) == f"file://{folder}/exp2.html"
    with pytest.raises(UserError, match="--page exp2"):
        pages.address(defaults, "iberia", "index", None)


def test_a_plan_says_what_is_left_and_what_was_never_measured(monkeypatch):
    job = PlannedJob("evaluate", {"region": "a"}, (), Path("b"), 0, 2000, 10)
    jobs = [job, job, PlannedJob("train", {"region": "a"}, (), Path("c"), 1, 3000, 10)]
    costs = {"evaluate": JobCost(60, 120, 500, 200), "train": None}
    monkeypatch.setattr(plan, "planned_jobs", lambda *arguments, remaining: jobs)
    monkeypatch.setattr(plan, "expected", lambda job: (costs[job.rule], "a"))
    monkeypatch.setattr(plan, "granted_cores", lambda: 2)
    text = "\n".join(plan.lines(["exp1"], {}))
    assert "3: 2 evaluate, 1 train" in text
    assert "about 2 min on this machine (2 cores)" in text
    assert "400 MB" in text and "5 GB for the 2 largest jobs" in text
    assert "1 of the jobs have never run and are" in text
    monkeypatch.setattr(plan, "planned_jobs", lambda *arguments, remaining: [])
    assert list(plan.lines(["exp1"], {})) == ["nothing to run: all results exist"]


def test_a_plan_of_costs_of_another_machine_names_no_earlier_runs(monkeypatch):
    job = PlannedJob("evaluate", {"region": "a"}, (), Path("b"), 0, 2000, 10)
    cost = JobCost(60, 120, 500, 200)
    monkeypatch.setattr(plan, "planned_jobs", lambda *arguments, remaining: [job])
    monkeypatch.setattr(plan, "expected", lambda job: (cost, ANOTHER_MACHINE))
    text = "\n".join(plan.lines(["exp1"], {}))
    assert "1 of the jobs have not run here" in text and "earlier runs" not in text
    monkeypatch.setattr(plan, "expected", lambda job: (cost, "a"))
    text = "\n".join(plan.lines(["exp1"], {}))
    assert "have not run here" not in text and "earlier runs" in text


def test_the_longest_job_bounds_the_time():
    costs = [JobCost(600, 600, 0, 0), JobCost(1, 1, 0, 0)]
    assert minutes(costs, 8) == 10
    assert minutes(costs[:1], 8) == 10


def test_a_job_that_waits_for_files_keeps_a_core():
    assert minutes([JobCost(600, 60, 0, 0)] * 4, 2) == 20


def test_help_imports_nothing_heavy():
    heavy = "{'torch', 'numpy', 'pandas', 'xarray', 'snakemake', 'pydantic'}"
    code = f"import sys, downbench.commands.app; print({heavy} & sys.modules.keys())"
    environment = os.environ | {"PYTHONPATH": str(ROOT / "workflow")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


def test_scores_are_not_replaced_unasked(tmp_path, monkeypatch):
    table = tmp_path / "scores.csv"
    table.write_text("earlier")
    called = []
    monkeypatch.setattr("downbench.steps.evaluate.main", called.append)
    words = ["evaluate", "a.nc", "b.nc", "--scores", str(table)]
    refused = CliRunner().invoke(app, words)
    assert isinstance(refused.exception, UserError) and "--overwrite" in str(refused.exception)
    assert not called
    assert CliRunner().invoke(app, [*words, "--overwrite"]).exit_code == 0 and called
