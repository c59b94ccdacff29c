# Tolerances of the laws reach this rule alone: changing one scores no ensemble again.
EVALUATION_WITH_LAWS = verbatim(canonical(PROJECT.evaluation))


rule check_physics:
    """Check one ensemble against physical laws: table, daily values, and maps of violations."""
    input:
        ensemble="<results>/{region}/{trained_on}/ensembles/{model}/{driver}/{split}.zarr",
        reference="<results>/{region}/target.zarr",
        series="<results>/{region}/drivers/{driver}.zarr",
    output:
        table="<results>/{region}/{trained_on}/scores/{model}/{driver}/{split}-physics.csv",
        maps="<results>/{region}/{trained_on}/scores/{model}/{driver}/{split}-physics.nc",
    log:
        "<logs>/check_physics/{region}/{trained_on}/{model}/{driver}/{split}.log",
    benchmark:
        "<benchmarks>/check_physics/{region}/{trained_on}/{model}/{driver}/{split}.tsv"
    group:
        with_its_model(is_drawing)
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        mem=gigabytes(2),
        runtime=minutes(20),
    params:
        evaluation=EVALUATION_WITH_LAWS,
        code=code_version("downbench.steps.check_physics"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.check_physics"
        " --ensemble {input.ensemble}"
        " --reference {input.reference}"
        " --driver {input.series}"
        " --evaluation {params.evaluation:q}"
        " --table {output.table}"
        " --maps {output.maps}"
        " > {log} 2>&1"
