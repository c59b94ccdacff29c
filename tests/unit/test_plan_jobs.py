"""Jobs, groups and claims as a dry-run prints them."""

import textwrap
from pathlib import Path

from downbench.steps.plan import jobs

PRINTED = """\
Building DAG of jobs...

[Wed Nov 25 13:36:51 2026]
rule prepare_target:
    output: results/a/target.zarr
    log: logs/prepare_target/a.log
    benchmark: benchmarks/prepare_target/a.tsv
    reason: Forced execution
    wildcards: region=a
    resources: tmpdir=/tmp, mem_mb=2000, mem=2 GB, mem_mib=1908, disk_mb=<TBD>, runtime=10
[Wed Nov 25 13:36:51 2026]
rule train_baselines:
    input: results/a/target.zarr
    output: results/a/perfect/models/unet
    benchmark: benchmarks/train_baselines/a/perfect/unet.tsv
    wildcards: region=a, trained_on=perfect, model=unet
    resources: tmpdir=/tmp, mem_mb=3000, mem=3 GB, runtime=720, gpu=4, nodes=1, mpi=srun
[Wed Nov 25 13:36:51 2026] Group job model-bcsd (jobs in lexicogr. order):

    [Wed Nov 25 13:36:51 2026]
    rule evaluate:
        output: scores.csv, scores-maps.nc
        benchmark: benchmarks/evaluate/a/perfect/bcsd/perfect/test.tsv
        wildcards: region=a, trained_on=perfect, model=bcsd, driver=perfect, split=test
        resources: tmpdir=/tmp, mem_mb=1000, mem=1 GB, runtime=10
    [Wed Nov 25 13:36:51 2026]
    rule train_baselines:
        output: results/a/perfect/models/bcsd
        benchmark: benchmarks/train_baselines/a/perfect/bcsd.tsv
        wildcards: region=a, trained_on=perfect, model=bcsd
        resources: tmpdir=/tmp, mem_mb=2000, mem=2 GB, runtime=20, gpu=0
[Wed Nov 25 13:36:51 2026]
rule draw_figure:
    output: a.png, a.pdf
    benchmark: benchmarks/draw_figure/a.tsv
    wildcards: region=a, figure=rapsd
    resources: tmpdir=/tmp, mem_mb=1000, mem=1 GB, runtime=10
[Wed Nov 25 13:36:51 2026]
rule exp1:
    input: a.png
    jobid: 0
    reason: Forced execution
    resources: tmpdir=/tmp, mem_mb=2000, mem=2 GB, runtime=30

Job stats:
job                  count
-----------------  -------
prepare_target           1
"""


def test_every_job_but_the_target_is_read():
    found = jobs.read(PRINTED)
    rules = [job.rule for job in found]
    wanted = ["prepare_target", "train_baselines", "evaluate", "train_baselines", "draw_figure"]
    assert rules == wanted
    network = found[1]
    assert (network.gpu, network.mem_mb, network.runtime_min) == (4, 3000, 720)
    assert network.wildcards == {"region": "a", "trained_on": "perfect", "model": "unet"}
    assert network.benchmark == Path("benchmarks/train_baselines/a/perfect/unet.tsv")
    assert found[2].outputs == (Path("scores.csv"), Path("scores-maps.nc"))


def test_parts_of_a_group_that_do_not_hang_together_are_submitted_apart():
    start = PRINTED.index("[Wed Nov 25 13:36:51 2026] Group job")
    end = PRINTED.index("[Wed Nov 25 13:36:51 2026]\nrule draw_figure")
    twice = PRINTED[:end] + PRINTED[start:]
    assert len(jobs.submitted(jobs.read(twice))) == len(jobs.submitted(jobs.read(PRINTED))) + 1


def test_jobs_of_a_group_are_submitted_once_and_local_ones_never():
    found = jobs.read(PRINTED, local={"draw_figure"})
    assert [job.group for job in found] == [None, None, "model-bcsd 1", "model-bcsd 1", None]
    assert len(jobs.submitted(found)) == 3
    assert len(jobs.submitted(jobs.read(PRINTED))) == 4


def test_local_rules_are_found_in_their_files():
    text = textwrap.dedent("""\
        rule one:
            \"\"\"Docs.\"\"\"
            input:
                "a",
            localrule: True
            threads: 1


        rule two:
            input:
                "b",


        rule three:
            localrule: True
        """)
    assert jobs.LOCAL.findall(text) == ["one", "three"]
