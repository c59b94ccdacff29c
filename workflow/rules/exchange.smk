rule verify_bundle:
    """Check a bundle as another lab would: hashes, schema, and the golden outputs again."""
    input:
        bundle=paths.BUNDLE,
    output:
        proof=paths.BUNDLE_CHECK,
    log:
        "<logs>/verify_bundle/{region}/{trained_on}/{model}.log",
    benchmark:
        "<benchmarks>/verify_bundle/{region}/{trained_on}/{model}.tsv"
    localrule: True
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem=jobs.gigabytes(2),
        runtime=jobs.minutes(10),
    params:
        code=models.code("downbench.steps.verify_bundle"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.verify_bundle {input.bundle:q}"
        " --proof {output.proof:q} > {log:q} 2>&1"
