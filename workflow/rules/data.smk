rule prepare_target:
    """Make or read the fine target series of the region, and check it."""
    input:
        files=files_of_target,
    output:
        target=directory("<results>/{region}/target.zarr"),
    log:
        "<logs>/prepare_target/{region}.log",
    benchmark:
        "<benchmarks>/prepare_target/{region}.tsv"
    conda:
        "../../envs/data.yaml"
    threads: 2
    resources:
        mem=gigabytes(2),
        runtime=minutes(10),
    params:
        region=PLACE,
        code=code_version("downbench.steps.prepare_target", PROJECT.region.target.module),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.prepare_target"
        " --region {params.region:q}"
        " --target {output.target}"
        " > {log} 2>&1"
