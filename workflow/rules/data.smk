rule prepare_target:
    """Make or read the fine target series of the region, and check it."""
    input:
        files=data.target_files,
    output:
        target=directory(paths.TARGET),
    log:
        "<logs>/prepare_target/{region}.log",
    benchmark:
        "<benchmarks>/prepare_target/{region}.tsv"
    conda:
        "../../envs/data.yaml"
    threads: 2
    resources:
        mem=jobs.gigabytes(2),
        runtime=jobs.minutes(10),
    params:
        region=data.place,
        code=code_version(
            "downbench.steps.prepare_target", f"downbench.sources.{PROJECT.region.source}.source"
        ),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.prepare_target"
        " --region {params.region:q}"
        " --target {output.target}"
        " > {log} 2>&1"
