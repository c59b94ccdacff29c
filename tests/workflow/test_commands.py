"""The commands that the documentation promises, typed as they stand there."""

import json
import os
import re
import subprocess
import sys

import pytest
import yaml

import copies

HEAVY = ("torch", "xarray", "matplotlib")


@pytest.mark.parametrize("experiment", ["exp1", "exp2"])
def test_slurm_profile_plans_the_experiment_without_slurm(pristine, experiment):
    done = copies.snakemake(pristine, "--profile", "slurm", experiment, "-n")
    assert done.returncode == 0, done.stderr
    assert "train_generative" in done.stdout
    assert "gpu=1" in done.stdout
    assert ("check_physics" in done.stdout) == (experiment == "exp2")


def test_the_slurm_symlink_points_to_the_profile(pristine):
    assert os.readlink(pristine / "slurm") == "profiles/slurm"
    assert copies.snakemake(pristine, "--profile", "profiles/slurm", "exp1", "-n").returncode == 0


@pytest.mark.parametrize("experiment", ["exp1", "exp2"])
def test_local_profile_plans_every_model_and_figure(pristine, experiment):
    done = copies.snakemake(pristine, "--profile", "profiles/local", experiment, "-n")
    assert done.returncode == 0, done.stderr
    wanted = yaml.safe_load((pristine / "config/experiments.yaml").read_text())[experiment]
    for model in wanted["models"]:
        assert f"results/synthetic/perfect/models/{model}\n" in done.stdout
    for figure in wanted["figures"]:
        assert f"results/synthetic/figures/{experiment}/perfect/{figure}.pdf" in done.stdout


@pytest.mark.parametrize("target", ["exp2", "scores", "verify", "all"])
def test_targets_need_no_profile(pristine, target):
    done = copies.snakemake(pristine, target, "-n")
    assert done.returncode == 0, done.stderr
    assert "train_bayesian" in done.stdout and "models/corrdiff-phy" in done.stdout


def test_figures_without_scores_compute_none(pristine):
    done = copies.snakemake(pristine, "figures", "-n")
    assert done.returncode == 0, done.stderr
    assert "exp1: left out all figures" in done.stderr
    assert not {"draw_figure", "evaluate", "train_baselines"} & set(done.stdout.split())


def test_a_real_run_needs_neither_profile_nor_cores(pristine, tmp_path):
    project = copies.copy_project(tmp_path / "project")
    copies.shrink(project)
    folder = "it's (a) run & more"
    target = f"{folder}/tiny/target.zarr"
    done = copies.snakemake(project, target, "--config", f"results_dir={folder}/")
    assert done.returncode == 0, done.stderr
    assert f"Provided cores: {len(os.sched_getaffinity(0))}" in done.stderr
    assert (project / target / "zarr.json").is_file()


def test_a_clone_runs_its_own_steps_whatever_is_installed(pristine, tmp_path):
    project = copies.copy_project(tmp_path / "project")
    copies.shrink(project)
    step = project / "workflow/downbench/steps/prepare_target.py"
    step.write_text('raise SystemExit("the step of this clone")')
    done = copies.snakemake(project, "--profile", "profiles/local", "results/tiny/target.zarr")
    assert done.returncode != 0
    assert "the step of this clone" in done.stderr


@pytest.mark.parametrize("experiment", ["exp1", "exp2", "exp3"])
def test_rulegraph_is_the_committed_picture(pristine, experiment):
    done = copies.snakemake(pristine, experiment, "--rulegraph", "dot")
    assert done.returncode == 0, done.stderr
    rules = dict(re.findall(r'^\s*(\d+)\[label = "(\w+)"', done.stdout, re.MULTILINE))
    arrows = re.findall(r"^\s*(\d+) -> (\d+)", done.stdout, re.MULTILINE)
    committed = (pristine / f"docs/{experiment}-dag.svg").read_text()
    boxes = dict(re.findall(r"<title>(\d+)</title>.*?<text[^>]*>(\w+)<", committed, re.DOTALL))
    lines = re.findall(r"<title>(\d+)&#45;&gt;(\d+)</title>", committed)
    assert sorted(boxes.values()) == sorted(rules.values()), "make dag"
    assert by_name(lines, boxes) == by_name(arrows, rules), "make dag"


