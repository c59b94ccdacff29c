rule score_climate:
    """Climate of one ensemble beside the truth's: distributions and indices, no pairs of days."""
    input:
        ensemble="<results>/{region}/{trained_on}/ensembles/{model}/{driver}/climate.zarr",
        reference="<results>/{region}/target.zarr",
    output:
        scores="<results>/{region}/{trained_on}/climate/{model}/{driver}.csv",
        fields="<results>/{region}/{trained_on}/climate/{model}/{driver}.nc",
    log:
        "<logs>/score_climate/{region}/{trained_on}/{model}/{driver}.log",
    benchmark:
        "<benchmarks>/score_climate/{region}/{trained_on}/{model}/{driver}.tsv"
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        mem="8GB",
        runtime="2h",
    params:
        evaluation=EVALUATION,
        code=code_version("downbench.steps.score_climate"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.score_climate"
        " --ensemble {input.ensemble}"
        " --reference {input.reference}"
        " --evaluation {params.evaluation:q}"
        " --scores {output.scores}"
        " --fields {output.fields}"
        " > {log} 2>&1"
