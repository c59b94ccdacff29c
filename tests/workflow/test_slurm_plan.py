"""What the SLURM profile would submit: how many jobs, where, and with which resources."""

import re

import pytest
import yaml

import copies

RULE = re.compile(r"^( *)rule (\w+):\n((?:\1    .*\n)*)", re.MULTILINE)
NETWORKS = ["unet", "unet-dressed", "bnn-dropout", "corrdiff"]


def submitted(project, *arguments) -> list[list[dict[str, str]]]:
    """Jobs of a dry run; each is a list of its steps with the lines that Snakemake shows."""
    done = copies.snakemake(project, "--profile", "slurm", *arguments, "-n")
    assert done.returncode == 0, done.stderr
    blocks = re.split(r"^\[.*\]", done.stdout, flags=re.MULTILINE)[1:]
    jobs = [[_step(*rule[1:]) for rule in RULE.findall(block)] for block in blocks]
    local = local_rules(project)
    return [job for job in jobs if job and job[0]["wildcards"] and job[0]["rule"] not in local]


def _step(rule: str, lines: str) -> dict[str, str]:
    keys = dict(line.strip().split(": ", 1) for line in lines.splitlines())
    resources = dict(item.split("=", 1) for item in keys["resources"].split(", "))
    return {"rule": rule, "wildcards": keys.get("wildcards"), **resources}


def local_rules(project) -> set[str]:
    """Rules that the submitting host runs itself; a dry run does not show them."""
    files = [project / "Snakefile", *(project / "workflow/rules").glob("*.smk")]
    parts = [
        part for file in files for part in re.split(r"^ *rule ?", file.read_text(), flags=re.M)
    ]
    return {part.split(":")[0] for part in parts if "localrule: True" in part}


def test_exp1_submits_few_jobs(pristine):
    models = yaml.safe_load((pristine / "config/experiments.yaml").read_text())["exp1"]["models"]
    jobs = submitted(pristine, "exp1")
    data = 3  # target, driver, other outcomes of the target
    assert len(jobs) == data + (len(models) - len(NETWORKS)) + 3 * len(NETWORKS)
    assert len(jobs) <= 3 * len(models) + 10
    light = [job for job in jobs if len(job) > 1]
    assert {tuple(step["rule"] for step in job) for job in light} == {
        ("evaluate", "sample_baselines", "train_baselines"),
        ("evaluate", "sample_baselines", "score_density", "train_baselines"),  # the oracle
        ("evaluate", "score_density"),
    }


def test_steps_of_seconds_share_jobs_in_exp3(pristine):
    """All steps of a light model and of a correction, the climates of a network's change."""
    jobs = [{step["rule"] for step in job} for job in submitted(pristine, "exp3")]
    assert len(jobs) <= 55
    for rule in ("measure_shift", "fit_correction", "sample_pseudo_reality"):
        assert sum(rule in job for job in jobs) == 1, rule
    assert {"fit_correction", "correct_driver"} in jobs
    assert {"score_climate", "measure_change"} in jobs
    light = {"train_baselines", "sample_baselines", "evaluate", "score_climate", "measure_change"}
    assert jobs.count(light | {"score_stations"}) == 2  # interpolation and BCSD


def test_a_group_works_on_few_steps_at_a_time(pristine):
    """Otherwise it would ask for the memory and the processors of all of its steps together."""
    profile = yaml.safe_load((pristine / "profiles/slurm/profile.v9+.yaml").read_text())
    assert "slots=4" in profile["resources"]
    shared = [job for job in submitted(pristine, "exp3") if len(job) > 1]
    steps = [step for job in shared for step in job if step["rule"] != "train_baselines"]
    assert steps and {step.get("slots") for step in steps} == {"1"}


def test_networks_alone_ask_for_an_accelerator(pristine):
    steps = [step for job in submitted(pristine, "exp1") for step in job]
    asking = {(s["rule"].split("_")[0], s["wildcards"]) for s in steps if s.get("gpu") == "1"}
    models = [re.search(r"model=([a-z-]+)", wildcards)[1] for _, wildcards in asking]
    assert sorted(models) == sorted(2 * NETWORKS)
    assert {verb for verb, _ in asking} == {"train", "sample"}


def test_a_model_with_shared_weights_asks_for_no_accelerator_to_copy_them(pristine):
    steps = [step for job in submitted(pristine, "exp2") for step in job]
    asking = {(s["rule"], s["wildcards"]) for s in steps if s.get("gpu") == "1"}
    rules = {rule for rule, wildcards in asking if "model=corrdiff-guided" in wildcards}
    assert rules == {"sample_generative"}
    assert not any("model=corrdiff-hard" in wildcards for _, wildcards in asking)


@pytest.mark.parametrize("target", ["all", "verify"])
def test_a_further_attempt_gets_more_memory_and_time(pristine, target):
    first, second = (
        {(s["rule"], s["wildcards"]): s for job in submitted(pristine, *arguments) for s in job}
        for arguments in ([target], [target, "--attempt", "2"])
    )
    assert first.keys() == second.keys() and first
    for step, resources in first.items():
        assert float(second[step]["mem_mb"]) == 2 * float(resources["mem_mb"]), step
        assert float(second[step]["runtime"]) == 2 * float(resources["runtime"]), step


def test_a_larger_budget_asks_for_more(pristine):
    demo, large = (
        {s["wildcards"]: s for job in submitted(pristine, "exp3", *arguments) for s in job}
        for arguments in ([], ["--config", "budget=large"])
    )
    training = next(key for key in demo if "model=bnn-dropout" in key and "split" not in key)
    climate = "region=synthetic, trained_on=perfect, model=bnn-dropout, driver=gcm-historical"
    for key in ("mem_mb", "runtime"):
        for job in (training, climate):
            assert float(large[job][key]) > float(demo[job][key]), job


@pytest.mark.parametrize("budget", ["demo", "standard", "large"])
def test_the_last_attempt_still_fits_the_partitions(pristine, budget):
    """If none fits, the plugin takes SLURM's default, which may have no accelerator."""
    folder = pristine / "profiles/slurm"
    profile = yaml.safe_load((folder / "profile.v9+.yaml").read_text())
    partitions = yaml.safe_load((folder / "partitions.yaml").read_text())["partitions"]
    slots = int(dict(r.split("=") for r in profile["resources"])["slots"])
    last = ["all", "--attempt", str(profile["retries"] + 1), "--config", f"budget={budget}"]
    jobs = submitted(pristine, *last)
    assert jobs
    for job in jobs:
        for step in job:
            most = partitions["gpu" if "gpu" in step else "cpu"]
            parallel = slots // int(step.get("slots", slots)) if len(job) > 1 else 1
            assert parallel * float(step["mem_mb"]) <= most["max_mem_mb"], step
            assert float(step["runtime"]) <= most["max_runtime"], step
            assert int(step.get("gpu", 0)) <= most.get("max_gpu", 0), step


def test_retries_and_partitions_are_set_only_in_the_profile(pristine):
    rules = "".join(path.read_text() for path in (pristine / "workflow/rules").glob("*.smk"))
    for word in ("retries:", "slurm_partition", "slurm_account", "constraint="):
        assert word not in rules, word
    profile = yaml.safe_load((pristine / "profiles/slurm/profile.v9+.yaml").read_text())
    assert profile["retries"] >= 1
    assert "set-resources" not in profile and "slurm-array-jobs" not in profile
    assert not (pristine / "profiles/default").exists()
