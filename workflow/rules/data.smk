rule prepare_target:
    """Generate or read the fine target series of the region, and check it."""
    input:
        files=data.target_files,
    output:
        sums=paths.sums(paths.TARGET),
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
        region=data.inputs,
        code=data.target_code,
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.prepare_target"
        " --region {params.region:q}"
        " --target {output.target:q}"
        " > {log:q} 2>&1"
