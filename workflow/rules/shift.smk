rule measure_shift:
    """Measure predictor shift: a driver's distance from the training driver, by variable and day."""
    input:
        target=ancient(paths.TARGET),
        training=ancient(paths.TRAINING_DRIVER),
        series=ancient(paths.DRIVER),
        sums=paths.sums(paths.TARGET, paths.TRAINING_DRIVER, paths.DRIVER),
    output:
        table=paths.SHIFT_TABLE,
        days=paths.SHIFT_DAYS,
    log:
        "<logs>/measure_shift/{region}/{trained_on}/{driver}.log",
    benchmark:
        "<benchmarks>/measure_shift/{region}/{trained_on}/{driver}.tsv"
    group:
        "shift"
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        slots=1,
        mem=jobs.gigabytes(1),
        runtime=jobs.minutes(10),
    params:
        region=data.section,
        evaluation=parameters.evaluation_of_shift,
        code=code_version("downbench.steps.measure_shift"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.measure_shift"
        " --region {params.region:q}"
        " --evaluation {params.evaluation:q}"
        " --target {input.target:q}"
        " --trained-on {wildcards.trained_on:q}"
        " --training {input.training:q}"
        " --driver-name {wildcards.driver:q}"
        " --driver {input.series:q}"
        " --table {output.table:q}"
        " --days {output.days:q}"
        " > {log:q} 2>&1"
