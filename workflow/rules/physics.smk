# Tolerances of the laws reach this rule alone: changing one scores no ensemble again.
EVALUATION_WITH_LAWS = verbatim(canonical(PROJECT.evaluation, exclude={"shift"}))


rule check_physics:
    """Check one ensemble against physical laws: table, daily values, and maps of violations."""
    input:
        ensemble="<results>/{region}/{trained_on}/ensembles/{model}/{driver}/{split}.zarr",
        reference="<results>/{region}/target.zarr",
        series="<results>/{region}/drivers/{driver}.zarr",
        # Not read: what hangs together is one job on a cluster, and this takes seconds.
        scores=ancient(rules.evaluate.output.scores),
    output:
        table="<results>/{region}/{trained_on}/scores/{model}/{driver}/{split}-physics.csv",
        maps="<results>/{region}/{trained_on}/scores/{model}/{driver}/{split}-physics.nc",
    log:
        "<logs>/check_physics/{region}/{trained_on}/{model}/{driver}/{split}.log",
    benchmark:
        "<benchmarks>/check_physics/{region}/{trained_on}/{model}/{driver}/{split}.tsv"
    group:
        with_its_scores
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        abreast=side_by_side(NEEDS.scoring_memory_gb),
        mem=gigabytes(NEEDS.scoring_memory_gb),
        runtime=minutes(NEEDS.scoring_minutes),
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


rule check_warming:
    """How much heavier one model's heavy rain is in a later period, over the warming between."""
    input:
        earlier="<results>/{region}/{trained_on}/ensembles/{model}/{before}/{start}.zarr",
        later="<results>/{region}/{trained_on}/ensembles/{model}/{driver}/{split}.zarr",
        earlier_driver="<results>/{region}/drivers/{before}.zarr",
        later_driver="<results>/{region}/drivers/{driver}.zarr",
        reference="<results>/{region}/target.zarr",
    output:
        table="<results>/{region}/{trained_on}/warming/{model}/{before}/{start}/{driver}/{split}.csv",
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
        mem=gigabytes(2),
        runtime=minutes(20),
    params:
        evaluation=EVALUATION_WITH_LAWS,
        code=code_version("downbench.steps.check_warming"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.check_warming"
        " --earlier {input.earlier}"
        " --later {input.later}"
        " --earlier-driver {input.earlier_driver}"
        " --later-driver {input.later_driver}"
        " --reference {input.reference}"
        " --evaluation {params.evaluation:q}"
        " --table {output.table}"
        " > {log} 2>&1"
