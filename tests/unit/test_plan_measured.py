"""What benchmark files say of jobs: worst runs, claims beside them, and costs for estimates."""

import re
from pathlib import Path

import pytest

from downbench.core.config.loading import load
from downbench.core.errors import UserError
from downbench.steps import measure_costs, resources
from downbench.steps.plan import measured, sizes
from downbench.steps.plan.jobs import Job
from downbench.steps.plan.measured import Used

ROOT = Path(__file__).parents[2]
HEADER = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"
PLACES = {"region": "synthetic", "trained_on": "perfect", "driver": "perfect", "split": "test"}


def job(folder: Path, rule: str, model: str, *runs: tuple[float, float, float]) -> Job:
    """A job that has run, each time with (wall s, MB, core s), and left a file of 3000 bytes."""
    benchmark, output = folder / f"{rule}-{model}.tsv", folder / f"{rule}-{model}.out"
    lines = (f"{s}\t-\t{mb}\t0\t0\t0\t0\t0\t0\t{cpu}\n" for s, mb, cpu in runs)
    if runs:
        benchmark.write_text(HEADER + "".join(lines))
        output.write_bytes(b"x" * 3000)
    claims = {"gpu": 0, "mem_mb": 2000, "runtime_min": 10}
    return Job(rule, False, None, benchmark, (output,), PLACES | {"model": model}, **claims)


def test_the_worst_run_counts_and_what_has_not_run_is_left_out(tmp_path):
    done = job(tmp_path, "evaluate", "unet", (60, 500, 50), (120, 400, 100))
    (found,) = measured.used([done, job(tmp_path, "evaluate", "bcsd")])
    assert found == Used(done, wall_s=120, cpu_s=100, memory_mb=500, stored_mb=0.003)


def test_folders_count_with_all_that_is_in_them(tmp_path):
    made = job(tmp_path, "prepare_target", "unet", (1, 1, 1))
    made.outputs[0].unlink()
    (made.outputs[0] / "c").mkdir(parents=True)
    (made.outputs[0] / "c/0").write_bytes(b"x" * 500)
    assert measured.used([made])[0].stored_mb == pytest.approx(0.0005)


def test_claims_stand_beside_the_worst_of_their_jobs(tmp_path):
    two = [
        job(tmp_path, "evaluate", "unet", (60, 500, 60)),
        job(tmp_path, "evaluate", "corrdiff", (30, 1000, 60)),
    ]
    table = resources.table(measured.used(two))
    assert len(table) == 1
    row = table.iloc[0]
    assert (row["jobs"], row["MB claimed"], row["used"], row["x"]) == (2, 2000, 1000, 2)
    assert (row["min claimed"], row["used "], row["x "]) == (10, 1, 10)
    assert row["cores busy"] == 2


def test_a_cost_gives_back_what_was_measured(tmp_path):
    project = load({"region": "synthetic", "budget": "demo"}, ROOT)
    them = measured.used([job(tmp_path, "evaluate", "corrdiff", (9, 500, 8))])
    cost = measure_costs._cost(them, project, {"evaluate": 2.0})
    work = sizes.size(them[0].job, project).work
    assert cost.start_s + cost.unit_s * work == pytest.approx(8, rel=0.01)
    assert cost.stored_mb == pytest.approx(0.003)


def test_without_benchmark_files_both_say_so(monkeypatch, tmp_path):
    absent = [job(tmp_path, "evaluate", "unet")]
    monkeypatch.setattr("downbench.steps.plan.jobs.planned", lambda call: absent)
    monkeypatch.chdir(ROOT)
    for step in (resources, measure_costs):
        with pytest.raises(UserError, match="no benchmark files of exp1: run it first"):
            step.main([])


def test_every_rule_starts_a_step_that_exists():
    """Also rules that are taken from another, such as score_climate_pseudo_reality."""
    files = set((ROOT / "workflow/rules").glob("*.smk")) - {ROOT / "workflow/rules/targets.smk"}
    text = "".join(path.read_text() for path in files)
    rules = re.findall(r"^rule (\w+):$|^use rule \w+ as (\w+) with:$", text, flags=re.MULTILINE)
    names = [plain or taken for plain, taken in rules]
    assert {"score_climate_pseudo_reality", "train_generative", "sample_pseudo_reality"} <= set(
        names
    )
    found = {name: measure_costs._step(name) for name in names}
    assert {found["score_climate_pseudo_reality"], found["sample_pseudo_reality"]} == {
        "score_climate",
        "sample_pseudo_reality",
    }
    assert all((measure_costs.STEPS / f"{step}.py").is_file() for step in found.values())
