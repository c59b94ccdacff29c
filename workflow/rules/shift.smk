# Settings of the shift reach this rule alone: changing one scores no ensemble again.
EVALUATION_OF_SHIFT = verbatim(canonical(PROJECT.evaluation, exclude={"physics"}))


rule measure_shift:
    """How far one driver is from the training driver: each predictor, all together, each day."""
    input:
        target="<results>/{region}/target.zarr",
        training="<results>/{region}/drivers/{trained_on}.zarr",
        series="<results>/{region}/drivers/{driver}.zarr",
    output:
        table="<results>/{region}/shift/{trained_on}/{driver}.csv",
        days="<results>/{region}/shift/{trained_on}/{driver}-days.nc",
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
        abreast=1,
        mem=gigabytes(1),
        runtime=minutes(10),
    params:
        region=REGION,
        evaluation=EVALUATION_OF_SHIFT,
        code=code_version("downbench.steps.measure_shift"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.measure_shift"
        " --region {params.region:q}"
        " --evaluation {params.evaluation:q}"
        " --target {input.target}"
        " --trained-on {wildcards.trained_on}"
        " --training {input.training}"
        " --driver-name {wildcards.driver}"
        " --driver {input.series}"
        " --table {output.table}"
        " --days {output.days}"
        " > {log} 2>&1"
