"""Costs of jobs from benchmark files, and the tables of `make estimate` and `make resources`."""

from dataclasses import replace
from pathlib import Path

import pytest

from downbench.core.errors import UserError
from downbench.dag import reference_costs
from downbench.dag.job_costs import JobCost, expected, measured
from downbench.dag.planned_jobs import PlannedJob
from downbench.steps import estimate, resources

HEADER = "s\th:m:s\tmax_rss\tcpu_time\n"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def job(rule="evaluate", model="unet", region="synthetic", split="test", gpu=0):
    return PlannedJob(
        rule=rule,
        wildcards={"region": region, "model": model, "split": split},
        outputs=(Path(f"results/{region}/{model}/{split}.csv"),),
        benchmark=Path(f"benchmarks/{rule}/{region}/{model}/{split}.tsv"),
        gpu=gpu,
        mem_mb=2000,
        runtime_min=10,
    )


def run(job, *runs):
    """Write the benchmark file of a job that ran with (wall s, MB, core s), and its output."""
    for path in (job.benchmark, *job.outputs):
        path.parent.mkdir(parents=True, exist_ok=True)
    lines = (f"{wall}\t-\t{memory}\t{core}\n" for wall, memory, core in runs)
    job.benchmark.write_text(HEADER + "".join(lines))
    job.outputs[0].write_bytes(b"x" * 3000)
    return job


def test_the_highest_of_several_runs_is_the_cost_of_a_job():
    cost = measured(run(job(), (60, 500, 50), (120, 400, 100)))
    assert cost == JobCost(wall_s=120, core_s=100, memory_mb=500, stored_mb=0.003)
    assert measured(job(split="warm")) is None


def test_a_first_run_is_expected_to_cost_what_it_did_on_another_machine(monkeypatch):
    costs = {("demo", "evaluate", "unet"): (30.0, 500.0, 2.0)}
    monkeypatch.setattr(reference_costs, "_table", lambda: costs)
    first = replace(job(), budget="demo")
    assert expected(first) == (JobCost(30, 30, 500, 2), "synthetic, on another machine")
    assert expected(replace(first, threads=3))[0].wall_s == 10
    assert expected(replace(first, budget="large")) == (None, "")
    assert expected(replace(job(region="iberia"), budget="demo")) == (None, "")
    run(job(split="warm"), (60, 400, 50))
    assert expected(first)[0].core_s == 50  # of this machine


def test_the_table_of_another_machine_can_be_read():
    assert reference_costs.reference_cost("demo", "train_generative", "corrdiff")[0] > 0
    assert reference_costs.reference_cost("demo", "sample_nothing", "") is None


def test_a_job_too_short_to_measure_has_no_memory():
    assert measured(run(job(), (1, "NA", "NA"))) == JobCost(1, 0, 0, 0.003)


def test_a_line_that_was_cut_off_has_what_it_has():
    target = run(job())
    target.benchmark.write_text(HEADER + "60\t-")
    assert measured(target) == JobCost(60, 0, 0, 0.003)
    target.benchmark.write_text("s\n60\n")
    assert measured(target).wall_s == 60


def test_a_folder_counts_with_all_its_files():
    target = run(job(), (1, 1, 1))
    target.outputs[0].unlink()
    (target.outputs[0] / "c").mkdir(parents=True)
    (target.outputs[0] / "c/0").write_bytes(b"x" * 500)
    assert measured(target).stored_mb == pytest.approx(0.0005)


def test_a_job_is_expected_to_cost_the_median_of_its_rule_and_model():
    for split, seconds in (("test", 10), ("warm", 20), ("train", 90)):
        run(job(split=split), (seconds, 1, seconds))
    run(job(model="bcsd"), (1000, 1, 1000))
    cost, region = expected(job(split="climate"))
    assert (cost.wall_s, region) == (20, "synthetic")


def test_another_region_is_the_substitute_and_is_named():
    run(job(), (10, 1, 10))
    planned = job(region="iberia")
    cost, region = expected(planned)
    assert (cost.core_s, cost.stored_mb, region) == (10, 0.003, "synthetic")
    assert estimate.notes([planned], [(cost, region)]) == [
        "measured in region synthetic: evaluate unet"
    ]


def test_the_region_itself_is_preferred():
    run(job(region="alps"), (99, 1, 99))
    run(job(region="iberia"), (10, 1, 10))
    assert expected(job(region="iberia", split="warm"))[1] == "iberia"


def test_a_job_that_was_never_measured_is_named():
    assert expected(job()) == (None, "")
    assert "never measured" in estimate.notes([job()], [(None, "")])[0]


def test_an_estimate_adds_the_jobs_of_each_rule():
    jobs = [job(), job(split="warm"), job(rule="train_generative", gpu=2)]
    costs = [JobCost(3600, 7200, 1, 500), None, JobCost(1800, 3600, 1, 1000)]
    table = estimate.table(jobs, costs)
    assert list(table.loc["evaluate", ["jobs", "measured"]]) == [2, 1]
    assert list(table.loc["all", ["core-hours", "GPU-hours", "disk GB"]]) == [3, 1, 1.5]


def test_requests_are_compared_with_the_highest_use():
    costs = [(job(), JobCost(60, 60, 500, 0)), (job(model="corrdiff"), JobCost(30, 60, 1000, 0))]
    table = resources.table(costs)
    assert len(table) == 1
    row = table.iloc[0]
    assert (row["jobs"], row["MB requested"], row["used"], row["x"]) == (2, 2000, 1000, 2)
    assert (row["min requested"], row["used "], row["x "]) == (10, 1, 10)
    assert row["cores in use"] == 2


def test_resources_without_benchmark_files_say_so(monkeypatch):
    monkeypatch.setattr(resources, "planned_jobs", lambda targets, config: [job()])
    with pytest.raises(UserError, match="no benchmark files of exp1: run `snakemake exp1` first"):
        resources.main([])