def by_name(arrows, rules):
    return sorted((rules[start], rules[end]) for start, end in arrows)


@pytest.mark.parametrize("region", ["iberia", "alps-radar"])
def test_real_regions_plan_once_their_files_are_there(pristine, tmp_path, region):
    section = yaml.safe_load((pristine / f"config/regions/{region}.yaml").read_text())
    for path in section["origins"]:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    given = [f"region={region}", f"data_dir={tmp_path}"]
    done = copies.snakemake(
        pristine, "--profile", "profiles/local", "exp1", "-n", "--config", *given
    )
    assert done.returncode == 0, done.stderr
    for driver in section["trained_on"]:
        assert f"results/{region}/{driver}/models/corrdiff\n" in done.stdout
    inputs = " ".join(re.findall(r"^    input: (.*)$", done.stdout, re.MULTILINE))
    # A file that is replaced makes its series again; experiment 3 alone reads the others.
    for path in section["origins"]:
        later = any(word in path for word in ("cmip5", "cordex", "stations"))
        assert (str(tmp_path / path) in inputs) != later
    assert "oracle" not in done.stdout
    lawful = copies.snakemake(pristine, "exp2", "-n", "--config", *given)
    assert lawful.returncode == 0, lawful.stderr
    drawn = set(re.findall(rf"figures/exp2/{driver}/([a-z-]+)\.png", lawful.stdout))
    assert {"violations-sharpness", "rapsd-constrained"} <= drawn
    assert not {"budget-residual", "rain-without-moisture"} & drawn  # no budget there
    assert ("clausius-clapeyron" in drawn) == (len(section["targets"]) > 1)


def test_figures_and_report_show_the_first_split(pristine, tmp_path):
    project = copies.copy_project(tmp_path / "project")
    copies.edit(
        project / "config/experiments.yaml", lambda e: e["exp1"].update(splits=["warm", "test"])
    )
    report = copies.snakemake(project, "exp1", "-n", "--printshellcmds").stdout
    inputs = re.search(r"steps\.write_report.* --inputs '(.*?)'", report)
    comparison = json.loads(inputs[1])["comparison"]
    assert list(comparison) == ["perfect"]
    assert comparison["perfect"].endswith("/exp1/perfect/warm.csv")
    assert "/test.csv" not in report and "perfect/warm-maps.nc" in report
    scored = copies.snakemake(project, "scores", "-n").stdout
    assert "/exp1/perfect/test.csv" in scored and "/exp1/perfect/warm.csv" in scored


def test_absent_data_are_named_with_their_origin(pristine, tmp_path):
    given = ["region=iberia", f"data_dir={tmp_path}"]
    done = copies.snakemake(pristine, "--profile", "profiles/local", "exp1", "--config", *given)
    assert done.returncode != 0
    assert "iberia/eobs_025deg_djf.nc (from E-OBS" in done.stderr
    assert "--config data_dir=FOLDER" in done.stderr
    assert "Traceback" not in done.stderr and "File " not in done.stderr


def test_parsing_imports_nothing_heavy(pristine):
    code = (
        "import sys; from snakemake.cli import main\n"
        "try: main(['exp1', '-n'])\n"
        "except SystemExit: pass\n"
        f"import json; print(json.dumps([m for m in {HEAVY} if m in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=pristine,
        env=copies.environment(),
        capture_output=True,
        text=True,
    )
    assert "train_bayesian" in done.stdout, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []


def test_snakemake_finds_nothing_to_lint(pristine):
    done = copies.snakemake(pristine, "--lint")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (["region=iberja"], ["region 'iberja'", "did you mean 'iberia'"]),
        (["budget=demmo"], ["budget 'demmo'", "did you mean 'demo'"]),
        (["regoin=iberia"], ["regoin = 'iberia'", "did you mean 'region'"]),
        (["seed=-1"], ["seed = -1", "greater than or equal to 0"]),
    ],
)
def test_a_wrong_choice_stops_with_one_message(pristine, wrong, message):
    done = copies.snakemake(pristine, "--profile", "slurm", "exp1", "-n", "--config", *wrong)
    assert done.returncode != 0
    lines = [line for line in done.stderr.splitlines() if not line.startswith("Using profile")]
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("error: config/default.yaml or --config: ")
    for words in message:
        assert words in lines[0]
