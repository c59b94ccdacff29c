rule check_physics:
    """Check one ensemble against physical laws: table and maps of violations."""
    input:
        ensemble=ancient(paths.ENSEMBLE),
        reference=ancient(paths.TARGET),
        series=ancient(paths.DRIVER),
        sums=paths.sums(paths.ENSEMBLE, paths.TARGET, paths.DRIVER),
        # Not read: it makes both steps, of seconds each, one job on a cluster.
        scores=ancient(rules.evaluate.output.scores),
    output:
        table=paths.PHYSICS_TABLE,
        maps=paths.PHYSICS_MAPS,
    log:
        "<logs>/check_physics/{region}/{trained_on}/{model}/{driver}/{split}.log",
    benchmark:
        "<benchmarks>/check_physics/{region}/{trained_on}/{model}/{driver}/{split}.tsv"
    group:
        groups.scores
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        slots=jobs.slots(jobs.budget.scoring_memory_gb),
        mem=jobs.gigabytes(jobs.budget.scoring_memory_gb),
        runtime=jobs.minutes(jobs.budget.scoring_minutes),
    params:
        evaluation=parameters.evaluation_of_laws,
        code=code_version("downbench.steps.check_physics"),
        expected=expected.ensemble,
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.check_physics"
        " --ensemble {input.ensemble:q}"
        " --expected {params.expected:q}"
        " --reference {input.reference:q}"
        " --driver {input.series:q}"
        " --evaluation {params.evaluation:q}"
        " --table {output.table:q}"
        " --maps {output.maps:q}"
        " > {log:q} 2>&1"


rule check_warming:
    """Measure the increase of heavy rain per kelvin of warming between two runs of a model."""
    input:
        earlier=ancient(paths.fill(paths.ENSEMBLE, driver="{before}", split="{start}")),
        later=ancient(paths.ENSEMBLE),
        earlier_driver=ancient(paths.fill(paths.DRIVER, driver="{before}")),
        later_driver=ancient(paths.DRIVER),
        reference=ancient(paths.TARGET),
        sums=paths.sums(
            paths.fill(paths.ENSEMBLE, driver="{before}", split="{start}"),
            paths.ENSEMBLE,
            paths.fill(paths.DRIVER, driver="{before}"),
            paths.DRIVER,
            paths.TARGET,
        ),
    output:
        table=paths.WARMING,
    log:
        "<logs>/check_warming/{region}/{trained_on}/{model}/{before}/{start}/{driver}/{split}.log",
    benchmark:
        "<benchmarks>/check_warming/{region}/{trained_on}/{model}/{before}/{start}/{driver}/{split}.tsv"
    wildcard_constraints:
        before=one_of(PROJECT.region.drivers),
        start=one_of([*SPLITS, CLIMATE]),
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        mem=jobs.gigabytes(2),
        runtime=jobs.minutes(20),
    params:
        evaluation=parameters.evaluation_of_laws,
        code=code_version("downbench.steps.check_warming"),
        expected=expected.periods,
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.check_warming"
        " --earlier {input.earlier:q}"
        " --later {input.later:q}"
        " --earlier-driver {input.earlier_driver:q}"
        " --later-driver {input.later_driver:q}"
        " --reference {input.reference:q}"
        " --expected {params.expected:q}"
        " --evaluation {params.evaluation:q}"
        " --table {output.table:q}"
        " > {log:q} 2>&1"
